"""A wrong value is never called checked, and a correction needs a proof."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pages import misread

from penjing.fields import extract
from penjing.runtime.result import Quad
from penjing.synth.papers.invoices import invoice, paper_invoice
from penjing.synth.papers.receipts import english_receipt
from penjing.synth.papers.specimen import perfect_page


def _rest(found: list[object]) -> object:
    amounts = [value for value in found if isinstance(value, Decimal)]
    return len(amounts) < 3 or amounts[0] + amounts[1] - amounts[2]


seeds = st.integers(0, 2**32)
AMOUNTS = ("amount", "tax", "total")


@settings(max_examples=25)
@given(seeds, st.integers(1, 4))
def test_random_misreadings_are_never_checked_when_wrong(seed: int, errors: int) -> None:
    r = Random(seed)
    specimen = invoice(r)
    page = perfect_page(specimen)
    for _ in range(errors):
        truth = specimen.truth[r.choice(AMOUNTS)]
        place = r.choice([k for k, c in enumerate(truth) if c.isdigit()])
        wrong = truth[:place] + r.choice("0123456789OISB") + truth[place + 1 :]
        holders = [line for line in page.lines if truth in line.text]
        if holders:
            page = misread(page, truth, wrong, r.randrange(len(holders)))
    form = extract(page)
    found = [form[name].value for name in AMOUNTS if name in form]
    # Errors in two amounts that make up for each other cannot be told.
    assume(found[:2] == [Decimal(specimen.truth[name]) for name in AMOUNTS[:2]] or _rest(found))
    for name in (*AMOUNTS, "total_in_words"):
        if name in form and form[name].status == "checked":
            assert str(form[name].value) == specimen.truth[name]


@given(seeds, st.sampled_from(["buyer", "seller"]))
@settings(max_examples=20)
def test_a_misread_tax_number_fails(seed: int, party: str) -> None:
    r = Random(seed)
    specimen = paper_invoice(r)
    truth = specimen.truth[f"{party}_tax_number"]
    place = r.randrange(18)
    wrong = (
        truth[:place]
        + r.choice([c for c in "0123456789" if c != truth[place]])
        + truth[place + 1 :]
    )
    field = extract(misread(perfect_page(specimen), truth, wrong))[f"{party}_tax_number"]
    assert (field.text, field.value, field.status) == (wrong, wrong, "failed")


def test_one_digit_misread_alike_in_two_amounts_still_adds_up_and_is_caught_by_the_words() -> None:
    specimen = paper_invoice(Random(1))  # 58.30 + 3.50 = 61.80
    page = perfect_page(specimen)
    page = misread(page, "¥58.30", "¥58.80")
    page = misread(page, "¥61.80", "¥62.30")
    form = extract(page)
    assert form["amount"].value == Decimal("58.80")
    assert form["amount"].status == "unchecked"
    assert form["total"].status == "failed"


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("amount", "45B.30"),
        ("amount", "458.30"),
        ("tax", "¥3.5O"),
        ("tax", "¥350"),
        ("total", "Y6I.80"),
    ],
)
def test_look_alikes_are_corrected_where_the_sums_prove_it(name: str, seen: str) -> None:
    specimen = paper_invoice(Random(1))
    page = misread(perfect_page(specimen), f"¥{specimen.truth[name]}", seen)
    field = extract(page)[name]
    assert (str(field.value), field.text) == (specimen.truth[name], seen)
    assert field.how == "corrected"
    assert field.status == "checked"


def test_look_alikes_in_the_words_are_corrected_where_the_figures_prove_it() -> None:
    specimen = paper_invoice(Random(1))
    form = extract(misread(perfect_page(specimen), "陆拾", "陈抬"))
    assert form["total_in_words"].value == Decimal("61.80")
    assert form["total_in_words"].how == "corrected"
    assert form["amount"].status == "checked"


def test_a_correction_without_proof_is_not_made() -> None:
    specimen = paper_invoice(Random(1))
    page = misread(perfect_page(specimen), "¥58.30", "¥5B.30")
    page = misread(page, "¥61.80", "¥61.81")
    field = extract(page)["amount"]
    assert (field.value, field.status, field.how) == (None, "failed", "read")


@given(seeds)
@settings(max_examples=20)
def test_letters_that_no_tax_number_has_are_corrected(seed: int) -> None:
    specimen = paper_invoice(Random(seed))
    truth = specimen.truth["buyer_tax_number"]
    seen = truth.replace("0", "O").replace("1", "I")
    page = misread(perfect_page(specimen), truth, seen)
    field = extract(page)["buyer_tax_number"]
    assert field.value == truth
    assert field.status == "checked"
    assert field.how == ("read" if seen == truth else "corrected")


@pytest.mark.parametrize("number", ["913301007996550", "91330100799655058B12"])
def test_numbers_of_the_old_lengths_are_said_to_be_unchecked(number: str) -> None:
    specimen = paper_invoice(Random(1))
    page = misread(perfect_page(specimen), specimen.truth["buyer_tax_number"], number)
    field = extract(page)["buyer_tax_number"]
    assert (field.value, field.status) == (number, "unchecked")
    assert field.checks[0].passed is None
    assert str(len(number)) in field.checks[0].about


def test_full_width_figures_are_plain_readings() -> None:
    specimen = paper_invoice(Random(1))
    field = extract(misread(perfect_page(specimen), "¥58.30", "￥５８．３０"))["amount"]
    assert field.value == Decimal("58.30")
    assert field.how == "read"


def test_a_receipt_without_its_tax_is_checked_by_the_change() -> None:
    specimen = english_receipt(Random(2))
    page = perfect_page(specimen)
    lines = tuple(line for line in page.lines if not line.text.startswith("TAX"))
    form = extract(type(page)(lines, page.width, page.height, page.route, page.model))
    assert "tax" not in form
    assert form["total"].status == "checked"
    assert [check.name for check in form["total"].checks] == ["total + change = paid"]


def test_a_total_rounded_to_coins_neither_passes_nor_fails() -> None:
    specimen = english_receipt(Random(2))
    page = perfect_page(specimen)
    kept = tuple(line for line in page.lines if line.text not in ("CASH", "CHANGE"))
    page = type(page)(kept, page.width, page.height, page.route, page.model)
    total = specimen.truth["total"]
    for off, status in (("0.02", "unchecked"), ("0.05", "failed"), ("0.00", "checked")):
        shown = f"{Decimal(total) + Decimal(off)}"
        assert extract(misread(page, total, shown))["total"].status == status


def test_dictionaries_hold_amounts_as_texts() -> None:
    specimen = paper_invoice(Random(1))
    form = extract(perfect_page(specimen))
    found = {field["name"]: field for field in form.to_dict()["fields"]}
    assert found["amount"]["value"] == "58.30"
    assert found["date"]["value"] == form["date"].value.isoformat()  # type: ignore[union-attr]
    assert isinstance(form["date"].value, date)
    assert found["amount"]["checks"][0]["passed"] is True


def test_a_second_look_is_believed_only_where_the_checks_confirm_it() -> None:
    specimen = paper_invoice(Random(1))
    truth = specimen.truth["seller_tax_number"]
    wrong = [truth[:k] + ("8" if truth[k] != "8" else "3") + truth[k + 1 :] for k in (4, 17)]
    page = misread(perfect_page(specimen), truth, wrong[0])
    asked = []

    def again(place: Quad) -> list[str]:
        asked.append(place)
        return ["：" + wrong[1], wrong[0], *right]

    right: list[str] = []
    field = extract(page, again=again)["seller_tax_number"]
    assert (field.value, field.status, field.how) == (wrong[0], "failed", "read")
    right = [truth]
    field = extract(page, again=again)["seller_tax_number"]
    assert (field.value, field.status, field.how) == (truth, "checked", "read again")
    assert asked == [field.polygon] * 2  # what passed its checks is not looked at again


def test_two_proved_readings_are_as_good_as_none() -> None:
    specimen = paper_invoice(Random(1))
    truth, other = specimen.truth["seller_tax_number"], specimen.truth["buyer_tax_number"]
    page = misread(perfect_page(specimen), truth, truth[:-1] + "~")
    field = extract(page, again=lambda place: [truth, other])["seller_tax_number"]
    assert field.status == "failed"


@given(seeds)
@settings(max_examples=20)
def test_a_second_look_at_amounts_never_makes_a_wrong_one_checked(seed: int) -> None:
    r = Random(seed)
    specimen = invoice(r)
    page = perfect_page(specimen)
    truth = specimen.truth["amount"]
    place = r.choice([k for k, c in enumerate(truth) if c.isdigit()])
    wrong = f"¥{truth[:place]}{r.choice('0123456789')}{truth[place + 1 :]}"
    page = misread(page, f"¥{truth}", wrong)
    guesses = [f"¥{r.randrange(1, 10**6) / 100:.2f}" for _ in range(5)]
    form = extract(page, again=lambda place: [*guesses, f"¥{truth}"])
    assert form["amount"].value == Decimal(truth)
    assert form["amount"].status == "checked"
    form = extract(page, again=lambda place: guesses)
    assert (form["amount"].status == "checked") == (wrong == f"¥{truth}")
