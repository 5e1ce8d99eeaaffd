"""Every line and every character of a label is in one row of each table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import scored

from penjing.report.breakdown import (
    COMMON,
    DIGIT,
    LATIN,
    LETTER,
    MARK,
    OTHER,
    RARER,
    breakdown,
    nature,
)
from penjing.report.evaluation import Scored, normalise, score

LINES = st.lists(
    st.builds(
        scored,
        st.text("ab1盆景髹", min_size=1, max_size=40),
        st.text("ab1盆景髹", max_size=40),
        st.sampled_from(["sign", "receipt"]),
        st.sampled_from(["zh", "en", ""]),
        st.integers(4, 300),
    ),
    min_size=1,
    max_size=6,
)


@given(LINES)
def test_rows_add_up_to_the_whole(lines: list[Scored]) -> None:
    whole = score(lines)
    characters = sum(len(normalise(line.label.text)) for line in lines)
    for rows in breakdown(lines).values():
        if rows[0].exact is None:
            assert sum(row.count for row in rows) == characters
        else:
            assert sum(row.count for row in rows) == len(lines)
            exact = sum(row.count * (row.exact or 0.0) for row in rows) / len(lines)
            assert exact == pytest.approx(whole["exact"], abs=1e-3)


def test_rows_say_where_it_is_weak() -> None:
    lines = [scored("盆景", "盆景", height=40), scored("髹1aa", "?1aa", height=15)]
    tables = {
        title: {row.name: row.characters if row.exact is None else row.exact for row in rows}
        for title, rows in breakdown(lines).items()
    }
    assert tables["height of the picture, px"] == {"1–15": 0.0, "32–47": 1.0}
    assert tables["characters in the line"] == {"2–4": 0.5}
    assert tables["times a character is in these labels"] == {"1": 0.75, "2–5": 1.0}
    assert tables["what a character is"] == {DIGIT: 1.0, LATIN: 1.0, COMMON: 1.0, RARER: 0.0}


@pytest.mark.parametrize(
    ("characters", "name"),
    [("09", DIGIT), ("az", LATIN), ("一盆座", COMMON), ("亍髹鼗", RARER), ("們𠮷", OTHER)],
)
def test_natures_of_letters(characters: str, name: str) -> None:
    assert {nature(c) for c in characters} == {name}


def test_natures_of_the_rest() -> None:
    assert {nature(c) for c in "øд한"} == {LETTER}
    assert {nature(c) for c in ".¥,:"} == {MARK}
