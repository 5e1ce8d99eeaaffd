"""Receipts as tills really print them, typed by hand: their sums, taxes, discounts and signs."""

from __future__ import annotations

import pytest
from pages import statuses, typed, values

from penjing.fields import Form, extract, load


def receipt(text: str) -> Form:
    return extract(typed(text), load("receipt"))


def test_the_date_is_the_one_with_an_hour() -> None:
    form = receipt("""
SUPER MART SDN BHD
LOT 12-3-05 JALAN TUN
MARS BAR            2.50
MAYO 5.90
Decaf 3.50
TOTAL              11.90
22/11/2018 10:31
""")
    assert values(form)["date"] == "2018-11-22"
    assert values(form)["total"] == "11.90"


@pytest.mark.parametrize("item", ["MARS 2.50", "MAYO 5.90", "Decaf 3.50", "Summary 6.00"])
def test_an_item_is_no_date(item: str) -> None:
    assert "date" not in receipt(f"{item}\nTOTAL 5.90")


def test_a_service_charge_is_part_of_the_total() -> None:
    form = receipt("""
SUBTOTAL          100.00
SERVICE CHARGE     10.00
GST 6%              6.60
TOTAL             116.60
""")
    assert statuses(form, "subtotal", "service", "tax", "total") == {"checked"}


def test_a_tax_within_the_prices_fails_no_sum() -> None:
    form = receipt("SUBTOTAL  12.50\nVAT  2.08\nTOTAL  12.50\nCASH  20.00\nCHANGE  7.50")
    assert form["tax"].status == "unchecked"
    assert [check.passed for check in form["total"].checks] == [True, None]
    assert form["total"].status == "checked"


def test_a_rounded_payment_leaves_its_sum_open() -> None:
    form = receipt("""
Total Sales (Inclusive of GST)   33.92
Rounding                         -0.02
Total                            33.90
CASH                             50.00
CHANGE                           16.10
""")
    assert "failed" not in statuses(form, "total", "paid", "change")


def test_whole_amounts_are_amounts_but_counts_are_not_totals() -> None:
    form = receipt("合计：128\n实收：200\n找零：72")
    assert values(form) == {"total": "128", "paid": "200", "change": "72"}
    assert statuses(form, "total", "paid", "change") == {"checked"}
    assert values(receipt("实付：¥30.0"))["total"] == "30.0"
    form = receipt("Total Quantity  2.00\nTOTAL (3)  18.90\nCASH  20.00\nCHANGE  1.10")
    assert form["total"].status == "checked"
    assert values(receipt("总计数量：3.00\n合计：18.90"))["total"] == "18.90"


def test_a_point_that_was_lost_is_put_back_where_the_sums_prove_it() -> None:
    form = receipt("TOTAL  1890\nCASH  20.00\nCHANGE  1.10")
    assert (str(form["total"].value), form["total"].how) == ("18.90", "corrected")


def test_a_total_that_includes_the_tax_is_no_tax() -> None:
    form = receipt("Total RM Incl. of GST 18.88")
    assert values(form) == {"total": "18.88"}


@pytest.mark.parametrize("sign", ["HKD", "SGD", "CNY ", "RM", "NT$", "£"])
def test_currencies(sign: str) -> None:
    assert values(receipt(f"TOTAL {sign}128.00"))["total"] == "128.00"


def test_a_rate_is_no_tax() -> None:
    assert values(receipt("TAX 8.875 %  8.31"))["tax"] == "8.31"
    assert values(receipt("TAX 6.00 %  0.60"))["tax"] == "0.60"


def test_labels_that_look_like_others_keep_their_values() -> None:
    form = receipt("应收：18.50\n抹零：0.50\n实收：18.00")
    assert "change" not in form
    form = receipt("""
商户名称：湖滨文具店
交易卡号：622200000000
消费金额：120.00
""")
    assert values(form)["total"] == "120.00"


