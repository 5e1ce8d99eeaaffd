"""The registry of backbones. A new family is one file here, imported at the end of this one.

A backbone maps (batch, 1, 32, width) to (batch, ``outputs``, 1, width / 4). Its constructor takes
the width of each prunable layer by name; ``CHANNELS`` holds the family's own widths.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar

from torch import nn

from penjing.errors import PlanError
from penjing.models.plan import rounded


class Backbone(nn.Module):
    """Base of all families."""

    CHANNELS: ClassVar[Mapping[str, int]]
    outputs: int

    def __init__(self, channels: Mapping[str, int]) -> None:
        super().__init__()


_FAMILIES: dict[str, type[Backbone]] = {}
_Family = TypeVar("_Family", bound=type[Backbone])


def register(name: str) -> Callable[[_Family], _Family]:
    """Class decorator: make a family known to plans by ``name``."""

    def enter(family: _Family) -> _Family:
        _FAMILIES[name] = family
        return family

    return enter


def families() -> list[str]:
    return sorted(_FAMILIES)


def _family(name: str) -> type[Backbone]:
    if name not in _FAMILIES:
        raise PlanError(f"unknown family {name!r}; registered are {', '.join(families())}")
    return _FAMILIES[name]


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
