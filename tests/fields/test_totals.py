"""Which of a receipt's amounts is the total, which its tax, and what was paid in which way."""

from __future__ import annotations

import pytest
from pages import statuses, typed, values

from penjing.fields import Form, extract, load


def receipt(text: str) -> Form:
    return extract(typed(text), load("receipt"))


def amounts(form: Form) -> dict[str, str]:
    return {name: value for name, value in values(form).items() if name != "merchant"}


@pytest.mark.parametrize(
    "summary",
    [
        "GST Summary  Amount (RM)  Tax (RM)\nSR = GST @6%  7.74  0.46",
        "TAX RATE  NET  TAX  GROSS\nGST 6%  7.74  0.46  8.20",
        "GST 6% on 7.74  0.46",
        "GST SUMMARY\nCode  Amount  Tax\nSR @ 6%  7.74  0.46",
    ],
)
def test_of_a_row_of_taxes_the_tax_is_meant_and_not_what_it_is_reckoned_from(summary: str) -> None:
    form = receipt(f"TOTAL  8.20\nCASH  10.00\nCHANGE  1.80\n{summary}")
    found = {"total": "8.20", "tax": "0.46", "paid": "10.00", "change": "1.80"}
    assert amounts(form) == found
    assert statuses(form, "total", "paid", "change") == {"checked"}


def test_a_tax_is_not_told_again_by_the_table_of_taxes() -> None:
    form = receipt("Total  8.20\nGST @6%:  0.46\nGST Summary\nSR x GST @6%  7.74  0.46")
    assert amounts(form) == {"total": "8.20", "tax": "0.46"}


def test_the_total_of_the_table_of_taxes_is_not_the_receipts() -> None:
    form = receipt("Tota1 Sale5  112.47\nGST SUMMARY\nSR  6  106.10  6.37\nTotal :  106.10  6.37")
    assert amounts(form) == {"total": "112.47"}


@pytest.mark.parametrize(
    ("printed", "total", "subtotal"),
    [
        ("NET TOTAL  125.00\nVAT  25.00\nTOTAL  150.00", "150.00", "125.00"),
        ("NET TOTAL  125.00\nVAT  25.00\nGROSS TOTAL  150.00", "150.00", "125.00"),
        ("NET  18.87\nGST 6%  1.13\nGROSS  20.00\nROUNDING  0.00", "20.00", "18.87"),
        ("NET AMT  18.89\nGST 6%  1.13\nGROSS AMT  20.02\nROUNDING  -0.02", "20.02", "18.89"),
        ("GROSS  33.92\nROUNDING  -0.02\nNET  33.90", "33.90", "33.92"),
        ("GROSS TOTAL  20.00\nDISCOUNT  2.00\nNET TOTAL  18.00", "18.00", "20.00"),
        ("NETT TOTAL  18.88\nROUNDING ADJ  0.02\nTOTAL  18.90", "18.90", "18.88"),
        ("TOTAL  18.88\nROUNDING  0.02\nNETT TOTAL  18.90", "18.90", "18.88"),
        ("Total Excl. GST  20.00\nGST  1.20\nTotal Incl. GST  21.20", "21.20", "20.00"),
    ],
)
def test_which_is_the_total_the_sums_tell(printed: str, total: str, subtotal: str) -> None:
    form = receipt(printed)
    assert values(form).items() >= {"total": total, "subtotal": subtotal}.items()
    assert statuses(form, "total", "subtotal") == {"checked"}


def test_what_was_paid_tells_the_total() -> None:
    form = receipt("NETT TOTAL  33.92\nTOTAL  33.90\nCASH  50.00\nCHANGE  16.10")
    assert (values(form)["total"], form["total"].status) == ("33.90", "checked")


def test_a_lone_net_or_gross_amount_is_the_total_and_no_subtotal() -> None:
    assert amounts(receipt("NETT TOTAL  33.90\nGST  1.92")) == {"total": "33.90", "tax": "1.92"}
    assert amounts(receipt("GROSS AMOUNT  33.90")) == {"total": "33.90"}


def test_a_sum_without_a_tax_proves_but_does_not_fail() -> None:
    form = receipt("SUBTOTAL  100.00\nSERVICE CHARGE  10.00\nTOTAL  110.00")
    assert statuses(form, "subtotal", "service", "total") == {"checked"}
    form = receipt("SUBTOTAL  100.00\nSERVICE CHARGE  10.00\nTAX..  ?\nTOTAL  116.60")
    assert statuses(form, "subtotal", "service", "total") == {"unchecked"}


