"""MobileNet v1 (Howard et al. 2017) for lines.

Thirteen separable blocks as published; the strides are changed so that height falls 32 to 1 and
width only by 4. Where two rows are left, kernels are one row high: a 3x3 would look at padding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from torch import Tensor, nn

from penjing.errors import PlanError
from penjing.models.backbones import Backbone, classifier, register
from penjing.models.blocks import ConvBN, Separable, margin
from penjing.models.groups import FIXED, Channels, Wires


class Block(NamedTuple):
    width: int
    kernel: tuple[int, int] = (3, 3)
    stride: int | tuple[int, int] = 1


IMAGES = (
    Block(64),
    Block(128, stride=2),
    Block(128),
    Block(256, stride=2),
    Block(256),
    Block(512, stride=2),
    *[Block(512)] * 5,
    Block(1024, stride=2),
    Block(1024),
)
LINES = (
    Block(64),
    Block(128, stride=2),
    Block(128),
    Block(256, stride=(2, 1)),
    Block(256),
    Block(256),
    Block(512, stride=(2, 1)),
    *[Block(512, (1, 3))] * 4,
    Block(512, (2, 3)),  # two rows become one
    Block(512, (1, 3)),
)


def _widths(blocks: Sequence[Block]) -> dict[str, int]:
    return {"stem": 32, **{f"block{i}": block.width for i, block in enumerate(blocks, 1)}}


@register("mobilenet_v1")
class MobileNetV1(Backbone):
    CHANNELS: ClassVar[Mapping[str, int]] = _widths(LINES)

    def __init__(
        self, channels: Mapping[str, int], blocks: Sequence[Block] = LINES, planes: int = 1
    ) -> None:
        super().__init__(channels)
        self.stem = ConvBN(planes, channels["stem"], 3, 2)
        self.blocks = nn.Sequential()
        inputs = channels["stem"]
        for i, (_, kernel, stride) in enumerate(blocks, 1):
            width = channels[f"block{i}"]
            block = Separable(inputs, width, kernel, stride, padding=margin(kernel))
            self.blocks.add_module(f"block{i}", block)
            inputs = width
        self.outputs = inputs

    def forward(self, x: Tensor) -> Tensor:
        return self.blocks(self.stem(x))

    def split(self, layer: str) -> tuple[nn.Module, nn.Module, int]:
        names = [name for name, _ in self.blocks.named_children()]
        if layer not in names[1:-1]:  # columns of block1 are still 2 px wide
            raise PlanError(f"an exit may follow {names[1]} to {names[-2]}, not {layer!r}")
        after = names.index(layer) + 1
        last = self.blocks[after - 1]
        assert isinstance(last, Separable)
        width = last.pointwise.conv.out_channels
        return nn.Sequential(self.stem, self.blocks[:after]), self.blocks[after:], width

    def wire(self, wires: Wires) -> Channels:
        x = wires.conv_bn(self.stem, FIXED, "stem")
        for name, block in self.blocks.named_children():
            assert isinstance(block, Separable)
            x = wires.conv_bn(block.pointwise, wires.conv_bn(block.depthwise, x), name)
        return x

    @classmethod
    def published(cls) -> nn.Module:
        return classifier(cls(_widths(IMAGES), IMAGES, planes=3))
