"""Values in texts."""

from __future__ import annotations

from datetime import date

import pytest

from penjing.fields.kinds import find
from penjing.fields.template import FieldSpec


def values(text: str, kind: str, **options: object) -> list[object]:
    spec = FieldSpec("f", "f", kind, (), **options)  # type: ignore[arg-type]
    plain = ([r.value for r in found.readings if r.how == "read"] for found in find(text, spec))
    return [value[0] if value else None for value in plain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年11月22日", date(2026, 11, 22)),
        ("2026 年 1 月 2 日", date(2026, 1, 2)),
        ("2026-11-22 14:33:00", date(2026, 11, 22)),
        ("20261122", date(2026, 11, 22)),
        ("22/11/2026 08:15", date(2026, 11, 22)),
        ("11/22/26", date(2026, 11, 22)),
        ("05/04/18", date(2018, 4, 5)),
        ("22 Nov 2026", date(2026, 11, 22)),
        ("NOV 22, 2026", date(2026, 11, 22)),
        ("22-NOV-26", date(2026, 11, 22)),
        ("26年11月22日", date(2026, 11, 22)),
        ("令和8年11月22日(日) 12:34", date(2026, 11, 22)),
        ("令和元年12月1日", date(2019, 12, 1)),
        ("平成30年 1月 2日", date(2018, 1, 2)),
        ("中華民國115年11月22日", date(2026, 11, 22)),
        ("R8.11.22", date(2026, 11, 22)),
    ],
)
def test_dates(text: str, expected: date) -> None:
    assert values(text, "date")[0] == expected


@pytest.mark.parametrize(
    "text", ["2026年13月01日", "31/02/2026", "1.2.3.4", "12:30:45", "和26年11月22日"]
)
def test_days_that_are_none(text: str) -> None:
    assert values(text, "date") == []


def test_the_month_may_come_first() -> None:
    assert values("05/04/18", "date", month_first=True) == [date(2018, 5, 4)]


def test_digits_of_the_wrong_length_are_not_the_number() -> None:
    assert values("123456789012", "digits", length=(8,)) == []
    assert values("12345678 ", "digits", length=(8,)) == ["12345678"]
