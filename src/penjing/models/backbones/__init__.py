"""The registry of backbones. A new family is one file here, imported at the end of this one.

A backbone maps (batch, 1, 32, width) to (batch, ``outputs``, 1, width / 4). Its constructor takes
the width of each prunable layer by name; ``CHANNELS`` holds the family's own widths. Most families
keep two tables, ``LINES`` and the paper's own ``IMAGES``: the same class builds the network of the
paper from the second, so that its parameters can be counted against the published figure.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar

from torch import nn

from penjing.errors import PlanError
from penjing.models.groups import Channels, Wires
from penjing.models.plan import rounded


class Backbone(nn.Module):
    """Base of all families."""

    CHANNELS: ClassVar[Mapping[str, int]]
    outputs: int

    def __init__(self, channels: Mapping[str, int]) -> None:
        super().__init__()

    def split(self, layer: str) -> tuple[nn.Module, nn.Module, int]:
        """The part up to ``layer``, the part after it, and how many channels pass between.

        Raises PlanError where the family cannot have an exit after that layer.
        """
        raise PlanError(f"{type(self).__name__} has no place for an exit")

    def wire(self, wires: Wires) -> Channels:
        """Walk as ``forward`` does, declaring the channel groups; return the last channels."""
        raise NotImplementedError

    @classmethod
    def published(cls) -> nn.Module:
        """The paper's classifier: (batch, 3, height, width) to (batch, 1000)."""
        raise PlanError(f"{cls.__name__} has no published classification form here")


def classifier(features: Backbone) -> nn.Sequential:
    """Mean over the picture, then one linear layer to 1000 classes."""
    return nn.Sequential(
        features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features.outputs, 1000)
    )


_FAMILIES: dict[str, type[Backbone]] = {}
_Family = TypeVar("_Family", bound=type[Backbone])


def register(name: str) -> Callable[[_Family], _Family]:
    """Class decorator: make a family known to plans by ``name``."""

    def enter(family: _Family) -> _Family:
        _FAMILIES[name] = family
        return family

    return enter


def families() -> list[str]:
    """The names of all registered families, sorted."""
    return sorted(_FAMILIES)


def _family(name: str) -> type[Backbone]:
    if name not in _FAMILIES:
        raise PlanError(f"unknown family {name!r}; registered are {', '.join(families())}")
    return _FAMILIES[name]


def published(name: str) -> nn.Module:
    """The classifier of the family's paper. Raises PlanError for a family without one."""
    return _family(name).published()


def default_channels(name: str, width: float = 1.0) -> dict[str, int]:
    """The family's widths times ``width``, rounded to multiples of 8."""
    return {layer: rounded(n * width) for layer, n in _family(name).CHANNELS.items()}


def backbone(name: str, channels: Mapping[str, int]) -> Backbone:
    """Build a family with the given widths; layers not named keep the family's own.

    Raises PlanError for an unknown family or layer.
    """
    family = _family(name)
    unknown = sorted(set(channels) - set(family.CHANNELS))
    if unknown:
        raise PlanError(f"{name} has no layers {', '.join(unknown)}")
    return family({**family.CHANNELS, **channels})


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
