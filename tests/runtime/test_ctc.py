"""Greedy CTC equals its definition."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penjing.runtime.ctc import FRAME, collapse

FRAMES = st.lists(st.tuples(st.integers(-1, 3), st.floats(0, 1, width=32)), max_size=60)


@given(FRAMES)
def test_collapse_joins_repeats_then_drops_blanks(frames: list[tuple[int, float]]) -> None:
    labels = np.array([label for label, _ in frames], np.int64)
    confidence = np.array([c for _, c in frames], np.float32)
    decoded = collapse(labels, confidence)
    runs = [list(run) for _, run in groupby(range(len(frames)), key=lambda t: labels[t])]
    kept = [run for run in runs if labels[run[0]] >= 0]
    assert decoded.classes == [labels[run[0]] for run in kept]
    assert decoded.confidence == [max(confidence[run]) for run in kept]
    centres = [(run[0] + run[-1] + 1) / 2 * FRAME for run in kept]
    assert decoded.centres == centres
