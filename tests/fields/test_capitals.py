"""Amounts in capital numerals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.fields.capitals import ALPHABET, CONFUSIONS, parse
from penjing.synth.papers.names import capitals

amounts = st.integers(1, 10**11).map(lambda cents: Decimal(cents).scaleb(-2))


@given(amounts)
def test_what_is_written_is_read_again(amount: Decimal) -> None:
    assert parse(capitals(amount)) == amount


@given(amounts)
def test_the_ways_of_closing_mean_the_same(amount: Decimal) -> None:
    words = capitals(amount)
    assert parse(words.replace("圆", "元")) == amount
    assert parse(words.replace("整", "正")) == amount
    assert parse(words.removesuffix("整")) == amount


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("壹仟零伍拾贰圆柒角整", "1052.70"),
        ("壹拾万零壹拾圆零伍分", "100010.05"),
        ("叁角伍分", "0.35"),
        ("零圆叁角伍分", "0.35"),
        ("壹亿圆整", "100000000.00"),
        ("拾圆整", None),  # a place without its numeral
        ("壹仟伍贰圆整", None),
        ("伍拾壹佰圆整", None),  # places must fall
        ("壹万贰万圆整", None),
        ("壹仟圆贰", None),
        ("圆整", None),
        ("角分", None),
        ("", None),
    ],
)
def test_well_formed_amounts_only(words: str, amount: str | None) -> None:
    assert parse(words) == (None if amount is None else Decimal(amount))


@given(amounts, st.data())
def test_a_lost_numeral_never_gives_the_same_amount(amount: Decimal, data: st.DataObject) -> None:
    words = capitals(amount)
    places = [k for k, c in enumerate(words) if c in "壹贰叁肆伍陆柒捌玖"]
    place = data.draw(st.sampled_from(places))
    assert parse(words[:place] + words[place + 1 :]) != amount


def test_confusions_lie_outside_the_alphabet_and_lead_into_it() -> None:
    assert not set(CONFUSIONS) & ALPHABET
    assert set(CONFUSIONS.values()) <= ALPHABET
