"""MobileNet v2 (Sandler et al. 2018) for lines: inverted residuals with linear bottlenecks.

Stages, repeats and expansion as published. ReLU stands for ReLU6, which matters only to fixed-point
arithmetic. The last 1x1 convolution is 512 wide, not 1280, for it feeds an LSTM.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from torch import Tensor, nn

from penjing.models.backbones import Backbone, classifier, register
from penjing.models.blocks import ConvBN
from penjing.models.groups import FIXED, Channels, Wires


class Stage(NamedTuple):
    """``first`` is the depthwise kernel of the first block, ``kernel`` that of the others."""

    expansion: int
    width: int
    repeats: int
    stride: int | tuple[int, int] = 1
    first: tuple[int, int] = (3, 3)
    kernel: tuple[int, int] = (3, 3)


IMAGES = (
    Stage(1, 16, 1),
    Stage(6, 24, 2, 2),
    Stage(6, 32, 3, 2),
    Stage(6, 64, 4, 2),
    Stage(6, 96, 3),
    Stage(6, 160, 3, 2),
    Stage(6, 320, 1),
)
LINES = (
    Stage(1, 16, 1),
    Stage(6, 24, 2, 2),
    Stage(6, 32, 3, (2, 1)),
    Stage(6, 64, 4, (2, 1), kernel=(1, 3)),
    Stage(6, 96, 3, first=(1, 3), kernel=(1, 3)),
    Stage(6, 160, 3, first=(2, 3), kernel=(1, 3)),  # two rows become one
    Stage(6, 320, 1, first=(1, 3)),
)


def _widths(stages: Sequence[Stage], last: int) -> dict[str, int]:
    widths = {"stem": 32}
    inputs = 32
    for i, stage in enumerate(stages, 1):
        widths[f"stage{i}"] = stage.width
        for k in range(1, stage.repeats + 1):
            if stage.expansion > 1:
                widths[f"stage{i}.block{k}"] = stage.expansion * inputs
            inputs = stage.width
    return {**widths, "last": last}


class InvertedResidual(nn.Module):
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
        padding = (0 if kernel[0] == 2 else kernel[0] // 2, 1)
        self.depthwise = ConvBN(middle, middle, kernel, stride, depthwise=True, padding=padding)
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
class MobileNetV2(Backbone):
    CHANNELS: ClassVar[Mapping[str, int]] = _widths(LINES, last=512)

    def __init__(
        self, channels: Mapping[str, int], stages: Sequence[Stage] = LINES, planes: int = 1
    ) -> None:
        super().__init__(channels)
        self.stem = ConvBN(planes, channels["stem"], 3, 2)
        self.stages = nn.ModuleDict()
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

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for stage in self.stages.values():
            x = stage(x)
        return self.last(x)

    def wire(self, wires: Wires) -> Channels:
        x = wires.conv_bn(self.stem, FIXED, "stem")
        for stage, blocks in self.stages.items():
            for name, block in blocks.named_children():
                assert isinstance(block, InvertedResidual)
                x = block.wire(wires, x, stage, name)
        return wires.conv_bn(self.last, x, "last")

    @classmethod
    def published(cls) -> nn.Module:
        return classifier(cls(_widths(IMAGES, last=1280), IMAGES, planes=3))
