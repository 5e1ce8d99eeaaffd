"""SqueezeNet 1.0 and 1.1 (Iandola et al. 2016) for lines, with no, simple or complex bypass.

Eight Fire modules with the pools where each version has them; the pools after the first lower the
height alone. Every convolution is followed by BatchNorm in place of the published bias, so that
network slimming has a γ for each channel, and a convolution over the last two rows takes the place
of ``conv10``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from penjing.errors import PlanError
from penjing.models.backbones import Backbone, register
from penjing.models.blocks import ConvBN
from penjing.models.groups import FIXED, Channels, Wires

# The widths of squeeze, and of each half of expand.
FIRES = {
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}


def _widths(stem: int) -> dict[str, int]:
    fires = {
        f"{name}.{part}": width
        for name, (squeeze, expand) in FIRES.items()
        for part, width in (("squeeze", squeeze), ("expand1", expand), ("expand3", expand))
    }
    return {"stem": stem, **fires, "collapse": 512}


class ConvReLU(nn.Sequential):
    """The published layer: convolution with bias, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2)
        self.act = nn.ReLU(inplace=True)


class Fire(nn.Module):
    """1x1 squeeze, then 1x1 and 3x3 expand side by side."""

    def __init__(
        self, inputs: int, squeeze: int, expand1: int, expand3: int, layer: Callable[..., Any]
    ) -> None:
        super().__init__()
        self.squeeze: Any = layer(inputs, squeeze, 1)
        self.expand1: Any = layer(squeeze, expand1, 1)
        self.expand3: Any = layer(squeeze, expand3, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(x)
        return torch.cat([self.expand1(x), self.expand3(x)], 1)

    def wire(self, wires: Wires, x: Channels, name: str) -> Channels:
        x = wires.conv_bn(self.squeeze, x, f"{name}.squeeze")
        halves = (self.expand1, "expand1"), (self.expand3, "expand3")
        one, three = (wires.conv_bn(conv, x, f"{name}.{part}") for conv, part in halves)
        return one + three


class SqueezeNet(Backbone):
    """``BYPASS``: "simple" adds a Fire's input to its output where both are equally wide; "complex"
    adds a 1x1 convolution of it elsewhere too."""

    KERNEL: ClassVar[int]  # of the first convolution
    POOLED: ClassVar[tuple[str, str]]  # the Fires that a pool follows
    BYPASS: ClassVar[str] = "none"

    def __init__(
        self,
        channels: Mapping[str, int],
        layer: Callable[..., Any] = ConvBN,
        planes: int = 1,
    ) -> None:
        super().__init__(channels)
        self.stem: Any = layer(planes, channels["stem"], self.KERNEL, 2)
        self.fires = nn.ModuleDict()
        self.bypass = nn.ModuleDict()
        inputs, before = channels["stem"], ""
        for name in FIRES:
            squeeze, one, three = (
                channels[f"{name}.{part}"] for part in ("squeeze", "expand1", "expand3")
            )
            self.fires[name] = Fire(inputs, squeeze, one, three, layer)
            if self._summed(name):
                self._check_tied(channels, name, before)
                self.bypass[name] = nn.Identity()
            elif self.BYPASS == "complex":
                self.bypass[name] = nn.Conv2d(inputs, one + three, 1)
            inputs, before = one + three, name
        self.first_pool: nn.Module = nn.MaxPool2d(2)
        self.pool: nn.Module = nn.MaxPool2d((2, 1))
        self.collapse: Any = ConvBN(inputs, channels["collapse"], (2, 1), padding=0)
        self.outputs = channels["collapse"]

    def _summed(self, name: str) -> bool:
        """Whether a Fire's input is added: it is as wide as the Fire before, as published."""
        return self.BYPASS != "none" and name in ("fire3", "fire5", "fire7", "fire9")

    @staticmethod
    def _check_tied(channels: Mapping[str, int], name: str, before: str) -> None:
        for part in ("expand1", "expand3"):
            if channels[f"{name}.{part}"] != channels[f"{before}.{part}"]:
                raise PlanError(
                    f"{name}.{part} must be as wide as {before}.{part}: they are summed"
                )

    def forward(self, x: Tensor) -> Tensor:
        x = self.first_pool(self.stem(x))
        for name, fire in self.fires.items():
            y = fire(x)
            x = y + self.bypass[name](x) if name in self.bypass else y
            if name in self.POOLED:
                x = self.pool(x)
        return self.collapse(x)

    def wire(self, wires: Wires) -> Channels:
        x = wires.conv_bn(self.stem, FIXED, "stem")
        before = ""
        for name, fire in self.fires.items():
            if self._summed(name):
                for part in ("expand1", "expand3"):
                    wires.tie(f"{name}.{part}", to=f"{before}.{part}")
            assert isinstance(fire, Fire)
            y = fire.wire(wires, x, name)
            if self._summed(name):
                wires.add(x, y)
            elif name in self.bypass:
                skip: Any = self.bypass[name]
                wires.conv(skip, x, y)
            x, before = y, name
        return wires.conv_bn(self.collapse, x, "collapse")

    @classmethod
    def published(cls) -> nn.Module:
        net = cls(cls.CHANNELS, ConvReLU, planes=3)
        net.first_pool = net.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        net.collapse = nn.Sequential(nn.Dropout(), nn.Conv2d(512, 1000, 1), nn.ReLU())
        return nn.Sequential(net, nn.AdaptiveAvgPool2d(1), nn.Flatten())


@register("squeezenet_1_0")
class SqueezeNet10(SqueezeNet):
    CHANNELS = _widths(stem=96)
    KERNEL = 7
    POOLED = ("fire4", "fire8")


@register("squeezenet_1_1")
class SqueezeNet11(SqueezeNet):
    CHANNELS = _widths(stem=64)
    KERNEL = 3
    POOLED = ("fire3", "fire5")


@register("squeezenet_1_0_simple")
class SqueezeNet10Simple(SqueezeNet10):
    BYPASS = "simple"


@register("squeezenet_1_0_complex")
class SqueezeNet10Complex(SqueezeNet10):
    BYPASS = "complex"


@register("squeezenet_1_1_simple")
class SqueezeNet11Simple(SqueezeNet11):
    BYPASS = "simple"


@register("squeezenet_1_1_complex")
class SqueezeNet11Complex(SqueezeNet11):
    BYPASS = "complex"
