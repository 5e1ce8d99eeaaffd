"""Milliseconds on one thread, as a reader would wait for them.

Models take turns picture by picture, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from penjing.runtime.pictures import Pixels

WARM_UP = 3  # pictures read before the clock counts


@dataclass(frozen=True)
class Timing:
    """Milliseconds a picture."""

    median: float
    p95: float


def interleaved(
    readers: Mapping[str, Callable[[Pixels], object]], pictures: Sequence[Pixels], repeats: int = 3
) -> dict[str, Timing]:
    """Time every reader on every picture, ``repeats`` times over; the order turns each time."""
    names = list(readers)
    for name in names:
        for picture in pictures[:WARM_UP]:
            readers[name](picture)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(repeats):
        for k, picture in enumerate(pictures):
            first = (turn + k) % len(names)
            for name in names[first:] + names[:first]:
                start = time.perf_counter()
                readers[name](picture)
                times[name].append((time.perf_counter() - start) * 1000)
    return {
        name: Timing(float(np.median(values)), float(np.percentile(values, 95)))
        for name, values in times.items()
    }
