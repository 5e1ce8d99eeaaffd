"""Greedy CTC: frames to characters (Graves et al. 2006, "best path decoding")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

BLANK = -1
FRAME = 4  # pixels of a 32-pixel-high line to one frame


@dataclass(frozen=True)
class Decoded:
    """Characters of one line: arrays of equal length K.

    ``classes`` int64, ``centres`` float32 (pixels of the 32-pixel-high line), ``confidence``
    float32 (the best frame of each character).
    """

    classes: np.ndarray[Any, Any]
    centres: np.ndarray[Any, Any]
    confidence: np.ndarray[Any, Any]


def collapse(labels: np.ndarray[Any, Any], confidence: np.ndarray[Any, Any]) -> Decoded:
    """Join equal neighbours, then drop blanks. ``labels`` int64 (T,), ``confidence`` float32 (T,).

    A character's centre is the middle of its run of frames.
    """
    if len(labels) == 0:
        return Decoded(labels, np.zeros(0, np.float32), np.zeros(0, np.float32))
    first = np.flatnonzero(np.concatenate(([True], labels[1:] != labels[:-1])))
    last = np.append(first[1:], len(labels)) - 1
    kept = labels[first] != BLANK
    best = np.maximum.reduceat(confidence, first)
    centres = ((first + last) / 2 + 0.5) * FRAME
    return Decoded(labels[first][kept], centres[kept].astype(np.float32), best[kept])
