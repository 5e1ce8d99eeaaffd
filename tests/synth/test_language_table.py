"""Tables are counted rightly: what is likelier than chance, by how much, and no more than asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from penjing.charset import DEFAULT, Charset
from penjing.cli import app
from penjing.runtime.language import STEP, Language
from penjing.synth import language_table
from penjing.synth.language_table import learnt

CHARSET = Charset.of("甲乙丙丁ab1 ")
TEXTS = st.lists(st.text("甲乙丙丁ab1 ", min_size=1, max_size=12), min_size=1, max_size=30)


def chances(language: Language, last: int) -> np.ndarray:
    """Associations behind a character that is no letter, as ratios."""
    history = language.followed(language.beginning, last)
    return np.exp([language.association(history, c) for c in range(len(CHARSET) + 1)])


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_a_pair_suits_as_much_as_it_is_likelier_than_chance(texts: list[str]) -> None:
    language = learnt(CHARSET, texts)
    joined = "\n" + "\n".join(texts) + "\n"
    for first in "甲乙丙丁1":
        count = joined.count(first)
        if count < 2:
            continue
        ratios = chances(language, CHARSET.encode(first)[0])
        assert ratios.max() >= 1 - STEP
        assert ratios.min() <= 1 + STEP


def test_nothing_is_known_of_what_was_never_seen() -> None:
    language = learnt(CHARSET, ["甲乙"])
    np.testing.assert_allclose(chances(language, CHARSET.encode("丁")[0]), 1)


def test_the_pairs_that_tell_most_are_kept() -> None:
    texts = ["甲乙"] * 9 + ["丙丁"] * 9 + ["甲丁", "丙乙"]
    small, whole = learnt(CHARSET, texts, pairs=6), learnt(CHARSET, texts)
    assert len(small.pairs) == 6 < len(whole.pairs)
    for first, second in ("甲乙", "丙丁"):
        a, b = CHARSET.encode(first + second)
        history = small.followed(small.beginning, a)
        assert small.association(history, b) == whole.association(history, b) > 0


def test_foreign_characters_part_a_text() -> None:
    together, apart = learnt(CHARSET, ["甲乙"] * 9), learnt(CHARSET, ["甲x乙"] * 9)
    a, b = CHARSET.encode("甲乙")
    assert together.association(together.followed(together.beginning, a), b) > 0
    assert apart.association(apart.followed(apart.beginning, a), b) <= 0


def test_the_command_writes_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_table, "DRAWN", 300)
    out = tmp_path / "table.npz"
    done = CliRunner().invoke(app, ["data", "language", str(out)])
    assert done.exit_code == 0, done.output
    charset = Charset.load(DEFAULT)
    table = Language.read(out, charset)
    assert 10_000 < len(table.pairs) <= language_table.PAIRS
    a, b = charset.encode("我们")
    assert table.association(table.followed(table.beginning, a), b) > 1
