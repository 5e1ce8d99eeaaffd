"""The gap of a lone amount is its point, as far as its picture allows."""

from __future__ import annotations

import pytest
from doubts import mended
from hypothesis import given
from hypothesis import strategies as st

from penjing.charset import Charset
from penjing.runtime.amounts import with_point

CHARSET = Charset.of(["0123456789 .:RM￥x-"])


def read(text: str, chance: float = 0.02) -> tuple[str, list[float]]:
    """``text`` as a picture shows it whose characters may each be, so probably, a point."""
    return mended(with_point, CHARSET, text, "." * len(text), chance)


@pytest.mark.parametrize("text", ["0 03", "12 72", "RM5 50", "￥1280 00", "-3 00"])
def test_a_lone_amount_has_a_point(text: str) -> None:
    said, confidence = read(text)
    assert said == text.replace(" ", ".")
    assert confidence[text.index(" ")] == pytest.approx(0.02)


@pytest.mark.parametrize(
    "text",
    ["12 345", "1234 5678", "12 30:00", "x 12 72", "2 12 72", "12 7", "123456 78", " 72", ""],
)
def test_other_gaps_are_gaps(text: str) -> None:
    assert read(text)[0] == text


def test_the_picture_has_the_last_word() -> None:
    assert read("12 72", 0.001)[0] == "12 72"


@given(st.text(alphabet="".join(CHARSET.characters), max_size=10))
def test_nothing_but_a_gap_changes_and_only_into_a_point(text: str) -> None:
    changed = [(a, b) for a, b in zip(text, read(text)[0], strict=True) if a != b]
    assert changed in ([], [(" ", ".")])
