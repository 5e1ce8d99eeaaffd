"""Resident memory over many pages: it must be flat."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.progress import track

from benchmarks.tables import Row
from penjing.report.evaluation import load_pages
from penjing.runtime.reader import Reader

_SAMPLES = 100


def measure(folder: Path, model: str, threads: int, pages: int) -> list[Row]:
    """Rows ``pages``, ``mb``; the folder's pages are read over and over."""
    reader = Reader(model, threads)
    pictures = itertools.cycle([label.image.read_bytes() for label in load_pages(folder)])
    every = max(1, pages // _SAMPLES)
    console = Console(stderr=True)
    rows: list[Row] = []
    for done in track(
        range(1, pages + 1), "reading", console=console, disable=not console.is_terminal
    ):
        reader.read(next(pictures))
        if done % every == 0:
            rows.append({"pages": done, "mb": round(_resident_mb(), 1)})
    return rows


def growth(rows: list[Row]) -> float:
    """MB by which the last tenth lies above the second tenth; the first still warms up."""
    tenth = max(1, len(rows) // 10)
    level = [row["mb"] for row in rows]
    return mean(level[-tenth:]) - mean(level[tenth : 2 * tenth] or level[:1])


def _resident_mb() -> float:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
