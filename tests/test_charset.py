"""The shipped character set: what it promises to hold, and its two-way numbering."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.charset import DEFAULT, Charset
from penjing.errors import CharsetError

CHARSET = Charset.load(DEFAULT)


def test_it_holds_gb2312_and_printable_ascii() -> None:
    gb2312 = {
        bytes([high, low]).decode("gb2312", errors="ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    } - {""}
    assert len(gb2312) == 6763
    assert gb2312 <= set(CHARSET.characters)
    assert {chr(c) for c in range(32, 127)} <= set(CHARSET.characters)
    assert sum(c >= "\u3400" for c in CHARSET.characters if c.isalpha()) >= 8230


@given(st.lists(st.sampled_from(CHARSET.characters)).map("".join))
def test_decoding_undoes_encoding(text: str) -> None:
    assert CHARSET.covers(text)
    assert CHARSET.decode(CHARSET.encode(text)) == text


def test_a_foreign_character_is_named() -> None:
    assert not CHARSET.covers("한")
    with pytest.raises(CharsetError, match="한"):
        CHARSET.encode("盆한景")


def test_an_unknown_set_names_the_shipped_ones() -> None:
    with pytest.raises(CharsetError, match="zh-en-v1"):
        Charset.load("klingon")


def test_a_character_listed_twice_is_refused() -> None:
    with pytest.raises(CharsetError, match="once"):
        Charset("doubled", "abca")
