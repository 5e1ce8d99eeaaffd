"""Tiles cover a picture once, each within its bound, and with room around every seam."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penjing.runtime import tiles

sides = st.integers(1, 160).map(lambda steps: steps * tiles.STEP)


@given(height=sides, width=sides)
def test_every_pixel_is_kept_once_and_tiles_are_bounded(height: int, width: int) -> None:
    kept = np.zeros((height, width), np.uint8)
    for rows, columns in tiles.cover(height, width):
        for span, length in ((rows, height), (columns, width)):
            assert 0 <= span.start <= span.first < span.last <= span.stop <= length
            assert (span.stop - span.start) % tiles.STEP == 0
            assert span.first == 0 or span.first - span.start >= 64
            assert span.last == length or span.stop - span.last >= 64
        assert (rows.stop - rows.start) * (columns.stop - columns.start) <= 672 * 1024
        kept[rows.first : rows.last, columns.first : columns.last] += 1
    assert (kept == 1).all()


def test_a_small_picture_is_one_tile() -> None:
    [(rows, columns)] = tiles.cover(640, 1024)
    assert (rows.first, rows.last, columns.first, columns.last) == (0, 640, 0, 1024)
