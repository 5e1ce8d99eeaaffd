"""MobileNet v2 (Sandler et al. 2018) for lines: inverted residuals with linear bottlenecks.

Stages, repeats and expansion as published. ReLU stands for ReLU6, which matters only to fixed-point
arithmetic. The last 1x1 convolution is 512 wide, not 1280, for it feeds an LSTM.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from torch import Tensor, nn

from penjing.models.backbones import classifier, register
from penjing.models.backbones.staged import Block, Stage, Staged
from penjing.models.blocks import ConvBN, margin
from penjing.models.groups import Channels, Wires

EXPANSION = 6  # of every bottleneck but those of the first stage, which has no 1x1 up
IMAGES = (
    Stage(16, 1),
    Stage(24, 2, 2),
    Stage(32, 3, 2),
    Stage(64, 4, 2),
    Stage(96, 3),
    Stage(160, 3, 2),
    Stage(320, 1),
)
LINES = (
    Stage(16, 1),
    Stage(24, 2, 2),
    Stage(32, 3, (2, 1)),
    Stage(64, 4, (2, 1), kernel=(1, 3)),
    Stage(96, 3, first=(1, 3), kernel=(1, 3)),
    Stage(160, 3, first=(2, 3), kernel=(1, 3)),  # two rows become one
    Stage(320, 1, first=(1, 3)),
)


def _widths(stages: Sequence[Stage], last: int) -> dict[str, int]:
    widths = {"stem": 32}
    inputs = 32
    for i, stage in enumerate(stages, 1):
        widths[f"stage{i}"] = stage.width
        for k in range(1, stage.repeats + 1):
            if i > 1:
                widths[f"stage{i}.block{k}"] = EXPANSION * inputs
            inputs = stage.width
    return {**widths, "last": last}


class InvertedResidual(Block):
    """1x1 up to ``inner`` (left out where None), depthwise, linear 1x1 down; a sum if ``skip``."""

    def __init__(
        self,
        inputs: int,
        inner: int | None,
        outputs: int,
        kernel: tuple[int, int],
        stride: int | tuple[int, int],
        skip: bool,
    ) -> None:
        super().__init__()
        self.skip = skip
        self.expand = ConvBN(inputs, inner, 1) if inner else None
        middle = inner or inputs
        self.depthwise = ConvBN(
            middle, middle, kernel, stride, depthwise=True, padding=margin(kernel)
        )
        self.project = ConvBN(middle, outputs, 1, act=False)

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else self.expand(x)
        y = self.project(self.depthwise(y))
        return x + y if self.skip else y

    def wire(self, wires: Wires, x: Channels, stage: str, name: str) -> Channels:
        y = x if self.expand is None else wires.conv_bn(self.expand, x, f"{stage}.{name}")
        y = wires.conv_bn(self.project, wires.conv_bn(self.depthwise, y), stage)
        return wires.add(x, y) if self.skip else y


@register("mobilenet_v2")
class MobileNetV2(Staged):
    CHANNELS: ClassVar[Mapping[str, int]] = _widths(LINES, last=512)

    def __init__(
        self, channels: Mapping[str, int], stages: Sequence[Stage] = LINES, planes: int = 1
    ) -> None:
        super().__init__(channels, planes)
        inputs = channels["stem"]
        for i, stage in enumerate(stages, 1):
            name, blocks = f"stage{i}", nn.Sequential()
            width = channels[name]
            for k in range(1, stage.repeats + 1):
                # The sum is decided by place, not by equal widths, which pruning may bring about.
                block = InvertedResidual(
                    inputs,
                    channels.get(f"{name}.block{k}"),
                    width,
                    stage.first if k == 1 else stage.kernel,
                    stage.stride if k == 1 else 1,
                    skip=k > 1,
                )
                blocks.add_module(f"block{k}", block)
                inputs = width
            self.stages[name] = blocks
        self.last = ConvBN(inputs, channels["last"], 1)
        self.outputs = channels["last"]

    @classmethod
    def published(cls) -> nn.Module:
        return classifier(cls(_widths(IMAGES, last=1280), IMAGES, planes=3))
