"""Vertical writing is cut between its characters, and reads from the right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from penjing.errors import DataError
from penjing.runtime.columns import laid_out
from penjing.runtime.reader import Reader
from penjing.synth.assets.fonts import load_faces

POEM = ("床前明月光疑是地上霜", "舉頭望明月低頭思故鄉", "春眠不覺曉處處聞啼鳥")


def squares(count: int, em: int, gap: int, light: bool) -> np.ndarray:
    """A column of ``count`` frames with a cross in each, ``em`` high and ``gap`` apart."""
    margin = em // 5
    column = Image.new("L", (em + 2 * margin, count * (em + gap) - gap + 2 * margin), 230)
    draw = ImageDraw.Draw(column)
    for k in range(count):
        top = margin + k * (em + gap)
        box = margin, top, margin + em - 1, top + em - 1
        draw.rectangle(box, outline=20, width=max(2, em // 12))
        draw.line((margin + em // 2, top, margin + em // 2, top + em - 1), 20, max(2, em // 12))
    pixels = np.asarray(column)
    return 255 - pixels if light else pixels


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(2, 20), em=st.integers(24, 70), gap=st.floats(0.15, 0.5), light=st.booleans()
)
def test_every_character_is_cut_out(count: int, em: int, gap: float, light: bool) -> None:
    space = max(2, round(gap * em))
    column = laid_out(squares(count, em, space, light))
    assert column is not None
    assert len(column.edges) == count + 1
    assert column.line.shape[0] == 32
    middles = column.along((np.arange(count) + 0.5) / count)
    height = count * (em + space) - space + 2 * (em // 5)
    truth = (em // 5 + np.arange(count) * (em + space) + em / 2) / height
    assert np.abs(middles - truth).max() * height < 0.35 * em


@pytest.mark.parametrize("shape", [(1, 1), (40, 1), (200, 20), (32, 32)])
def test_what_is_empty_is_no_column(shape: tuple[int, int]) -> None:
    assert laid_out(np.full(shape, 200, np.uint8)) is None


def test_dust_is_no_column() -> None:
    dusty = np.full((563, 53), 255, np.uint8)
    dusty[[40, 130, 260, 300, 500], 25] = 90
    assert laid_out(dusty) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(1, 60), st.integers(0, 99))
def test_no_picture_is_too_odd(height: int, width: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    column = laid_out(noise)
    if column is not None:
        assert column.line.dtype == np.uint8
        assert column.line.shape[0] == 32
        assert (np.diff(column.edges) > 0).all()
        assert 0 <= column.edges[0] < column.edges[-1] <= 1


@pytest.fixture(scope="module")
def font() -> ImageFont.FreeTypeFont:
    try:
        faces = [f for f in load_faces() if f.style == "hei" and set("".join(POEM)) <= f.drawable]
    except DataError as error:
        pytest.skip(str(error))
    if not faces:
        pytest.skip("no fetched face draws it all")
    return ImageFont.truetype(str(faces[0].path), 36, index=faces[0].index)


def drawn(texts: Sequence[str], size: tuple[int, int], font: ImageFont.FreeTypeFont) -> np.ndarray:
    """Columns from the right, the first in the middle 70 px from the right edge."""
    sheet = Image.new("L", size, 255)
    for column, text in enumerate(texts):
        for row, character in enumerate(text):
            place = size[0] - 70 - 90 * column, 50 + 44 * row
            ImageDraw.Draw(sheet).text(place, character, fill=0, font=font, anchor="mm")
    return np.asarray(sheet)


def test_columns_are_read_from_the_right(font: ImageFont.FreeTypeFont) -> None:
    page = Reader(threads=1).read(drawn(POEM, (330, 520), font))
    assert page.text.splitlines() == list(POEM)
    assert page.rotation == 0
    first = page.lines[0]
    (left, top), (right, bottom) = first.polygon[0], first.polygon[1]
    assert abs(left - right) < 20 < bottom - top  # the line runs down
    centres = [c.centre for word in first.words for c in word.characters]
    assert np.allclose([x for x, _ in centres], 260, atol=12)
    assert np.allclose([y for _, y in centres], 50 + 44 * np.arange(10), atol=12)


def test_a_column_that_lies_on_its_side_is_read_where_it_lies(font: ImageFont.FreeTypeFont) -> None:
    """Who cuts out lines turns what is higher than wide: a signboard's characters then lie."""
    column = drawn(POEM[:1], (140, 500), font)[:, 45:95]
    line = Reader(threads=1, detector=None).read_line(np.rot90(column))
    assert line.text == POEM[0]
    assert np.allclose(line.polygon, [[0, 0], [500, 0], [500, 50], [0, 50]])
    centres = np.array([c.centre for word in line.words for c in word.characters])
    assert np.allclose(centres[:, 0], 50 + 44 * np.arange(10), atol=12)
