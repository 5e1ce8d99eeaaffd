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
    frames that hold none; ``chances`` (T, K) float32 the logarithms of their probabilities among
    all characters. K is 0 for networks that tell no alternatives.
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
    """Characters of one line: arrays of equal length K.

    ``classes`` int64, ``centres`` float32 (pixels of the 32-pixel-high line), ``confidence``
    float32 (that of each character's surest frame), ``frames`` int64 (the number of that frame).
    """

    classes: Array
    centres: Array
    confidence: Array
    frames: Array


def collapse(labels: Array, confidence: Array) -> Decoded:
    """Join equal neighbours, then drop blanks. ``labels`` int64 (T,), ``confidence`` float32 (T,).

    A character's centre is the middle of its run of frames.
    """
    said, sure = labels.tolist(), confidence.tolist()  # far quicker than arrays for so few frames
    found = groupby(range(len(said)), key=said.__getitem__)
    runs = [list(run) for label, run in found if label != BLANK]
    surest = np.array([max(run, key=sure.__getitem__) for run in runs], np.int64)
    centres = np.array([(run[0] + run[-1] + 1) / 2 * FRAME for run in runs], np.float32)
    return Decoded(labels[surest], centres, confidence[surest], surest)
