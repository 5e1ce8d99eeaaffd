"""Amounts as they are written, and what they mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from penjing.fields.amounts import amounts
from penjing.fields.template import FieldSpec


def values(text: str, *places: int) -> list[str | None]:
    """What each amount of a text is as it stands; None where it is none."""
    spec = FieldSpec("f", "f", "amount", (), places=places)
    plain = ([r.value for r in found.readings if r.how == "read"] for found in amounts(text, spec))
    return [str(value[0]) if value else None for value in plain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¥1,234.50", ["1234.50"]),
        ("$ 58.30 ¥3.50", ["58.30", "3.50"]),
        ("RM12.00 SR", ["12.00"]),
        ("943. 40", ["943.40"]),
        ("13%", []),
        ("20cm", []),
        ("12.50 A", ["12.50"]),
        ("12.50S", ["12.50"]),
        ("no amount", []),
        (".50", ["0.50"]),
        ("10.00-20.00", ["10.00", "20.00"]),
        ("5万元", []),
    ],
)
def test_amounts(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1,234.50", "1.234,50", "1234,50", "1'234.50", "1’234.50", "1 234,50", "CHF 1'234.50",
        "EUR 1.234,50", "1.234,50 EUR", "1.234,50€", "1234.50EUR", "1,234.50 SGD", "1234.50DKK",
        "USD$ 1,234.50", "R$ 1.234,50", "1234.50元", "1234.50 DR",
    ],
)  # fmt: skip
def test_one_amount_is_written_in_many_ways(text: str) -> None:
    assert values(text, 0, 1, 2) == ["1234.50"]


@pytest.mark.parametrize(
    "text",
    [
        "-12.50", "- 12.50", "−12.50", "12.50-", "12.50 -", "(12.50)", "( 12.50 )", "($12.50)",
        "$(12.50)", "-$12.50", "$-12.50", "$ -12.50", "-CHF 12.50", "-12,50 €", "12,50- €",
        "12,50 €-", "(12,50 €)", "12.50CR", "12.50 CR", "12.50-CR", "CR 12.50", "12,50 EUR CR",
    ],
)  # fmt: skip
def test_one_negative_amount_too(text: str) -> None:
    assert values(text, 0, 1, 2) == ["-12.50"]


@pytest.mark.parametrize(
    "text", ["-----12.50", "- - - 12.50", "12.50 - x", "A-12.50", "(12.50 net)"]
)
def test_not_every_dash_or_bracket_is_a_minus(text: str) -> None:
    assert values(text, 0, 1, 2) == ["12.50"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234", "1234"),
        ("1,23,456.00", "123456.00"),
        ("1.234.567", "1234567"),
        ("1.234", None),  # either 1234 or 1.234
        ("0,500", None),
        ("12,5", "12.5"),
    ],
)
def test_a_comma_is_a_point_only_where_it_can_be_nothing_else(text: str, expected: str) -> None:
    assert values(text, 0, 1, 2) == [expected]


def test_a_spaced_number_may_be_pieces_and_their_price_if_sums_say_so() -> None:
    spec = FieldSpec("f", "f", "amount", (), places=(2,))
    (found,) = amounts("2 100,00", spec)
    assert [reading.value for reading in found.readings] == [Decimal("2100.00"), Decimal("100.00")]
    assert [reading.how for reading in found.readings] == ["read", "corrected"]


@pytest.mark.parametrize("text", ["(3)", "123456789", "0012"])
def test_counts_and_numbers_of_other_things_are_no_amounts(text: str) -> None:
    assert values(text, 0, 1, 2) == []


def test_an_amount_without_its_point_is_no_amount_as_it_stands() -> None:
    assert values("¥94340", 2) == [None]
