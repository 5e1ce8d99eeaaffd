"""A page reads alike however it lies on the scanner."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from penjing.runtime.orientation import direction, prevailing, turned
from penjing.runtime.reader import Reader, ReadOptions
from penjing.runtime.result import Page

EXAMPLE = Path(__file__).parents[2] / "examples" / "page.png"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(threads=1)


@pytest.fixture(scope="module")
def upright(reader: Reader) -> Page:
    return reader.read(EXAMPLE)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(-3, 7), st.data())
def test_points_go_where_the_picture_takes_them(
    width: int, height: int, turns: int, data: st.DataObject
) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    picture = np.zeros((height, width))
    picture[y, x] = 1
    middle = np.array([x, y]) + 0.5
    there = turned(middle, turns, width, height)
    row, column = np.argwhere(np.rot90(picture, turns))[0]
    assert there.tolist() == [column + 0.5, row + 0.5]
    sides = (width, height) if turns % 2 == 0 else (height, width)
    assert turned(there, -turns, *sides).tolist() == middle.tolist()


def test_a_page_runs_as_most_of_its_characters_do() -> None:
    assert prevailing([2, 2, 2, 0], [9, 9, 9, 9]) == 2
    assert prevailing([2, 2, 2, 0], [3, 3, 3, 9]) == 0  # as many to the right
    assert prevailing([], []) == 0


@given(st.integers(0, 3), st.floats(-0.6, 0.6))
def test_the_direction_of_text_is_how_it_has_to_be_turned(turns: int, slope: float) -> None:
    line = np.array([[0, 0], [90, 90 * slope], [90, 90 * slope + 9], [0, 9]])
    assert direction(turned(line, -turns, 100, 100)) == turns


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_reads_alike_however_it_lies(reader: Reader, upright: Page, turns: int) -> None:
    pixels = np.asarray(Image.open(EXAMPLE).convert("RGB"))
    page = reader.read(np.ascontiguousarray(np.rot90(pixels, -turns)))
    assert page.rotation == 90 * turns
    assert page.text == upright.text
    assert (page.level.width, page.level.height) == (upright.width, upright.height)
    for line, same in zip(page.level.lines, upright.lines, strict=True):
        assert np.allclose(line.polygon, same.polygon, atol=0.2)
        for word, other in zip(line.words, same.words, strict=True):
            assert np.allclose(word.polygon, other.polygon, atol=0.2)
            assert np.allclose(word.characters[0].centre, other.characters[0].centre, atol=0.2)
    assert Page.from_dict(page.to_dict()) == page


def test_an_upright_page_is_not_turned(upright: Page) -> None:
    assert upright.rotation == 0
    assert upright.level is upright


def test_a_page_that_may_not_be_turned_is_not(reader: Reader, upright: Page) -> None:
    pixels = np.asarray(Image.open(EXAMPLE).convert("L"))
    page = reader.read(np.ascontiguousarray(np.rot90(pixels, 2)), ReadOptions(turned=False))
    assert page.rotation == 0
    assert page.text != upright.text
