"""The cells of licence plates and the strokes in them."""

from __future__ import annotations

import numpy as np
import pytest

from penjing.synth.dice import Dice
from penjing.synth.texts.codes import PLATE_LETTERS
from penjing.synth.typesetting.draw import GlyphBook
from penjing.synth.typesetting.plates import GAP, PARTING, SCALE, STROKES, WIDTH, set_plate


def test_every_letter_and_digit_of_a_plate_has_strokes() -> None:
    assert set(STROKES) == set(PLATE_LETTERS + "0123456789")


@pytest.mark.parametrize("text", ["皖A12345", "粤BD12345"])
def test_a_one_takes_as_much_room_as_any_other(book: GlyphBook, text: str) -> None:
    plain = set_plate(book, text, [0] * len(text), Dice(np.random.default_rng(1)))
    bars = set_plate(
        book, text[:2] + "1" * (len(text) - 2), [0] * 8, Dice(np.random.default_rng(1))
    )
    assert np.array_equal(plain.centres, bars.centres)
    assert np.all(np.diff(plain.centres) > 0)


def test_the_parting_follows_the_second_character(book: GlyphBook) -> None:
    text = "皖A88888"
    ink = set_plate(book, text, [0] * 7, Dice(np.random.default_rng(2)))
    steps = np.diff(ink.centres) / SCALE
    assert abs(steps[1] - (WIDTH + PARTING)) < 3
    assert np.all(np.abs(np.delete(steps, 1) - (WIDTH + GAP)) < 3)


def test_strokes_stand_in_their_cells(book: GlyphBook) -> None:
    ink = set_plate(book, "皖AMW0Q8", [0] * 7, Dice(np.random.default_rng(3)))
    left, top, right, bottom = ink.box
    assert ink.mask[top:bottom, left:right].any(0).mean() > 0.6
    outside = ink.mask.copy()
    outside[top:bottom, left:right] = 0
    assert not outside.any()
