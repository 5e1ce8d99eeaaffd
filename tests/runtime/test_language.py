"""The language table: what is written is read, what is damaged is refused, nothing shifts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from penjing.charset import DEFAULT, Charset
from penjing.errors import WeightsError
from penjing.runtime.language import SPACE, Language, symbol
from penjing.synth.language_table import learnt

TEXTS = ["发票号码 No.12", "发票代码", "发展中国家", "The total", "the tax", "THE TEA", "a 1"]


@pytest.fixture(scope="module")
def language() -> Language:
    return learnt(Charset.of(TEXTS), TEXTS)


def behind(language: Language, before: str, character: str) -> float:
    """The association of a character with a whole text before it; "" is the end of the line."""
    history = language.beginning
    for number in language.charset.encode(before):
        history = language.followed(history, number)
    number = language.charset.encode(character)[0] if character else language.border
    return language.association(history, number)


def test_what_texts_hold_suits_and_what_they_never_hold_does_not(language: Language) -> None:
    assert behind(language, "发", "票") > 1 > 0 > behind(language, "发", "码")
    assert behind(language, "", "发") > 0 > behind(language, "", "票")
    assert behind(language, "号码", " ") > behind(language, "号", " ")


def test_letters_are_judged_by_three_symbols_in_either_case(language: Language) -> None:
    for case in (str.lower, str.upper, str.title):
        assert behind(language, case("th"), case("e")) > 1
    assert behind(language, "th", "e") > behind(language, "发h", "e")
    assert behind(language, "th", "E") == behind(language, "TH", "e")


def test_a_history_forgets_all_but_the_last_three(language: Language) -> None:
    assert behind(language, "发展中", "国") == behind(language, "a 1中", "国")
    assert behind(language, "发the", "a") == behind(language, "票The", "a")
    assert symbol(" ") == SPACE != symbol("中") == symbol(".")


def test_a_text_coheres_as_its_characters_do_on_average(language: Language) -> None:
    def coherence(text: str) -> float:
        return language.coherence(language.charset.encode(text))

    parts = [behind(language, "", "发"), behind(language, "发", "票"), behind(language, "发票", "")]
    assert coherence("发票") == pytest.approx(sum(parts) / 3)
    assert coherence("发票号码") > 0 > coherence("码号票发")


def test_a_table_is_written_and_read_whole(language: Language, tmp_path: Path) -> None:
    language.write(tmp_path / "one.npz")
    again = Language.read(tmp_path / "one.npz", language.charset)
    again.write(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    for before in ("", "发", "th", "号码"):
        for character in (*language.charset.characters, ""):
            assert behind(again, before, character) == behind(language, before, character)


def test_a_damaged_or_foreign_table_is_refused(language: Language, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.npz", tmp_path / "broken.npz"
    language.write(whole)
    content = whole.read_bytes()
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 255
    for damaged in (b"", b"not a table", content[: len(content) // 2], bytes(flipped)):
        broken.write_bytes(damaged)
        with pytest.raises(WeightsError, match=r"broken\.npz is no language table"):
            Language.read(broken, language.charset)
    with pytest.raises(WeightsError, match="of other characters"):
        Language.read(whole, Charset.of("abc"))
    with pytest.raises(WeightsError, match="no language table"):
        Language.read(tmp_path / "missing.npz", language.charset)
    with np.load(whole) as file:
        np.savez(broken, **{**file, "pairs": file["pairs"][1:]})
    with pytest.raises(WeightsError, match="pairs is int8"):
        Language.read(broken, language.charset)


def test_the_shipped_table_is_of_the_shipped_characters() -> None:
    language = Language.of(Charset.load(DEFAULT))
    assert language is not None
    assert behind(language, "发", "票") > 2 > behind(language, "发", "栗")
    assert behind(language, "thi", "s") > 2 > behind(language, "thi", "f")
    assert behind(language, "TOTA", "L") > 2
    assert Language.of(Charset.of("一二三")) is None
