"""Where a page's time goes: decode, detect, order, rectify, recognise, and the rest."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks.tables import Row
from penjing.labelled import load_pages
from penjing.runtime.reader import Reader

_STAGES = ("decode", "detect", "order", "rectify", "recognise")


def measure(folder: Path, model: str, threads: int, repeats: int) -> list[Row]:
    """A row for each page and one for their sum: median milliseconds by stage."""
    cv2.setNumThreads(threads)
    reader = Reader(model, threads)
    rows = []
    for label in load_pages(folder):
        data = label.image.read_bytes()
        reader.read(data)  # memory is taken, caches are warm
        times: list[list[float]] = []
        for _ in range(repeats):
            start = time.perf_counter()
            page = reader.read(data)
            whole = 1000 * (time.perf_counter() - start)
            stages = [page.timings.get(stage, 0.0) for stage in _STAGES]
            times.append([*stages, whole - sum(stages), whole])
        middle = np.round(np.median(times, axis=0), 1).tolist()
        megapixels = round(page.width * page.height / 1e6, 2)
        rows.append(_row(label.image.name, megapixels, len(page.lines), middle))
    total = np.sum([list(row.values())[3:] for row in rows], axis=0).round(1).tolist()
    pixels = round(sum(row["megapixels"] for row in rows), 2)
    return [*rows, _row("all", pixels, sum(row["lines"] for row in rows), total)]


def _row(page: str, megapixels: float, lines: int, times: list[float]) -> Row:
    named = dict(zip((*_STAGES, "other", "whole"), times, strict=True))
    return {"page": page, "megapixels": megapixels, "lines": lines, **named}
