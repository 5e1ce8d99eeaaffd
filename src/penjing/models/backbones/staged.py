"""Base classes of the families that are made of stages; no family itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor, nn

from penjing.models.backbones import Backbone
from penjing.models.blocks import ConvBN
from penjing.models.groups import FIXED, Channels, Wires


class Stage(NamedTuple):
    """Blocks of one width: the first has kernel ``first`` and the stride, the others ``kernel``."""

    width: int
    repeats: int
    stride: int | tuple[int, int] = 1
    first: tuple[int, int] = (3, 3)
    kernel: tuple[int, int] = (3, 3)


class Block(nn.Module):
    """A part of a stage."""

    def wire(self, wires: Wires, x: Channels, stage: str, name: str) -> Channels:
        """Declare the channels of block ``name`` of ``stage``; return those it hands on."""
        raise NotImplementedError


class Staged(Backbone):
    """A stem, perhaps a pool, stages of blocks, and in most families a last 1x1 convolution."""

    def __init__(self, channels: Mapping[str, int], planes: int) -> None:
        super().__init__(channels)
        self.stem = ConvBN(planes, channels["stem"], 3, 2)
        self.pool: nn.Module = nn.Identity()
        self.stages = nn.ModuleDict()
        self.last: nn.Module = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.stem(x))
        for stage in self.stages.values():
            x = stage(x)
        return self.last(x)

    def wire(self, wires: Wires) -> Channels:
        x = wires.conv_bn(self.stem, FIXED, "stem")
        for stage, blocks in self.stages.items():
            for name, block in blocks.named_children():
                assert isinstance(block, Block)
                x = block.wire(wires, x, stage, name)
        if isinstance(self.last, ConvBN):
            x = wires.conv_bn(self.last, x, "last")
        return x
