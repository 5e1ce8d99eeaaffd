"""Japanese receipts, typed by hand."""

from __future__ import annotations

import pytest
from pages import statuses, typed, values

from penjing.fields import extract, load


def test_a_tax_on_top_of_the_prices_is_added_and_told_once() -> None:
    form = extract(
        typed("""
スーパー盆栽 浅草店
令和8年11月30日(月) 12:34    レジ0012
牛乳           ¥198
パン           ¥150軽
小計           ¥348
外税8%         ¥27
合計           ¥375
(税率8%対象    ¥348)
(内消費税等8%  ¥27)
お預り         ¥1,000
お釣り         ¥625
""")
    )
    assert form.template == "japanese_receipt"
    assert values(form) == {
        "merchant": "スーパー盆栽 浅草店",
        "date": "2026-11-30",
        "total": "375",
        "subtotal": "348",
        "tax": "27",
        "paid": "1000",
        "change": "625",
    }
    names = ("total", "subtotal", "tax", "paid", "change")
    assert statuses(form, *names) == {"checked"}


def test_two_rates_within_the_prices() -> None:
    form = extract(
        typed("""
領収書
コーヒー  ¥550
弁当      ¥1,080
合計      ¥1,630
10%対象  ¥550  内消費税  ¥50
8%対象  ¥1,080  内消費税  ¥80
クレジット  ¥1,630
""")
    )
    found = values(form)
    assert (found["total"], found["tax"], found["tax_2"]) == ("1630", "50", "80")
    assert found["card"] == "1630"
    assert "failed" not in {field.status for field in form.fields}


@pytest.mark.parametrize(
    "printed", ["クレジット ****4116", "合計ポイント 300", "お買上点数 3点", "10%対象 ¥500"]
)
def test_other_numbers_are_no_amounts(printed: str) -> None:
    form = extract(typed(f"さくら堂\n合計 ¥800\n{printed}"), load("japanese_receipt"))
    assert values(form) == {"merchant": "さくら堂", "total": "800"}


def test_the_year_comes_first() -> None:
    form = extract(typed("領収証\n26/05/04 12:30\nお預り ¥1,000"))
    assert values(form)["date"] == "2026-05-04"


def test_a_comma_that_was_read_as_a_point_needs_proof() -> None:
    form = extract(typed("小計 ¥1.628\n外税 ¥162\n合計 ¥1.790\nお預り ¥2,000\nお釣り ¥210"))
    assert (str(form["total"].value), form["total"].status) == ("1790", "checked")
    assert form["total"].how == "corrected"
    form = extract(typed("領収証\n消費税込\n合計 ¥1.790"), load("japanese_receipt"))
    assert form["total"].status == "failed"


def test_a_receipt_with_only_words_that_are_chinese_too_is_a_chinese_one() -> None:
    assert extract(typed("小計：100\n合計：100")).template == "receipt"