def test_a_card_slip_has_its_amount_below_the_label() -> None:
    form = receipt("商户名称：湖滨文具店\n交易金额(AMOUNT)\nRMB: 120.00")
    assert values(form)["total"] == "120.00"


def test_a_second_look_solves_a_receipt_with_many_readings() -> None:
    form = extract(
        typed("SUBTOTAL  100.00\nTAX  6.00\nTOTAL  186.00\nCASH  110.00\nCHANGE  4.00"),
        load("receipt"),
        again=lambda place: [f"{k}.00" for k in (101, 102, 103, 104, 106)],
    )
    assert (str(form["total"].value), form["total"].status) == ("106.00", "checked")


def test_what_was_tendered_is_what_was_paid() -> None:
    form = receipt("TOTAL SALES INCL GST @ 6%  RM8.60\nCASH  8.60\nTENDERED  9.00\nCHANGE  0.40")
    assert statuses(form, "total", "paid", "change") == {"checked"}


@pytest.mark.parametrize("other", ["优惠金额", "折扣金额", "退款金额", "积分金额"])
def test_another_amount_is_no_misread_total(other: str) -> None:
    form = receipt(f"{other}：1.00\n应收金额：18.48\n实收金额：20.00\n找零金额：1.52")
    assert values(form) == {"total": "18.48", "paid": "20.00", "change": "1.52"}
    assert statuses(form, "total", "paid", "change") == {"checked"}


@pytest.mark.parametrize("printed", ["-10.00", "10.00", "(10.00)"])
def test_a_discount_below_the_subtotal_is_taken_off(printed: str) -> None:
    form = receipt(f"SUBTOTAL  100.00\nDISCOUNT  {printed}\nVAT  18.00\nTOTAL  108.00")
    assert statuses(form, "subtotal", "discount", "tax", "total") == {"checked"}


def test_a_discount_above_the_subtotal_is_in_it() -> None:
    form = receipt("Latte  4.50\nDiscount  -0.50\nSUBTOTAL  4.00\nTAX  0.40\nTOTAL  4.40")
    assert "discount" not in form
    assert statuses(form, "subtotal", "tax", "total") == {"checked"}


def test_a_tip_is_in_the_total_or_comes_after_it() -> None:
    form = receipt("SUBTOTAL  40.00\nTAX  3.55\nTIP  8.00\nTOTAL  51.55")
    assert statuses(form, "subtotal", "tax", "tip", "total") == {"checked"}
    form = receipt("SUBTOTAL  40.00\nTAX  3.55\nTOTAL  43.55\nTIP  8.00")
    assert statuses(form, "subtotal", "tax", "total") == {"checked"}
    assert form["tip"].status == "unchecked"


def test_a_receipt_in_traditional_characters() -> None:
    form = extract(
        typed(
            "翠華餐廳\n小計  HK$22.0\n加一服務費  HK$2.2\n"
            "總計  HK$24.2\n現金  HK$50.0\n找續  HK$25.8"
        )
    )
    assert form.template == "receipt"
    assert statuses(form, "total", "paid", "change") == {"checked"}


def test_several_taxes_are_added() -> None:
    form = receipt("SUBTOTAL  100.00\nGST 5%  5.00\nPST 7%  7.00\nTOTAL  112.00")
    assert values(form) == {"total": "112.00", "subtotal": "100.00", "tax": "5.00", "tax_2": "7.00"}
    assert statuses(form, "subtotal", "tax", "tax_2", "total") == {"checked"}
    form = receipt("SUBTOTAL  40.00\nTAX 1 6.25%  2.50\nTAX 2 2%  0.80\nTOTAL  43.30")
    assert statuses(form, "subtotal", "tax", "tax_2", "total") == {"checked"}


