"""What passes between layers, and the 256 levels it is rounded to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from penjing.compression.quantization.graphs import Floats
from penjing.compression.quantization.rounding import SMALLEST_SCALE


@dataclass(frozen=True)
class Activation:
    """A tensor as seen on calibration lines, ``values`` (places, channels), and its levels' ends.

    Nought is always a level, for zero padding must stay what it is.
    """

    values: Floats
    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> Activation:
        """Levels as far as the values go; clipping the largest was measured to gain nothing."""
        return cls(values, min(0.0, float(values.min())), max(0.0, float(values.max())))

    @property
    def scale(self) -> float:
        return max((self.high - self.low) / 255, SMALLEST_SCALE)

    @property
    def zero_point(self) -> int:
        return round(-self.low / self.scale)

    def rounded(self) -> Floats:
        """``values`` as eight bits say them."""
        levels = np.rint(self.values / np.float32(self.scale)) + self.zero_point
        return (np.clip(levels, 0, 255) - self.zero_point) * np.float32(self.scale)
