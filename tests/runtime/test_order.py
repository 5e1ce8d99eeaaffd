"""Columns are read one after the other, tables and forms by rows."""

from __future__ import annotations

import numpy as np
import pytest
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


def tilted(polygons: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(polygons @ turn.T, np.float32)


def spread(polygons: np.ndarray) -> np.ndarray:
    """As seen from above the middle: rows on the left rise, on top and at the bottom unlike."""
    x, y = polygons[..., 0], polygons[..., 1]
    far = 1 + y / 6000
    return np.stack([(x - 500) / far + 500, y / far + 0.04 * (x - 500) * (y - 600) / 600], -1)


COLUMNS = [
    (left, 100.0 + 30 * k, left + (180 if k % 7 == 6 else 450), 122.0 + 30 * k)
    for left in (50.0, 550.0)
    for k in range(40)
]
TABLE = [
    (50.0 + 300 * column, 100.0 + 36 * row, 170.0 + 300 * column, 122.0 + 36 * row)
    for row in range(12)
    for column in range(4)
]


@pytest.mark.parametrize("degrees", [-8, -3, -1, 0, 1, 3, 8])
def test_columns_and_rows_are_told_on_a_page_that_leans(degrees: float) -> None:
    assert reading_order(tilted(quads(COLUMNS), degrees)) == list(range(80))
    table = tilted(quads(TABLE), degrees)
    assert reading_order(table) == list(range(48))
    assert [len(row) for row in rows(table)] == 12 * [4]


def test_columns_and_rows_are_told_in_perspective() -> None:
    assert reading_order(spread(quads(COLUMNS))) == list(range(80))
    assert [len(row) for row in rows(spread(quads(TABLE)))] == 12 * [4]


def test_a_short_line_that_leans_does_not_tilt_the_page() -> None:
    sign = tilted(quads([(300, 20, 340, 40)]), 9)
    assert reading_order(np.concatenate([sign, quads(TABLE)])) == list(range(49))


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
