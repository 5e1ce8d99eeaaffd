"""Cheap random choices: the few kinds of draws that rendering needs, from one NumPy generator."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")


class Dice:
    """Scalar draws from ``rng``, faster than its own ``choice`` and ``integers``."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self._random = rng.random

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def uniform(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self._random()

    def integer(self, low: int, high: int) -> int:
        """A whole number in [low, high], both ends possible."""
        return low + int((high - low + 1) * self._random())

    def sign(self) -> int:
        """1 or -1."""
        return 1 if self._random() < 0.5 else -1

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, all equally likely."""
        return items[int(len(items) * self._random())]


class Wheel(Generic[T]):
    """A weighted choice prepared once and spun often."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._items = tuple(weights)
        self._ends = tuple(accumulate(weights.values()))

    def spin(self, dice: Dice) -> T:
        place = bisect(self._ends, dice.uniform(0.0, self._ends[-1]))
        return self._items[min(place, len(self._items) - 1)]
