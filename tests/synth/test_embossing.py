"""Numbers of bank cards: their digits' strokes, one pitch, gaps between groups."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.synth.dice import Dice
from penjing.synth.typesetting.embossing import EMBOSSED, ROWS, STROKES, set_card
from penjing.synth.typesetting.strokes import letter

numbers = st.text(sorted(EMBOSSED - {" "}), min_size=1, max_size=6)


@pytest.mark.parametrize("digit", STROKES)
def test_all_ways_to_press_a_digit_fill_its_height(digit: str) -> None:
    for way in STROKES[digit]:
        drawn = letter(way, ROWS, 22, 4.0)
        assert drawn[:4].any()
        assert drawn[-4:].any()


@pytest.mark.parametrize("form", range(3))
def test_digits_of_one_maker_differ(form: int) -> None:
    drawn = [letter(ways[form % len(ways)], ROWS, 22, 4.0) > 127 for ways in STROKES.values()]
    for one, other in combinations(drawn, 2):
        assert (one & other).sum() < 0.9 * (one | other).sum()


@given(st.lists(numbers, min_size=1, max_size=4).map(" ".join), st.integers(0, 1000))
def test_digits_stand_at_one_pitch_and_gaps_between_them(text: str, seed: int) -> None:
    ink = set_card(text, Dice(np.random.default_rng(seed)))
    left, top, right, bottom = ink.box
    assert np.all(np.diff(ink.centres) > 0)
    neighbours = zip(pairwise(ink.centres), pairwise(text), strict=True)
    steps = {round(b - a) for (a, b), pair in neighbours if " " not in pair}
    assert max(steps, default=0) - min(steps, default=0) <= 1
    for centre, character in zip(ink.centres, text, strict=True):
        here = ink.mask[:, round(centre) - 2 : round(centre) + 3]
        assert here.any() == (character != " ")
    outside = ink.mask.copy()
    outside[top:bottom, left:right] = 0
    assert not outside.any()
