"""Columns are read one after the other, tables and forms by rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penjing.runtime.order import reading_order, rows


def quads(boxes: list[tuple[float, float, float, float]]) -> np.ndarray:
    corners = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)] for x0, y0, x1, y1 in boxes]
    return np.array(corners, np.float32).reshape(-1, 4, 2)


def test_two_columns_under_a_title() -> None:
    title = [(100.0, 10.0, 500.0, 50.0)]
    left = [(20.0, 100.0 + 30 * k, 290.0, 122.0 + 30 * k) for k in range(6)]
    right = [(320.0, 105.0 + 30 * k, 590.0, 127.0 + 30 * k) for k in range(6)]
    assert reading_order(quads(title + left + right)) == list(range(13))


def test_a_form_is_read_by_rows() -> None:
    boxes = [
        (x, 20.0 + 40 * row + jitter, x + 80, 40.0 + 40 * row + jitter)
        for row in range(5)
        for x, jitter in ((10.0, 0), (200.0, 4), (400.0, -3))
    ]
    assert reading_order(quads(boxes)) == list(range(15))


def test_rows_group_what_stands_side_by_side() -> None:
    assert rows(quads([(0, 0, 50, 20), (80, 2, 150, 22), (0, 40, 50, 60)])) == [[0, 1], [2]]
    assert rows(quads([])) == []


@given(
    st.lists(
        st.tuples(st.floats(0, 900), st.floats(0, 900), st.floats(1, 300), st.floats(1, 60)),
        max_size=40,
    )
)
def test_every_line_is_read_exactly_once(boxes: list[tuple[float, float, float, float]]) -> None:
    order = reading_order(quads([(x, y, x + w, y + h) for x, y, w, h in boxes]))
    assert sorted(order) == list(range(len(boxes)))
