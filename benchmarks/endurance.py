"""Resident memory over many pages: it must be flat.

Leaks grow with the number of calls, and fragmentation with the variety of sizes. So most pictures
are pieces of pages of all sizes, which take a tenth of a page's time. Whole pages come between
them, for what only large pictures need: several tiles, and many lines at once.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.tables import Row
from penjing.labelled import load_pages
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.reader import Reader

_SAMPLES = 100
_WHOLE = 20  # one picture in so many is a whole page
_SIDES = (96, 448)  # pixels, of the pieces


def measure(folder: Path, model: str, threads: int, pages: int) -> list[Row]:
    """Rows ``pages``, ``mb``; the folder's pages and pieces of them are read over and over."""
    reader = Reader(model, threads)
    pictures = _pictures(folder)
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


def _pictures(folder: Path) -> Iterator[bytes]:
    """Encoded, without end, and the same at every run."""
    encoded = [label.image.read_bytes() for label in load_pages(folder)]
    pages = [decode(data).pixels for data in encoded]
    rng = np.random.default_rng(0)
    for k in itertools.count():
        if k % _WHOLE == 0:
            yield encoded[k // _WHOLE % len(encoded)]
        else:
            yield _piece(pages[k % len(pages)], rng)


def _piece(page: Pixels, rng: np.random.Generator) -> bytes:
    height, width = np.minimum(rng.integers(*_SIDES, 2), page.shape[:2])
    top = rng.integers(page.shape[0] - height + 1)
    left = rng.integers(page.shape[1] - width + 1)
    return cv2.imencode(".png", page[top : top + height, left : left + width])[1].tobytes()


def growth(rows: list[Row]) -> float:
    """MB by which the last tenth lies above the second tenth; the first still warms up."""
    tenth = max(1, len(rows) // 10)
    level = [row["mb"] for row in rows]
    return mean(level[-tenth:]) - mean(level[tenth : 2 * tenth] or level[:1])


def _resident_mb() -> float:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