def test_two_taxes_of_one_amount_are_two_where_they_have_two_names() -> None:
    form = receipt("SUBTOTAL  1000.00\nCGST 2.5%  25.00\nSGST 2.5%  25.00\nTOTAL  1050.00")
    assert statuses(form, "subtotal", "tax", "tax_2", "total") == {"checked"}


@pytest.mark.parametrize(
    "taxes",
    [
        "TAX  12.00\nGST 5%  5.00\nPST 7%  7.00",  # the whole, and its parts
        "GST 5%  5.00\nPST 7%  7.00\nTOTAL TAX  12.00",
        "GST 12%  12.00\nGST  12.00",  # one, twice
        "TAX  12.00\nGST  5.00\nPST  7.00\nGST  5.00",
        "SALES TAX  12.00\nVAT 12%  12.00",
    ],
)
def test_a_tax_that_is_printed_twice_counts_once(taxes: str) -> None:
    form = receipt(f"SUBTOTAL  100.00\n{taxes}\nTOTAL  112.00")
    assert values(form) == {"total": "112.00", "subtotal": "100.00", "tax": "12.00"}
    assert statuses(form, "subtotal", "tax", "total") == {"checked"}


def test_taxes_that_do_not_add_up_fail_together() -> None:
    form = receipt("SUBTOTAL  100.00\nGST 5%  5.00\nPST 7%  7.00\nTOTAL  118.00")
    assert statuses(form, "subtotal", "tax", "tax_2", "total") == {"failed"}


def test_two_rates_within_the_prices_fail_no_sum() -> None:
    form = receipt("SUBTOTAL  30.00\nVAT 20%  4.00\nVAT 5%  0.29\nTOTAL  30.00")
    assert (str(form["tax"].value), str(form["tax_2"].value)) == ("4.00", "0.29")
    assert statuses(form, "subtotal", "tax", "tax_2", "total") == {"unchecked"}


def test_a_tax_of_nothing_leaves_the_sum_its_proof() -> None:
    form = receipt("SUBTOTAL  100.00\nGST  5.00\nPST  0.00\nTOTAL  105.00")
    assert statuses(form, "subtotal", "tax", "tax_2", "total") == {"checked"}
    form = receipt("SUBTOTAL  100.00\nGST  0.00\nTOTAL  100.00")
    assert statuses(form, "subtotal", "tax", "total") == {"unchecked"}


def test_the_number_of_a_firm_is_no_tax() -> None:
    form = receipt("GST# 123456789 RT0001\nSUBTOTAL  100.00\nGST  5.00\nTOTAL  105.00")
    assert str(form["tax"].value) == "5.00"
    assert "tax_2" not in form


@pytest.mark.parametrize("minus", ["-{}", "{}-", "({})", "{}CR", "{} CR", "-$ {}", "-$     {}"])
def test_what_goes_back_is_negative(minus: str) -> None:
    subtotal, gst, total = (minus.format(amount) for amount in ("100.00", "5.00", "105.00"))
    form = receipt(f"SUBTOTAL  {subtotal}\nGST  {gst}\nTOTAL  {total}")
    assert values(form) == {"subtotal": "-100.00", "tax": "-5.00", "total": "-105.00"}
    assert statuses(form, "subtotal", "tax", "total") == {"checked"}


@pytest.mark.parametrize("printed", ["10.00", "-10.00"])
def test_less_goes_back_where_a_discount_was_given(printed: str) -> None:
    form = receipt(f"SUBTOTAL  -100.00\nDISCOUNT  {printed}\nTAX  -9.00\nTOTAL  -99.00")
    assert statuses(form, "subtotal", "discount", "tax", "total") == {"checked"}


def test_several_discounts_are_taken_off() -> None:
    form = receipt(
        "SUBTOTAL  100.00\nDISCOUNT  5.00\nMEMBER DISCOUNT  -3.00\nVAT  18.40\nTOTAL  110.40"
    )
    assert statuses(form, "subtotal", "discount", "discount_2", "tax", "total") == {"checked"}


