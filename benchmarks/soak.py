"""The memory of a service under lasting load: does it stay level?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from penjing.report.drawing import panels
from penjing.report.table import write_table

MEGABYTE = 1024 * 1024
MINUTES = (1, 2, 5, 10, 20, 30)  # at which the memory is reported


@dataclass(frozen=True)
class Sample:
    """Seconds since the clients began, right answers until then, and resident megabytes."""

    seconds: float
    answers: int
    rss_mb: float


def resident_megabytes(url: str) -> float:
    """What the service at ``url`` says of itself."""
    metrics = httpx.get(f"{url}/metrics", timeout=30).text.splitlines()
    line = next(line for line in metrics if line.startswith("penjing_resident_bytes "))
    return float(line.split()[1]) / MEGABYTE


def settled(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Those after the first fifth, in which every size is met for the first time."""
    return samples[len(samples) // 5 :]


def slope(samples: Sequence[Sample]) -> tuple[float, float]:
    """Least squares' rise in MB an hour, and its standard error; NaN for less than 3 samples."""
    if len(samples) < 3:
        return float("nan"), float("nan")
    x, _, y = _columns(samples)
    x = x - x.mean()
    rise = float(x @ y / (x @ x))
    rest = y - y.mean() - rise * x
    error = float(np.sqrt(rest @ rest / (len(x) - 2) / (x @ x)))
    return rise * 3600, error * 3600


def summary(samples: Sequence[Sample]) -> dict[str, float]:
    """The memory at certain minutes, and its slope once it has settled."""
    rise, error = slope(settled(samples))
    return {
        "rss_mb_first": round(samples[0].rss_mb, 1),
        "rss_mb_settled": round(settled(samples)[0].rss_mb, 1),
        "rss_mb_last": round(samples[-1].rss_mb, 1),
        **{
            f"rss_mb_minute_{minute}": round(at[0], 1)
            for minute in MINUTES
            if (at := [sample.rss_mb for sample in samples if sample.seconds > 60 * minute - 10])
        },
        "rss_mb_per_hour": round(rise, 2),
        "rss_mb_per_hour_error": round(error, 2),
    }


def save(samples: Sequence[Sample], path: Path) -> None:
    """A CSV, and beside it a picture of the same."""
    rounded = [replace(s, seconds=round(s.seconds, 1), rss_mb=round(s.rss_mb, 1)) for s in samples]
    write_table(path, rounded)
    _draw(samples, path.with_suffix(".png"))


def _draw(samples: Sequence[Sample], path: Path) -> None:
    x, answers, y = _columns(samples)
    later, _, held = _columns(settled(samples))
    rise, error = slope(settled(samples))
    line = held.mean() + rise / 3600 * (later - later.mean())
    with panels(path) as [axes]:
        axes.plot(x / 60, y, lw=0.8, label=f"resident, {answers[-1]:,.0f} answers")
        axes.plot(later / 60, line, label=f"{rise:+.0f} ± {error:.0f} MB an hour")
        axes.set(xlabel="minutes", ylabel="MB", ylim=(0, 1.15 * y.max()))
        axes.grid(alpha=0.3)
        axes.legend(loc="lower right")


def _columns(samples: Sequence[Sample]) -> Any:
    """(3, samples) float64: seconds, answers, megabytes."""
    return np.array([astuple(sample) for sample in samples]).T
