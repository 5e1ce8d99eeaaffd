"""Xception (Chollet 2017) for lines: residual stacks of separable convolutions.

Entry, middle and exit flow as published, at about a third of the published widths, which would be
twenty million parameters. Height falls 32 to 1; where two rows are left, kernels are one row high.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import ClassVar, NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

from penjing.models.backbones import Backbone, classifier, register
from penjing.models.blocks import ConvBN, Depthwise
from penjing.models.groups import FIXED, Channels, Wires


class Block(NamedTuple):
    """Separable convolutions to each width in turn; a pool at the end if there is a stride."""

    widths: tuple[int, ...]
    stride: tuple[int, int] | None = None
    kernel: tuple[int, int] = (3, 3)


class Layout(NamedTuple):
    stem: tuple[int, int]
    blocks: tuple[Block, ...]
    tail: tuple[int, ...]
    tail_kernel: tuple[int, int]


IMAGES = Layout(
    stem=(32, 64),
    blocks=(
        Block((128, 128), (2, 2)),
        Block((256, 256), (2, 2)),
        Block((728, 728), (2, 2)),
        *[Block((728, 728, 728))] * 8,
        Block((728, 1024), (2, 2)),
    ),
    tail=(1536, 2048),
    tail_kernel=(3, 3),
)
LINES = Layout(
    stem=(32, 64),
    blocks=(
        Block((64, 64), (2, 2)),
        Block((96, 96), (2, 1)),
        Block((240, 240), (2, 1)),
        *[Block((240, 240, 240), kernel=(1, 3))] * 8,
        Block((240, 344), (2, 1), (1, 3)),
    ),
    tail=(512, 512),
    tail_kernel=(1, 3),
)


def _widths(layout: Layout) -> dict[str, int]:
    """A block's last width is named by the block, the ones before it ``block1.inner1`` and so on;
    blocks without a stride are summed onto the last one with a stride and share its width."""
    widths = {"stem1": layout.stem[0], "stem2": layout.stem[1]}
    for i, block in enumerate(layout.blocks, 1):
        *inner, last = block.widths
        widths.update({f"block{i}.inner{k}": n for k, n in enumerate(inner, 1)})
        if block.stride:
            widths[f"block{i}"] = last
    return {**widths, **{f"tail{i}": n for i, n in enumerate(layout.tail, 1)}}


class SeparableBN(nn.Sequential):
    """Depthwise, pointwise, BatchNorm; nothing in between (the paper's section 4.7)."""

    def __init__(self, inputs: int, outputs: int, kernel: tuple[int, int]) -> None:
        super().__init__()
        self.depthwise = Depthwise(inputs, kernel, 1, (kernel[0] // 2, kernel[1] // 2))
        self.pointwise = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def wire(self, wires: Wires, x: Channels, entry: str) -> Channels:
        x = wires.conv(self.pointwise, wires.conv(self.depthwise, x), entry)
        return wires.norm(self.norm, x)


class Residual(nn.Module):
    """Separable convolutions, each after a ReLU, with a shortcut (1x1 if there is a stride)."""

    def __init__(
        self,
        widths: Sequence[int],
        stride: tuple[int, int] | None,
        kernel: tuple[int, int],
        first_relu: bool,
    ) -> None:
        super().__init__()
        self.first_relu = first_relu
        self.body = nn.ModuleList(SeparableBN(a, b, kernel) for a, b in pairwise(widths))
        self.pool = nn.MaxPool2d(3, stride, 1) if stride else None
        self.shortcut = ConvBN(widths[0], widths[-1], 1, stride, act=False) if stride else None

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for i, layer in enumerate(self.body):
            y = layer(F.relu(y) if i or self.first_relu else y)
        if self.pool is None or self.shortcut is None:
            return x + y
        return self.pool(y) + self.shortcut(x)

    def wire(self, wires: Wires, x: Channels, name: str, outputs: str) -> Channels:
        y, last = x, len(self.body)
        for i, layer in enumerate(self.body, 1):
            assert isinstance(layer, SeparableBN)
            y = layer.wire(wires, y, f"{name}.inner{i}" if i < last else outputs)
        skip = x if self.shortcut is None else wires.conv_bn(self.shortcut, x, outputs)
        return wires.add(skip, y)


@register("xception")
class Xception(Backbone):
    CHANNELS: ClassVar[Mapping[str, int]] = _widths(LINES)

    def __init__(
        self, channels: Mapping[str, int], layout: Layout = LINES, planes: int = 1
    ) -> None:
        super().__init__(channels)
        self.stem1 = ConvBN(planes, channels["stem1"], 3, 2)
        self.stem2 = ConvBN(channels["stem1"], channels["stem2"])
        self.blocks = nn.ModuleDict()
        self.streams: dict[str, str] = {}  # which entry holds each block's output width
        inputs, stream = channels["stem2"], "stem2"
        for i, block in enumerate(layout.blocks, 1):
            name = f"block{i}"
            stream = name if block.stride else stream
            inner = [channels[f"{name}.inner{k}"] for k in range(1, len(block.widths))]
            widths = [inputs, *inner, channels[stream]]
            self.blocks[name] = Residual(widths, block.stride, block.kernel, first_relu=i > 1)
            self.streams[name] = stream
            inputs = channels[stream]
        self.tail = nn.ModuleDict()
        for i in range(1, len(layout.tail) + 1):
            width = channels[f"tail{i}"]
            self.tail[f"tail{i}"] = SeparableBN(inputs, width, layout.tail_kernel)
            inputs = width
        self.outputs = inputs

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem2(self.stem1(x))
        for block in self.blocks.values():
            x = block(x)
        for layer in self.tail.values():
            x = F.relu(layer(x))
        return x

    def wire(self, wires: Wires) -> Channels:
        x = wires.conv_bn(self.stem2, wires.conv_bn(self.stem1, FIXED, "stem1"), "stem2")
        for name, block in self.blocks.items():
            assert isinstance(block, Residual)
            x = block.wire(wires, x, name, self.streams[name])
        for name, layer in self.tail.items():
            assert isinstance(layer, SeparableBN)
            x = layer.wire(wires, x, name)
        return x

    @classmethod
    def published(cls) -> nn.Module:
        return classifier(cls(_widths(IMAGES), IMAGES, planes=3))