def test_a_tax_within_the_prices_leaves_the_rest_its_proof() -> None:
    form = receipt("SUBTOTAL  100.00\nSERVICE CHARGE  10.00\nVAT  18.33\nTOTAL  110.00")
    assert statuses(form, "subtotal", "service", "total") == {"checked"}
    assert form["tax"].status == "unchecked"


@pytest.mark.parametrize("paid", ["10.00\nVISA  3.50\nCHANGE  0.00", "20.00\nCHANGE  6.50"])
def test_cash_and_card_and_change(paid: str) -> None:
    form = receipt(f"TOTAL  13.50\nCASH  {paid}")
    assert statuses(form, *values(form)) == {"checked"}


def test_two_cards_pay_together() -> None:
    form = receipt("TOTAL  13.50\nVISA ****4116  10.00\nMASTERCARD  3.50")
    assert amounts(form) == {"total": "13.50", "card": "10.00", "card_2": "3.50"}
    assert statuses(form, "total", "card", "card_2") == {"checked"}


def test_a_card_is_within_what_was_paid() -> None:
    form = receipt("TOTAL  13.50\nVISA  5.00\nTENDERED  15.00\nCHANGE  1.50")
    assert statuses(form, "total", "paid", "change") == {"checked"}
    assert form["card"].status == "unchecked"


@pytest.mark.parametrize("number", ["4116", "************4116", "XXXX 4116", "A0000000031010"])
def test_the_number_of_a_card_is_no_amount(number: str) -> None:
    assert "card" not in receipt(f"TOTAL  13.50\nVISA {number}")


def test_a_tip_that_is_proposed_is_none() -> None:
    form = receipt("SUBTOTAL  40.00\nTAX  3.55\nTOTAL  43.55\n15% TIP: 6.00\n20% TIP: 8.00")
    assert "tip" not in form
    assert form["total"].status == "checked"


def test_what_was_paid_by_another_word() -> None:
    form = receipt("Total Amt Rounded  15.90\nPayment :  50.00\nChange Due :  34.10")
    assert statuses(form, "total", "paid", "change") == {"checked"}


@pytest.mark.parametrize("total", ["TOTAL  30.00", "TOTAL TO PAY  30.00"])
def test_the_totals_of_single_rates_are_none_of_what_was_paid(total: str) -> None:
    rates = "NET TOTAL  10.00\nVAT  2.00\nGROSS TOTAL  12.00\nVAT 0%\nNET TOTAL  18.00"
    form = receipt(f"{total}\nVISA  30.00\nVAT 20%\n{rates}")
    assert values(form)["total"] == "30.00"


def test_of_two_totals_that_was_meant_which_was_paid() -> None:
    form = receipt("TOTAL  23.40\nClubcard savings  -4.40\nTOTAL CHARGES  19.00\nVISA  19.00")
    assert values(form)["total"] == "19.00"


def test_what_is_paid_back_by_card_keeps_its_minus() -> None:
    form = receipt("TOTAL  -21.00\nVISA  -15.00\nAMEX  (6.00)")
    assert amounts(form) == {"total": "-21.00", "card": "-15.00", "card_2": "-6.00"}
    assert statuses(form, *amounts(form)) == {"checked"}


def test_what_was_paid_may_have_a_minus() -> None:
    form = receipt("TOTAL  21.00\nCASH  -16.00\nVOUCHER  -5.00\nCHANGE  0.00")
    assert statuses(form, "total", "paid", "card", "change") == {"checked"}


def test_a_tax_included_in_the_total_is_not_the_total() -> None:
    form = receipt("GST @6% INCLUDED IN TOTAL  1.13\nTOTAL  20.00")
    assert amounts(form) == {"tax": "1.13", "total": "20.00"}


def test_a_total_after_adjustments_is_no_tax() -> None:
    form = receipt("Total After Adj Incl GST  20.00\nGST  1.13\nCASH  20.00")
    assert amounts(form) == {"total": "20.00", "tax": "1.13", "paid": "20.00"}


@pytest.mark.parametrize("other", ["CREDIT NO 4512.33", "CREDIT BALANCE  99.10"])
def test_another_credit_is_no_payment(other: str) -> None:
    assert "card" not in receipt(f"TOTAL  10.00\n{other}")


def test_the_number_of_a_cash_sale_was_not_paid() -> None:
    form = receipt("CASH SALES NO. : 12345\nTOTAL  20.00")
    assert amounts(form) == {"total": "20.00"}


def test_a_sum_rounded_to_whole_rupees() -> None:
    form = receipt("Sub Total  501.20\nCGST  12.53\nSGST  12.53\nRound Off  -0.26\nTotal  526.00")
    assert statuses(form, "subtotal", "tax", "tax_2", "rounding", "total") == {"checked"}
