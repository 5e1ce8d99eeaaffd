"""Lines longer than the recogniser was trained on: overlapping windows, joined where it is blank.

Squashing a long line to the trained width loses its characters; reading it in windows does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from penjing.runtime.ctc import BLANK, FRAME, Frames

WIDTH = 1024  # pixels at height 32; the longest line read in one piece
OVERLAP = 192  # at least six characters of Chinese
_MARGIN = 8  # frames at a window's cut end that lack context and are not trusted


@dataclass(frozen=True)
class Part:
    """One window's frames, from frame ``start`` of the line."""

    start: int
    frames: Frames


def starts(width: int) -> list[int]:
    """First columns of the windows over a line of ``width`` pixels: whole frames, evenly spread.

    The last window ends within a frame of the line's end, so none needs padding.
    """
    reach = (width - WIDTH) // FRAME
    count = 1 + -(-(width - WIDTH) // (WIDTH - OVERLAP))
    return [FRAME * (reach * k // (count - 1)) for k in range(count)] if count > 1 else [0]


def merge(parts: Sequence[Part]) -> Frames:
    """The frames of the whole line, from windows in order."""
    whole = parts[0].frames
    for part in parts[1:]:
        shared = len(whole) - part.start
        seam = _seam(whole.labels[part.start :], part.frames.labels[:shared])
        whole = Frames.joined([whole[: part.start + seam], part.frames[seam:]])
    return whole


def _seam(before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> int:
    """The frame of an overlap at which to change over.

    The middle of the longest stretch that both windows call blank, nearest the overlap's middle
    among equals; failing that, a frame on which both agree; failing that, the middle.
    """
    middle = len(before) // 2
    inner = np.zeros(len(before), bool)
    inner[_MARGIN : len(before) - _MARGIN] = True
    blank = inner & (before == BLANK) & (after == BLANK)
    if blank.any():
        edges = np.flatnonzero(np.diff(np.concatenate(([0], blank.astype(np.int8), [0]))))
        first, stop = edges[::2], edges[1::2]
        centres = (first + stop) // 2
        return int(centres[np.lexsort((abs(centres - middle), first - stop))[0]])
    agreed = np.flatnonzero(inner & (before == after))
    return int(agreed[np.argmin(abs(agreed - middle))]) if len(agreed) else middle
