"""ShuffleNet v1 (Zhang et al. 2017) for lines: grouped 1x1 convolutions and a channel shuffle.

Units and repeats as published for two groups. Height falls once in every stage, 32 to 1.

Only the bottlenecks inside the units can be cut. The shortcuts are concatenated with what each
stage adds and then read by grouped convolutions, so that all stages could only shrink together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from penjing.models.backbones import classifier, register
from penjing.models.backbones.staged import Block, Stage, Staged
from penjing.models.blocks import ConvBN, margin, shuffle
from penjing.models.groups import FIXED, Channels, Wires, shuffled

IMAGES = (Stage(240, 4, (2, 2)), Stage(480, 8, (2, 2)), Stage(960, 4, (2, 2)))
IMAGES_GROUPS = 3
LINES = (
    Stage(200, 4, (2, 1)),
    Stage(400, 8, (2, 1), kernel=(1, 3)),
    Stage(800, 4, (2, 1), first=(2, 3), kernel=(1, 3)),
)
LINES_GROUPS = 2  # its shuffle makes four parts, so that every multiple of eight can be cut


def _widths(stages: Sequence[Stage]) -> dict[str, int]:
    widths = {"stem": 24}
    for i, stage in enumerate(stages, 2):
        widths[f"stage{i}"] = stage.width
        widths.update({f"stage{i}.unit{k}": stage.width // 4 for k in range(1, stage.repeats + 1)})
    return widths


class Unit(Block):
    """Grouped 1x1 to a bottleneck, shuffle, depthwise, grouped 1x1 back, with a shortcut.

    A unit with a stride pools its input by averages and concatenates it; the others add it.
    ``groups`` are those of the first 1x1 and of the second.
    """

    def __init__(
        self,
        inputs: int,
        inner: int,
        outputs: int,
        groups: tuple[int, int],
        kernel: tuple[int, int],
        stride: int | tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        reading, self.groups = groups
        padding = margin(kernel)
        self.reduce = ConvBN(inputs, inner, 1, groups=reading)
        self.depthwise = ConvBN(
            inner, inner, kernel, stride or 1, depthwise=True, act=False, padding=padding
        )
        added = outputs - inputs if stride else outputs
        self.expand = ConvBN(inner, added, 1, groups=self.groups, act=False)
        self.shortcut = nn.AvgPool2d(kernel, stride, padding) if stride else None

    def forward(self, x: Tensor) -> Tensor:
        y = self.expand(self.depthwise(shuffle(self.reduce(x), self.groups)))
        if self.shortcut is None:
            return F.relu(x + y)
        return F.relu(torch.cat([self.shortcut(x), y], 1))

    def wire(self, wires: Wires, x: Channels, stage: str, name: str) -> Channels:
        y = shuffled(wires.conv_bn(self.reduce, FIXED, f"{stage}.{name}"), self.groups)
        return wires.conv_bn(self.expand, wires.conv_bn(self.depthwise, y))


@register("shufflenet_v1")
class ShuffleNetV1(Staged):
    CHANNELS: ClassVar[Mapping[str, int]] = _widths(LINES)

    def __init__(
        self,
        channels: Mapping[str, int],
        stages: Sequence[Stage] = LINES,
        groups: int = LINES_GROUPS,
        planes: int = 1,
    ) -> None:
        super().__init__(channels, planes)
        self.pool = nn.MaxPool2d(3, 2, 1)
        inputs = channels["stem"]
        for i, stage in enumerate(stages, 2):
            units = nn.Sequential()
            width = channels[f"stage{i}"]
            for k in range(1, stage.repeats + 1):
                # The first pointwise convolution of all reads too few channels to be grouped.
                reading = 1 if (i, k) == (2, 1) else groups
                unit = Unit(
                    inputs,
                    channels[f"stage{i}.unit{k}"],
                    width,
                    (reading, groups),
                    stage.first if k == 1 else stage.kernel,
                    stage.stride if k == 1 else None,
                )
                units.add_module(f"unit{k}", unit)
                inputs = width
            self.stages[f"stage{i}"] = units
        self.outputs = inputs

    def wire(self, wires: Wires) -> Channels:
        for stage, units in self.stages.items():
            for name, unit in units.named_children():
                assert isinstance(unit, Unit)
                unit.wire(wires, FIXED, stage, name)
        return FIXED

    @classmethod
    def published(cls) -> nn.Module:
        return classifier(cls(_widths(IMAGES), IMAGES, IMAGES_GROUPS, planes=3))
