"""ShuffleNet v2 1.0x (Ma et al. 2018) for lines: split, convolve one half, concatenate, shuffle.

Stages and repeats as published; height falls once in every stage, 32 to 1. All branches of a stage
share one width, as the paper's first guideline wants, but each may keep its own channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from penjing.models.backbones import classifier, register
from penjing.models.backbones.staged import Block, Stage, Staged
from penjing.models.blocks import ConvBN, margin, shuffle
from penjing.models.groups import Channels, Wires, shuffled

# A stage's width is that of one branch.
IMAGES = (Stage(58, 4, (2, 2)), Stage(116, 8, (2, 2)), Stage(232, 4, (2, 2)))
LINES = (
    Stage(58, 4, (2, 1)),
    Stage(116, 8, (2, 1), kernel=(1, 3)),
    Stage(232, 4, (2, 1), first=(2, 3), kernel=(1, 3)),
)


def _widths(stages: Sequence[Stage], last: int) -> dict[str, int]:
    widths = {"stem": 24}
    for i, stage in enumerate(stages, 2):
        widths[f"stage{i}"] = stage.width
        widths.update({f"stage{i}.unit{k}": stage.width for k in range(1, stage.repeats + 1)})
    return {**widths, "last": last}


class Branch(nn.Sequential):
    """1x1, depthwise, 1x1."""

    def __init__(
        self,
        inputs: int,
        inner: int,
        outputs: int,
        kernel: tuple[int, int],
        stride: int | tuple[int, int] = 1,
    ) -> None:
        super().__init__()
        self.reduce = ConvBN(inputs, inner, 1)
        self.depthwise = ConvBN(
            inner, inner, kernel, stride, depthwise=True, act=False, padding=margin(kernel)
        )
        self.expand = ConvBN(inner, outputs, 1)

    def wire(self, wires: Wires, x: Channels, stage: str, name: str, copy: int) -> Channels:
        y = wires.conv_bn(self.depthwise, wires.conv_bn(self.reduce, x, f"{stage}.{name}"))
        return wires.conv_bn(self.expand, y, stage, copy)


class Stride(Block):
    """The first unit of a stage: both branches see all channels and stride."""

    def __init__(
        self,
        inputs: int,
        inner: int,
        width: int,
        kernel: tuple[int, int],
        stride: int | tuple[int, int],
    ) -> None:
        super().__init__()
        self.depthwise = ConvBN(
            inputs, inputs, kernel, stride, depthwise=True, act=False, padding=margin(kernel)
        )
        self.expand = ConvBN(inputs, width, 1)
        self.branch = Branch(inputs, inner, width, kernel, stride)

    def forward(self, x: Tensor) -> Tensor:
        return shuffle(torch.cat([self.expand(self.depthwise(x)), self.branch(x)], 1), 2)

    def wire(self, wires: Wires, x: Channels, stage: str, name: str) -> Channels:
        left = wires.conv_bn(self.expand, wires.conv_bn(self.depthwise, x), stage)
        return shuffled(left + self.branch.wire(wires, x, stage, name, copy=1), 2)


class Unit(Block):
    """The other units: one half of the channels passes, the other goes through the branch.

    ``copy`` numbers the branches of the stage, each of which keeps channels of its own.
    """

    def __init__(self, inner: int, width: int, kernel: tuple[int, int], copy: int) -> None:
        super().__init__()
        self.copy = copy
        self.branch = Branch(width, inner, width, kernel)

    def forward(self, x: Tensor) -> Tensor:
        passing, other = x.chunk(2, 1)
        return shuffle(torch.cat([passing, self.branch(other)], 1), 2)

    def wire(self, wires: Wires, x: Channels, stage: str, name: str) -> Channels:
        half = len(x) // 2
        made = self.branch.wire(wires, x[half:], stage, name, self.copy)
        return shuffled(x[:half] + made, 2)


@register("shufflenet_v2")
class ShuffleNetV2(Staged):
    CHANNELS: ClassVar[Mapping[str, int]] = _widths(LINES, last=512)

    def __init__(
        self, channels: Mapping[str, int], stages: Sequence[Stage] = LINES, planes: int = 1
    ) -> None:
        super().__init__(channels, planes)
        self.pool = nn.MaxPool2d(3, 2, 1)
        inputs = channels["stem"]
        for i, stage in enumerate(stages, 2):
            width = channels[f"stage{i}"]
            inner = [channels[f"stage{i}.unit{k}"] for k in range(1, stage.repeats + 1)]
            units = nn.Sequential()
            units.add_module("unit1", Stride(inputs, inner[0], width, stage.first, stage.stride))
            for k in range(2, stage.repeats + 1):
                units.add_module(f"unit{k}", Unit(inner[k - 1], width, stage.kernel, copy=k))
            self.stages[f"stage{i}"] = units
            inputs = 2 * width
        self.last = ConvBN(inputs, channels["last"], 1)
        self.outputs = channels["last"]

    @classmethod
    def published(cls) -> nn.Module:
        return classifier(cls(_widths(IMAGES, last=1024), IMAGES, planes=3))
