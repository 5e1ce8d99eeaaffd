"""Setting a line: every character has its ink, in order, inside the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.synth.dice import Dice, Wheel
from penjing.synth.typesetting.draw import Glyph, GlyphBook, Ink, Setting, lying, set_line

LETTERS = "abcdefghjkmnpqrstuvwxyz0123456789ABCDEFGH"


def line(book: GlyphBook, text: str, seed: int = 0, **setting: object) -> Ink:
    number = next(k for k, f in enumerate(book.faces) if set(text) <= f.drawable)
    dice = Dice(np.random.default_rng(seed))
    return set_line(book, text, [number] * len(text), Setting(size=30, **setting), dice)  # type: ignore[arg-type]


@settings(max_examples=30, deadline=None)
@given(text=st.text(LETTERS, min_size=1, max_size=12), tracking=st.floats(-0.2, 0.8))
def test_centres_increase_and_lie_inside_the_ink(
    book: GlyphBook, text: str, tracking: float
) -> None:
    ink = line(book, text, tracking=tracking)
    left, _, right, _ = ink.box
    assert len(ink.centres) == len(text)
    assert (np.diff(ink.centres) > 0).all()
    assert left < ink.centres[0]
    assert ink.centres[-1] < right


@settings(max_examples=30, deadline=None)
@given(text=st.text(LETTERS, min_size=1, max_size=8))
def test_no_glyph_is_lost_under_another(book: GlyphBook, text: str) -> None:
    alone = sum(int((line(book, c).mask > 127).sum()) for c in text)
    together = int((line(book, text, tracking=-0.3).mask > 127).sum())
    assert together >= 0.85 * alone


@settings(max_examples=30, deadline=None)
@given(text=st.text(LETTERS, min_size=1, max_size=8), size=st.floats(0.01, 0.05))
def test_the_border_stays_free(book: GlyphBook, text: str, size: float) -> None:
    ink = line(book, text, shake=size, bend=0.1)
    left, top, right, bottom = ink.box
    assert ink.mask[top:bottom, left:right].max() > 100
    outside = ink.mask.copy()
    outside[top:bottom, left:right] = 0
    assert outside.max() == 0
    assert min(left, top) == ink.pad


def test_a_space_is_a_gap_with_its_centre_in_the_middle(book: GlyphBook) -> None:
    ink = line(book, "H H", word_gap=0.6)
    column = round(float(ink.centres[1]))
    assert ink.mask[:, column - 2 : column + 3].max() == 0
    assert ink.centres[1] == pytest.approx((ink.centres[0] + ink.centres[2]) / 2, abs=2)


def test_a_face_may_space_its_words_itself(book: GlyphBook) -> None:
    number = next(k for k, f in enumerate(book.faces) if "H" in f.drawable)
    letter, space = (book.glyph(number, 38, c).advance for c in "H ")
    dice = Dice(np.random.default_rng(0))
    for tracking in (0.0, 0.2):
        setting = Setting(size=38, word_gap=None, tracking=tracking)
        ink = set_line(book, "H H", [number] * 3, setting, dice)
        own = letter + space + 2 * tracking * 38
        assert ink.centres[2] - ink.centres[0] == pytest.approx(own, abs=2.5)


def test_pale_characters_are_paler_and_no_others(book: GlyphBook) -> None:
    ink = line(book, "H.HH", pale=frozenset({1}), pale_share=0.3)
    peaks = [int(ink.mask[:, round(x) - 2 : round(x) + 3].max()) for x in ink.centres]
    assert 0 < peaks[1] < 0.4 * min(peaks[0], *peaks[2:])


def test_a_line_on_an_arc_grows_no_higher_however_far_it_is_spaced_out(book: GlyphBook) -> None:
    close = line(book, "HHHHHHHH", bend=0.15)
    far = line(book, "HHHHHHHH", bend=0.15, tracking=40.0)
    assert far.box[3] - far.box[1] < 1.5 * (close.box[3] - close.box[1])


def test_small_characters_are_lower(book: GlyphBook) -> None:
    number = next(k for k, f in enumerate(book.faces) if "H" in f.drawable)
    dice = Dice(np.random.default_rng(0))
    setting = Setting(size=38, small=frozenset({1}))
    ink = set_line(book, "HH", [number, number], setting, dice)
    columns = np.flatnonzero(ink.mask.max(0))
    split = int(ink.centres.mean())
    first = np.flatnonzero(ink.mask[:, columns[0] : split].max(1))
    second = np.flatnonzero(ink.mask[:, split : columns[-1]].max(1))
    assert len(second) < 0.8 * len(first)


def test_marks_stand_as_high_as_they_are_told(book: GlyphBook) -> None:
    def middle(marks: float) -> float:
        ink = line(book, "口，口", marks=marks)
        x = round(float(ink.centres[1]))
        rows = np.flatnonzero(ink.mask[:, x - 3 : x + 4].max(1))
        return float(rows[0] + rows[-1]) / 2 - ink.body[0]

    assert middle(0.0) - middle(0.3) == pytest.approx(0.3 * 30, abs=2)
    assert middle(0.3) - middle(0.7) == pytest.approx(0.4 * 30, abs=2)


def test_a_wheel_keeps_its_proportions() -> None:
    dice = Dice(np.random.default_rng(1))
    wheel = Wheel({"often": 3.0, "seldom": 1.0})
    often = sum(wheel.spin(dice) == "often" for _ in range(4000))
    assert 2850 < often < 3150


@pytest.mark.parametrize("em", [20, 38])
def test_what_lies_in_columns_is_turned_about_the_middle_of_its_square(em: int) -> None:
    mask = np.full((4, em), 255, np.uint8)  # ー, in the middle of its square
    glyph = Glyph(mask, left=0, top=round(-0.36 * em) - 2, advance=em)
    upright = lying(glyph, em)
    assert upright.mask.shape == (em, 4)
    assert abs(upright.left + 2 - em / 2) <= 1
    assert abs(upright.top + em / 2 + 0.36 * em) <= 1.5
    back = lying(lying(lying(upright, em), em), em)
    assert abs(back.left - glyph.left) <= 2
    assert abs(back.top - glyph.top) <= 2
