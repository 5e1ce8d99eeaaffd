"""ResNet-18 (He et al. 2016) for lines: height falls 32 to 1, width only by 4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch.nn.functional as F
from torch import Tensor, nn

from penjing.models.backbones import Backbone, register
from penjing.models.blocks import ConvBN
from penjing.models.groups import FIXED, Channels, Wires

STRIDES: Mapping[str, int | tuple[int, int]] = {
    "stage1": 1,
    "stage2": 2,
    "stage3": (2, 1),
    "stage4": (2, 1),
}


class Basic(nn.Module):
    """Two 3x3 convolutions and a shortcut; ``inner`` can be cut alone, ``outputs`` by stage."""

    def __init__(
        self, inputs: int, inner: int, outputs: int, stride: int | tuple[int, int]
    ) -> None:
        super().__init__()
        self.conv1 = ConvBN(inputs, inner, 3, stride)
        self.conv2 = ConvBN(inner, outputs, 3, act=False)
        plain = stride == 1 and inputs == outputs
        self.shortcut = None if plain else ConvBN(inputs, outputs, 1, stride, act=False)

    def forward(self, x: Tensor) -> Tensor:
        skip = x if self.shortcut is None else self.shortcut(x)
        return F.relu(self.conv2(self.conv1(x)) + skip)

    def wire(self, wires: Wires, x: Channels, stage: str, name: str) -> Channels:
        skip = x if self.shortcut is None else wires.conv_bn(self.shortcut, x, stage)
        x = wires.conv_bn(self.conv1, x, f"{stage}.{name}")
        return wires.add(wires.conv_bn(self.conv2, x, stage), skip)


@register("resnet")
class ResNet(Backbone):
    CHANNELS: ClassVar[Mapping[str, int]] = {
        "stem": 64,
        **{
            f"stage{s}{part}": n
            for s, n in enumerate((64, 128, 256, 512), 1)
            for part in ("", ".block1", ".block2")
        },
        "collapse": 512,
    }

    def __init__(self, channels: Mapping[str, int]) -> None:
        super().__init__(channels)
        c = channels
        self.stem = ConvBN(1, c["stem"], 3, 2)
        inputs = c["stem"]
        for name, stride in STRIDES.items():
            width = c[name]
            stage = nn.Sequential()
            stage.add_module("block1", Basic(inputs, c[f"{name}.block1"], width, stride))
            stage.add_module("block2", Basic(width, c[f"{name}.block2"], width, 1))
            setattr(self, name, stage)
            inputs = width
        self.collapse = ConvBN(inputs, c["collapse"], (2, 1), (2, 1), padding=0)
        self.outputs = c["collapse"]

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for name in STRIDES:
            x = getattr(self, name)(x)
        return self.collapse(x)

    def wire(self, wires: Wires) -> Channels:
        first = self.get_submodule("stage1.block1")
        assert isinstance(first, Basic)
        if first.shortcut is None:
            wires.tie("stem", to="stage1")
        x = wires.conv_bn(self.stem, FIXED, "stem")
        for stage in STRIDES:
            for name, block in getattr(self, stage).named_children():
                x = block.wire(wires, x, stage, name)
        return wires.conv_bn(self.collapse, x, "collapse")