def test_commas_may_be_decimal_points() -> None:
    form = receipt(
        "Subtotal  1.010,00 EUR\nVAT 20%  202,00 EUR\nTotal  EUR 1.212,00\n"
        "Cash  1 300,00 €\nChange  88,00 €"
    )
    found = {"subtotal": "1010.00", "tax": "202.00", "total": "1212.00"}
    assert values(form) == {**found, "paid": "1300.00", "change": "88.00"}
    assert statuses(form, *values(form)) == {"checked"}


def test_a_count_before_the_total_is_not_the_total() -> None:
    assert values(receipt("TOTAL  3  18.90"))["total"] == "18.90"
    assert values(receipt("TOTAL 3 pcs  18.90"))["total"] == "18.90"
    assert values(receipt("TAX1 8.25%  0.83"))["tax"] == "0.83"
    assert values(receipt("合计： 3件  45元"))["total"] == "45"


def test_a_few_cents_begin_with_their_point() -> None:
    form = receipt("SUBTOTAL  9.50\nTAX  .50\nTOTAL: 10.00")
    assert statuses(form, "subtotal", "tax", "total") == {"checked"}
    assert values(receipt("TOTAL ....12.50"))["total"] == "12.50"


@pytest.mark.parametrize(
    "other",
    ["Room charge", "VAT NO 220 4302", "TAX EXEMPT", "TAXABLE TOTAL", "Total (Excl GST)"],
)
def test_another_label_that_holds_the_word_is_another(other: str) -> None:
    form = receipt(f"{other}  80.00\nTAX  8.00\nTOTAL  108.00\nCASH  108.00")
    assert {"change", "tax_2"}.isdisjoint(values(form))
    assert values(form).items() >= {"tax": "8.00", "total": "108.00", "paid": "108.00"}.items()


@pytest.mark.parametrize(
    "total",
    ["Total (Incl. Tax)", "TOTAL INC VAT", "Total after tax", "TOTAL DUE", "Total charges"],
)
def test_totals_by_other_names(total: str) -> None:
    form = receipt(f"{total}  12.00\nVAT 20%  2.00\nCASH  20.00\nCHANGE  8.00")
    assert (values(form)["total"], values(form)["tax"]) == ("12.00", "2.00")
    assert "tax_2" not in form
    assert statuses(form, "total", "paid", "change") == {"checked"}


def test_what_is_left_to_pay_is_the_total_unless_nothing_is_left() -> None:
    form = receipt("NET TOTAL  125.00\nVAT  25.00\nGROSS TOTAL  150.00\nAMOUNT DUE  150.00")
    assert values(form)["total"] == "150.00"
    form = receipt("TOTAL  150.00\nPAYMENTS  -150.00\nAMOUNT DUE  0.00\nBALANCE DUE  0.00")
    assert values(form)["total"] == "150.00"
    assert values(receipt("TOTAL  0.00\nAMOUNT DUE  0.00"))["total"] == "0.00"


def test_change_may_have_a_minus() -> None:
    form = receipt("TOTAL  45.80\nCASH  50.80\nCHANGE  -5.00")
    assert statuses(form, "total", "paid", "change") == {"checked"}
    form = receipt("TOTAL  -45.80\nCASH  -50.80\nCHANGE  5.00")
    assert statuses(form, "total", "paid", "change") == {"checked"}


def test_the_day_that_a_bill_is_due_is_not_its_date() -> None:
    form = receipt("DUE DATE  30 Dec 2026\nDATE  30th November 2026\nTOTAL  5.00")
    assert values(form)["date"] == "2026-11-30"


def test_totals_of_other_things_are_those_things() -> None:
    form = receipt("TOTAL VAT  2.00\nTOTAL  12.00\nTOTAL CASH  20.00\nTOTAL CHANGE  8.00")
    assert values(form) == {"tax": "2.00", "total": "12.00", "paid": "20.00", "change": "8.00"}
