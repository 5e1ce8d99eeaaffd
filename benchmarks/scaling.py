"""How penjing's speed grows with threads, callers, batch, width and the lines of a page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from benchmarks.compose import MOST, compose, printed
from benchmarks.tables import Row
from penjing.runtime.pictures import Pixels
from penjing.runtime.reader import Reader
from penjing.runtime.recogniser import Recogniser

_WIDTHS = (64, 128, 320, 640, 1024)
_BATCHES = (1, 2, 4, 8, 16)
_ON_A_PAGE = (1, 5, 10, 20, 30, 45, 60)
_SECONDS = 1.0  # each figure is the median over about this long


def measure(folder: Path, model: str) -> Iterator[Row]:
    """Rows ``what``, ``value``, ``threads``, ``ms`` (of one call), ``per_second`` (lines)."""
    pool = printed(folder)
    lines = [line for line, _ in pool]
    cv2.setNumThreads(1)
    for threads in (1, 2):
        recogniser = Recogniser(model, threads)
        for width in _WIDTHS:
            yield _row("width", width, threads, 1, recogniser.read, [_as_wide(lines, width, 0)])
        for batch in _BATCHES:
            some = [_as_wide(lines, 320, k) for k in range(batch)]
            yield _row("batch of 320 px", batch, threads, batch, recogniser.read, some)
    yield from _callers(Recogniser(model, 1), lines)
    for threads in (1, 2):
        reader = Reader(model, threads)
        for count in (count for count in _ON_A_PAGE if count <= MOST):
            page, _ = compose([pool[k % len(pool)] for k in range(count)])
            yield _row("lines of a page", count, threads, count, reader.read, page)


def _row(
    what: str, value: int, threads: int, lines: int, call: Callable[..., object], argument: object
) -> Row:
    call(argument)
    times: list[float] = []
    end = time.perf_counter() + _SECONDS
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call(argument)
        times.append(time.perf_counter() - start)
    middle = float(np.median(times))
    rate = round(lines / middle, 1)
    return {
        "what": what,
        "value": value,
        "threads": threads,
        "ms": round(1000 * middle, 3),
        "per_second": rate,
    }


def _callers(recogniser: Recogniser, lines: list[Pixels]) -> Iterator[Row]:
    """One session of one thread, called from one and from two threads of Python at once."""
    some = [_as_wide(lines, 320, k) for k in range(64)]
    for callers in (1, 2):
        with ThreadPoolExecutor(callers) as pool:

            def together(pool: ThreadPoolExecutor = pool) -> None:
                list(pool.map(lambda line: recogniser.read([line]), some))

            yield _row("callers", callers, 1, len(some), lambda _, call=together: call(), None)


def _as_wide(lines: list[Pixels], width: int, k: int) -> Pixels:
    """Real lines, one after another from the ``k``-th, cut at ``width``: uint8 (32, width)."""
    row = lines[k % len(lines)]
    while row.shape[1] < width:
        k += 1
        row = np.concatenate([row, lines[k % len(lines)]], axis=1)
    return np.ascontiguousarray(row[:, :width])
