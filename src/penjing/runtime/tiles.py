"""Parts of a large picture, each small enough for the detector's memory, with room to overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

STEP = 32  # the detector's input sides are multiples of this
_PIXELS = 672 * 1024  # of one tile; the detector takes about 175 bytes for each
_OVERLAP = 128  # so that whatever lies across a seam is seen with half of this around the seam


@dataclass(frozen=True)
class Span:
    """Pixels ``start`` … ``stop`` along one side; those from ``first`` to ``last`` are kept."""

    start: int
    stop: int
    first: int
    last: int


def cover(height: int, width: int) -> Iterator[tuple[Span, Span]]:
    """Rows and columns of tiles over a picture whose sides are multiples of ``STEP``.

    A small picture is one tile. What is kept of all tiles is the picture, each pixel once.
    """
    down = across = 1
    while _size(height, down) * _size(width, across) > _PIXELS:
        if _size(height, down) >= _size(width, across):
            down += 1
        else:
            across += 1
    for rows in _spans(height, down):
        for columns in _spans(width, across):
            yield rows, columns


def _size(length: int, count: int) -> int:
    """Of each of ``count`` equal spans over ``length``."""
    shared = (count - 1) * _OVERLAP
    return min(length, STEP * -(-(length + shared) // (count * STEP)))


def _spans(length: int, count: int) -> list[Span]:
    size = _size(length, count)
    starts = [(length - size) * k // max(1, count - 1) for k in range(count)]
    seams = [0, *((a + size + b) // 2 for a, b in pairwise(starts)), length]
    return [Span(start, start + size, seams[k], seams[k + 1]) for k, start in enumerate(starts)]
