"""Check characters of unified social credit codes and of organisations."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.fields.tax_number import ALPHABET, check_character, checks, well_formed
from penjing.synth.papers.names import tax_number

# Published by their holders, or as examples of the standard.
PUBLISHED = ("9144030071526726XG", "91330100799655058B", "91110000600037341L")

seeds = st.integers(0, 2**32)


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_right(code: str) -> None:
    assert well_formed(code)
    assert checks(code) == (True, True)


@given(seeds)
def test_invented_codes_are_right(seed: int) -> None:
    assert checks(tax_number(Random(seed))) == (True, True)


@given(seeds, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(seed: int, place: int, other: str) -> None:
    code = tax_number(Random(seed))
    wrong = code[:place] + other + code[place + 1 :]
    assert checks(wrong)[0] == (wrong == code)


@given(seeds, st.integers(0, 16))
def test_two_exchanged_characters_are_always_noticed(seed: int, place: int) -> None:
    code = tax_number(Random(seed))
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert checks(wrong)[0] == (wrong == code)


@pytest.mark.parametrize(
    "code", ["", "9144030071526726X", "9144030071526726XI", "91B4030071526726XG"]
)
def test_what_cannot_be_a_code_is_refused(code: str) -> None:
    assert not well_formed(code)
    assert checks(code) == (False, False)


def test_characters_outside_the_alphabet_have_no_check() -> None:
    with pytest.raises(ValueError, match="substring"):
        check_character("9144030O71526726X")
