"""With right texts every value is found, wherever lines are cut and however the paper lies."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import disturbed, misread, turned

from penjing.fields import Form, extract, load
from penjing.runtime.result import Line, Page
from penjing.synth.papers.cards import business_card, nameplate
from penjing.synth.papers.invoices import digital_invoice, invoice, paper_invoice
from penjing.synth.papers.receipts import japanese_receipt, receipt
from penjing.synth.papers.specimen import Specimen, perfect_page
from penjing.synth.papers.tickets import train_ticket

Maker = Callable[[Random], Specimen]
MONEY = ("amount", "tax", "total", "total_in_words", "buyer_tax_number", "seller_tax_number")

seeds = st.integers(0, 2**32)


def wrong(form: Form, specimen: Specimen) -> dict[str, object]:
    found = {field.name: str(field.value) for field in form.fields}
    return {
        name: (truth, found.get(name))
        for name, truth in specimen.truth.items()
        if found.get(name) != truth
    }


@pytest.mark.parametrize(
    "make", [train_ticket, receipt, japanese_receipt, business_card, nameplate]
)
@settings(max_examples=25)
@given(seed=seeds)
def test_papers_are_known_and_read(make: Maker, seed: int) -> None:
    specimen = make(Random(seed))
    form = extract(perfect_page(specimen))
    assert form.template == specimen.template
    assert not wrong(form, specimen)


@settings(max_examples=25)
@given(seeds)
def test_invoices_are_read_and_checked_however_they_lie(seed: int) -> None:
    r = Random(seed)
    specimen = invoice(r)
    form = extract(disturbed(specimen, r))
    assert form.template == specimen.template
    assert not wrong(form, specimen)
    assert {form[name].status for name in MONEY} == {"checked"}
    assert {field.how for field in form.fields} == {"read"}


@pytest.mark.parametrize("make", [paper_invoice, digital_invoice])
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_on_its_side_is_read_too(make: Maker, degrees: int) -> None:
    specimen = make(Random(degrees))
    assert not wrong(extract(turned(perfect_page(specimen), degrees)), specimen)


def test_boxes_lie_where_the_values_are_printed() -> None:
    specimen = paper_invoice(Random(1))
    page = perfect_page(specimen)
    field = extract(page)["total"]
    line = next(line for line in page.lines if line.text == field.text)
    assert field.polygon == line.polygon
    assert field.text.startswith("¥")
    assert isinstance(field.value, Decimal)


def test_buyer_and_seller_are_told_apart_when_one_label_is_unreadable() -> None:
    for make in (paper_invoice, digital_invoice):
        specimen = make(Random(3))
        page = perfect_page(specimen)
        for label in ("纳税人识别号：", "统一社会信用代码/纳税人识别号："):
            if any(label == line.text for line in page.lines):
                page = misread(page, label, "～～～～")
                break
        form = extract(page)
        assert "buyer_tax_number" not in form
        assert form["seller_tax_number"].value == specimen.truth["seller_tax_number"]


def test_labels_may_be_misread() -> None:
    specimen = paper_invoice(Random(5))
    page = perfect_page(specimen)
    for right, seen in (
        ("发票代码：", "发栗代玛："),
        ("开票日期", "开条日期"),
        ("纳税人识别号", "纳税人识别导"),
    ):
        page = misread(page, right, seen)
    assert not wrong(extract(page), specimen)


def test_both_stations_are_found_in_one_row_and_beside_a_watermark() -> None:
    texts = {
        (1100, 0): "shop.example",
        (300, 160): "临江站",
        (560, 160): "G1418",
        (750, 160): "东明西站",
        (260, 250): "2025年12月26日16:33开",
        (738, 250): "03车06F号",
        (270, 340): "限乘当日当次车",
        (300, 420): "买票请到12306",
    }
    form = extract(_printed(texts, size=55), load("train_ticket"))
    assert (form["from"].value, form["to"].value) == ("临江", "东明西")


def test_a_card_slip_names_its_merchant_below_the_label() -> None:
    texts = {
        (10, 0): "BANK 银行",
        (10, 40): "商户名称&编号(MERCHANT NAME&CODE)",
        (10, 80): "湖滨文具店",
        (10, 120): "交易类型",
    }
    form = extract(_printed(texts, size=20), load("receipt"))
    assert form["merchant"].value == "湖滨文具店"


def _printed(texts: dict[tuple[int, int], str], size: int) -> Page:
    """A page with each text where it begins, ``size`` pixels high."""
    lines = []
    for (x, y), text in texts.items():
        right = x + size * sum(0.5 if character.isascii() else 1 for character in text)
        lines.append(Line(text, 0.9, ((x, y), (right, y), (right, y + size), (x, y + size))))
    return Page(tuple(lines), 1400, 1000, "page", "none")


def test_other_papers_give_their_pairs() -> None:
    texts = {(10, 10): "送货单", (10, 50): "客户：西湖茶叶店", (10, 90): "备注：轻放"}
    form = extract(_printed(texts, size=20))
    assert form.template == "pairs"
    assert {field.name: field.value for field in form.fields} == {
        "客户": "西湖茶叶店",
        "备注": "轻放",
    }


def test_a_page_without_text_gives_no_fields() -> None:
    assert extract(Page((), 10, 10, "page", "none")).fields == ()
    assert extract(Page((), 10, 10, "page", "none"), load("vat_invoice")).fields == ()


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.text(max_size=30), st.integers(-50, 900), st.integers(-50, 900)), max_size=12
    )
)
def test_any_page_at_all_gives_a_form(pieces: list[tuple[str, int, int]]) -> None:
    lines = tuple(
        Line(text, 0.5, ((x, y), (x + 9 * len(text), y), (x + 9 * len(text), y + 18), (x, y + 18)))
        for text, x, y in pieces
    )
    page = Page(lines, 900, 900, "page", "none")
    for name in ("vat_invoice", "receipt", "business_card", "nameplate", "train_ticket"):
        for field in extract(page, load(name)).fields:
            assert field.text
            assert all(isinstance(c, float) for point in field.polygon for c in point)


def test_a_hostile_page_takes_no_longer_than_a_large_one() -> None:
    place = ((0.0, 0.0), (900.0, 0.0), (900.0, 9.0), (0.0, 9.0))
    long = Line("合计:" * 30_000, 1.0, place)
    many = [Line("合计: A1@", 1.0, place) for _ in range(30_000)]
    for lines in ([long], many):
        extract(Page(tuple(lines), 900, 900, "text_layer", "none"))  # within the test's time limit
