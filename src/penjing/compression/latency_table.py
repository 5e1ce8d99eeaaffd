"""What each channel costs in milliseconds: measured on this machine, not guessed from FLOPs.

One group after another is narrowed alone, the network is exported, and timed in ONNX Runtime on one
thread, in turns with the whole one. Between measured widths the table is interpolated linearly; for
a plan with several narrow groups their shares of the time are multiplied, since neighbouring groups
share a convolution. That is an estimate. It picks the next cut, as the look-up table of NetAdapt
does (Yang et al. 2018); what a round has gained is measured on the real network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from penjing.compression.surgery import narrowed, resized, wired
from penjing.errors import DataError
from penjing.models import Plan
from penjing.report.latency import Scales, noise, untrained
from penjing.report.table import read_table, write_table

CUTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Share:
    """With ``group`` alone at ``width``, the network takes ``share`` of the whole one's time."""

    group: str
    width: int
    share: float


class LatencyTable:
    """Estimates the time of a narrower plan, as a share of the whole network's."""

    def __init__(self, whole: Plan, shares: Sequence[Share]) -> None:
        self._points: Mapping[str, tuple[list[int], list[float]]] = {
            name: _curve([s for s in shares if s.group == name], group.width)
            for name, group in wired(whole).groups.items()
        }

    def __call__(self, plan: Plan) -> float:
        share = 1.0
        for name, group in wired(plan).groups.items():
            share *= float(np.interp(group.width, *self._points[name]))
        return share


def measure(plan: Plan, table: Path) -> Iterator[Share]:
    """Time an untrained network for each group and cut; rows in the CSV ``table`` are not repeated.

    Raises DataError where ``table`` is another network's.
    """
    known = {(row.group, row.width): row for row in read_table(table, Share)}
    groups = wired(plan).groups
    for group, width in known:
        if group not in groups or width >= groups[group].width:
            raise DataError(f"{table} is of another network; choose another folder")
    pictures = noise(plan.height)
    scales = Scales(untrained(plan, pictures), pictures)
    for name in groups:
        whole = groups[name].width
        for width in sorted({narrowed(whole, cut) for cut in CUTS} - {whole}):
            if (name, width) not in known:
                smaller = untrained(resized(plan, {name: width}), pictures)
                ratio = scales.weigh(smaller).milliseconds / scales.milliseconds
                known[name, width] = Share(name, width, round(ratio, 4))
                write_table(table, list(known.values()))
            yield known[name, width]


def _curve(shares: Sequence[Share], whole: int) -> tuple[list[int], list[float]]:
    """Widths, rising, and the share of the time at each.

    The shares never fall as widths rise: where a narrower network was measured to be slower, that
    was noise.
    """
    points = sorted({**{s.width: s.share for s in shares}, whole: 1.0}.items(), reverse=True)
    least = accumulate((share for _, share in points), min)
    return [width for width, _ in points][::-1], list(least)[::-1]
