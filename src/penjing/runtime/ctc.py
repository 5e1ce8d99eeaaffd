"""Greedy CTC: frames to characters (Graves et al. 2006, "best path decoding")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

import numpy as np

BLANK = -1
FRAME = 4  # pixels of a 32-pixel-high line to one frame

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Frames:
    """What a network says of the T frames of one line.

    ``labels`` (T,) int64 are greedy, ``confidence`` (T,) float32 their probabilities.
    ``alternatives`` (T, K) int64 are the likeliest characters of each frame, best first, -1 on
    frames that are surely blank; ``chances`` (T, K) float32 the logarithms of their probabilities
    among all characters. K is 0 for networks that tell no alternatives.
    """

    labels: Array
    confidence: Array
    alternatives: Array
    chances: Array

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, part: slice) -> Frames:
        return Frames(*(getattr(self, field.name)[part] for field in fields(self)))

    @classmethod
    def joined(cls, parts: Sequence[Frames]) -> Frames:
        """One after another."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True)
class Decoded:
    """Characters of one line, in lists of equal length: far quicker than arrays for so few.

    ``classes`` are their numbers, ``centres`` pixels of the 32-pixel-high line, ``confidence``
    that of each character's surest frame, ``frames`` the number of that frame.
    """

    classes: list[int]
    centres: list[float]
    confidence: list[float]
    frames: list[int]


def collapse(labels: Array, confidence: Array) -> Decoded:
    """Join equal neighbours, then drop blanks. ``labels`` int64 (T,), ``confidence`` float32 (T,).

    A character's centre is the middle of its run of frames.
    """
    said, sure = labels.tolist(), confidence.tolist()
    found = groupby(range(len(said)), key=said.__getitem__)
    runs = [list(run) for label, run in found if label != BLANK]
    surest = [max(run, key=sure.__getitem__) for run in runs]
    centres = [(run[0] + run[-1] + 1) / 2 * FRAME for run in runs]
    return Decoded([said[k] for k in surest], centres, [sure[k] for k in surest], surest)
