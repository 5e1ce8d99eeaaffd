"""From many times to a few figures: medians, spread, and ratios that a bad moment cannot shift."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np

from benchmarks.compare import Run
from benchmarks.tables import Row

_DRAWS = 1000  # bootstrap samples of the pictures


def speed(run: Run, base: Run, members: Sequence[int]) -> Row:
    """Milliseconds a picture, over the pictures ``members``; each counts by its median repeat.

    ``ratio`` is the median over the pictures of this peer's time over ``base``'s for the same
    picture, with its 95 % bootstrap interval. Memory, in MB, is that of the whole run.
    """
    times, other = _times(run, members), _times(base, members)
    ratios = times / other
    draws = np.random.default_rng(0).integers(0, len(ratios), (_DRAWS, len(ratios)))
    low, high = np.percentile(np.median(ratios[draws], axis=1), [2.5, 97.5])
    return {
        "median_ms": round(float(np.median(times)), 3),
        "mean_ms": round(float(times.mean()), 3),
        "p5_ms": round(float(np.percentile(times, 5)), 3),
        "p95_ms": round(float(np.percentile(times, 95)), 3),
        "cpu_ms": round(median(median(a.cpu_ms for a in run.answers[k]) for k in members), 3),
        "ratio": round(float(np.median(ratios)), 2),
        "ratio_low": round(float(low), 2),
        "ratio_high": round(float(high), 2),
        "ready_mb": round(run.ready_mb),
        "peak_mb": round(run.peak_mb),
    }


def _times(run: Run, members: Sequence[int]) -> np.ndarray[Any, Any]:
    return np.array([median(answer.ms for answer in run.answers[k]) for k in members])
