"""Ends of lines move to the ink that belongs to them, and no further."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.runtime.ends import stretched

LEFT, TOP, RIGHT, BOTTOM = 100, 100, 260, 132  # a line 32 pixels high


def page(*ink: tuple[int, int, int, int], light_on_dark: bool = False) -> np.ndarray:
    """Text inside the line's box, and boxes (left, top, right, bottom) of ink around it."""
    pixels = np.full((240, 400), 240, np.uint8)
    for x in range(LEFT + 4, RIGHT - 4, 10):
        pixels[TOP + 5 : BOTTOM - 5, x : x + 4] = 30
    for left, top, right, bottom in ink:
        pixels[top:bottom, left:right] = 30
    return 255 - pixels if light_on_dark else pixels


def quad(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def ends(pixels: np.ndarray, *others: np.ndarray) -> tuple[float, float]:
    """Left and right of the line's box after stretching."""
    [line, *_] = stretched(pixels, np.array([quad(LEFT, TOP, RIGHT, BOTTOM), *others]))
    assert (line[:, 1] == [TOP, TOP, BOTTOM, BOTTOM]).all()
    return float(line[0, 0]), float(line[1, 0])


def colon(x: int) -> tuple[tuple[int, int, int, int], ...]:
    return (x, 110, x + 4, 114), (x, 122, x + 4, 126)


@pytest.mark.parametrize("light_on_dark", [False, True])
def test_a_colon_after_a_space_belongs_to_the_line(light_on_dark: bool) -> None:
    after = page(*colon(RIGHT + 18), light_on_dark=light_on_dark)
    assert ends(after) == (LEFT, pytest.approx(RIGHT + 18 + 4 + 4, abs=1))
    before = page(*colon(LEFT - 22), light_on_dark=light_on_dark)
    assert ends(before) == (pytest.approx(LEFT - 22 - 4, abs=1), RIGHT)


def test_what_has_its_ink_inside_stays() -> None:
    assert ends(page()) == (LEFT, RIGHT)
    assert ends(np.full((240, 400), 200, np.uint8)) == (LEFT, RIGHT)


def test_a_rule_and_what_lies_behind_it_are_not_entered() -> None:
    rule = (RIGHT + 8, 0, RIGHT + 10, 240)
    assert ends(page(rule)) == (LEFT, RIGHT)
    assert ends(page(rule, *colon(RIGHT + 18))) == (LEFT, RIGHT)


def test_ink_that_goes_on_beyond_reach_belongs_to_something_else() -> None:
    assert ends(page((RIGHT + 10, 112, 400, 116))) == (LEFT, RIGHT)


def test_another_line_keeps_its_own() -> None:
    pixels = page(*colon(RIGHT + 18))
    assert ends(pixels, quad(RIGHT + 12, TOP, RIGHT + 60, BOTTOM)) == (LEFT, RIGHT)
    assert ends(pixels, quad(RIGHT + 12, BOTTOM, RIGHT + 60, BOTTOM + 32))[1] > RIGHT + 20


def test_what_is_not_wider_than_high_is_left_alone() -> None:
    pixels = page(*colon(RIGHT + 18))
    upright = np.array([quad(RIGHT - 20, TOP, RIGHT, BOTTOM)])
    assert (stretched(pixels, upright) == upright).all()


def test_no_lines_are_no_lines() -> None:
    assert stretched(page(), np.zeros((0, 4, 2), np.float32)).shape == (0, 4, 2)


@given(angle=st.floats(-40, 40))
def test_turned_lines_grow_along_themselves(angle: float) -> None:
    matrix = cv2.getRotationMatrix2D((200, 120), angle, 1.0)
    pixels = cv2.warpAffine(page(*colon(RIGHT + 18)), matrix, (400, 240), borderValue=240)
    line = quad(LEFT, TOP, RIGHT, BOTTOM) @ matrix[:, :2].T.astype(np.float32) + matrix[:, 2]
    [grown] = stretched(pixels, np.array([line], np.float32))
    side = np.linalg.norm(grown[1] - grown[0])
    assert side == pytest.approx(RIGHT + 26 - LEFT, abs=3)
    assert np.linalg.norm(grown[3] - grown[0]) == pytest.approx(BOTTOM - TOP, abs=0.1)
