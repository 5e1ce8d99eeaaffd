"""The classic CRNN backbone (Shi et al. 2015), every convolution followed by BatchNorm.

The original normalises only three of its seven layers; all seven here, so that network slimming
has a γ for each channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor, nn

from penjing.models.backbones import Backbone, register
from penjing.models.blocks import ConvBN
from penjing.models.groups import FIXED, Channels, Wires


@register("vgg")
class VGG(Backbone):
    CHANNELS: ClassVar[Mapping[str, int]] = {
        f"conv{i}": n for i, n in enumerate((64, 128, 256, 256, 512, 512, 512), 1)
    }

    def __init__(self, channels: Mapping[str, int]) -> None:
        super().__init__(channels)
        c = channels
        self.conv1 = ConvBN(1, c["conv1"])
        self.conv2 = ConvBN(c["conv1"], c["conv2"])
        self.conv3 = ConvBN(c["conv2"], c["conv3"])
        self.conv4 = ConvBN(c["conv3"], c["conv4"])
        self.conv5 = ConvBN(c["conv4"], c["conv5"])
        self.conv6 = ConvBN(c["conv5"], c["conv6"])
        self.conv7 = ConvBN(c["conv6"], c["conv7"], kernel=2, padding=0)
        self.halve = nn.MaxPool2d(2)
        self.flatten = nn.MaxPool2d((2, 1))
        self.edge = nn.ZeroPad2d((0, 1, 0, 0))  # keeps width / 4 through the 2x2 convolution
        self.outputs = c["conv7"]

    def forward(self, x: Tensor) -> Tensor:
        x = self.halve(self.conv1(x))
        x = self.halve(self.conv2(x))
        x = self.flatten(self.conv4(self.conv3(x)))
        x = self.flatten(self.conv6(self.conv5(x)))
        return self.conv7(self.edge(x))

    def wire(self, wires: Wires) -> Channels:
        x = FIXED
        for name in self.CHANNELS:
            x = wires.conv_bn(getattr(self, name), x, name)
        return x
