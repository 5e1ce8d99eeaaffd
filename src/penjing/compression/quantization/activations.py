"""Activations: the values that pass between layers, and the 256 levels they are rounded to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from penjing.compression.quantization.graphs import Floats
from penjing.compression.quantization.rounding import SMALLEST_SCALE


@dataclass(frozen=True)
class Activation:
    """A tensor as seen on calibration lines, and the ends of its 256 levels, ``low`` and ``high``.

    ``values`` are float32 (places, channels). Zero is always a level: zero padding stays exact.
    """

    values: Floats
    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> Activation:
        """Levels that span all ``values``; clipping the largest was measured to gain nothing."""
        return cls(values, min(0.0, float(values.min())), max(0.0, float(values.max())))

    @property
    def scale(self) -> float:
        return max((self.high - self.low) / 255, SMALLEST_SCALE)

    @property
    def zero_point(self) -> int:
        return round(-self.low / self.scale)

    def rounded(self) -> Floats:
        """``values`` rounded to the nearest levels, as floats."""
        levels = np.rint(self.values / np.float32(self.scale)) + self.zero_point
        return (np.clip(levels, 0, 255) - self.zero_point) * np.float32(self.scale)
