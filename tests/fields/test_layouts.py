"""Papers as they are really laid out, typed by hand: what a template's own specimen cannot show."""

from __future__ import annotations

import pytest
from pages import typed

from penjing.fields import Form, extract, load


def values(form: Form) -> dict[str, str]:
    return {field.name: str(field.value) for field in form.fields}


def statuses(form: Form, *names: str) -> set[str]:
    return {form[name].status for name in names}


PAPER = """
3300194130                浙江增值税专用发票          No 12345678
                                发票联                开票日期：2019年05月06日
名    称：杭州西湖茶叶有限公司                      密
纳税人识别号：91330106MA2B0T1K5C                    码
地址、电话：杭州市文三路1号 0571-88880000           区
开户行及账号：工行杭州支行 120202000000
货物或应税劳务、服务名称  规格型号  单位  数量  单价  金额  税率  税额
*茶叶*龙井                            盒  1  943.40  943.40  6%  56.60
合  计                                        ¥943.40            ¥56.60
价税合计（大写）  壹仟圆整                （小写）¥1000.00
名    称：杭州盆景商行
纳税人识别号：91330100799655058B
收款人：        复核：        开票人：王小明        销售方：（章）
"""


def test_a_paper_invoice_has_its_code_without_a_label_and_its_number_after_no() -> None:
    form = extract(typed(PAPER))
    assert form.template == "vat_invoice"
    found = values(form)
    assert (found["code"], found["number"]) == ("3300194130", "12345678")
    assert (found["buyer"], found["seller"]) == ("杭州西湖茶叶有限公司", "杭州盆景商行")
    assert found["date"] == "2019-05-06"
    assert statuses(form, "amount", "tax", "total", "total_in_words") == {"checked"}


@pytest.mark.parametrize("minus", ["-¥{}", "¥-{}", "¥−{}", "(¥{})", "¥{}-"])
def test_a_credit_invoice_keeps_its_minus(minus: str) -> None:
    text = PAPER.replace("壹仟", "（负数）壹仟")
    for amount in ("943.40", "56.60", "1000.00"):
        text = text.replace(f"¥{amount}", minus.format(amount))
    form = extract(typed(text))
    found = values(form)
    assert (found["amount"], found["tax"]) == ("-943.40", "-56.60")
    assert (found["total"], found["total_in_words"]) == ("-1000.00", "-1000.00")
    assert statuses(form, "amount", "tax", "total", "total_in_words") == {"checked"}


def test_words_and_figures_of_other_signs_disagree() -> None:
    form = extract(typed(PAPER.replace("壹仟", "（负数）壹仟")))
    assert statuses(form, "total", "total_in_words") == {"failed"}


def test_a_roll_invoice_has_its_seller_first() -> None:
    form = extract(
        typed("""
增值税普通发票（卷票）
发票代码 031001800107
发票号码 12345678
机打号码 12345678
机器编号 661234567890
销售方名称：上海盆景餐饮有限公司
纳税人识别号：91330100799655058B
开票日期：2018-05-05    收款员：王芳
购买方名称：杭州西湖茶叶有限公司
纳税人识别号：91330106MA2B0T1K5C
项目    单价    数量    金额
餐饮    120.00    1    120.00
合计金额（小写）：¥120.00
合计金额（大写）：壹佰贰拾圆整
校验码 12345 67890 12345 67890
""")
    )
    assert form.template == "roll_invoice"
    found = values(form)
    assert (found["code"], found["number"]) == ("031001800107", "12345678")
    assert (found["seller"], found["buyer"]) == ("上海盆景餐饮有限公司", "杭州西湖茶叶有限公司")
    assert found["seller_tax_number"] == "91330100799655058B"
    assert found["buyer_tax_number"] == "91330106MA2B0T1K5C"
    assert (found["total"], form["total"].status) == ("120.00", "checked")


def test_a_taxi_receipt() -> None:
    form = extract(
        typed("""
上海市出租汽车专用发票
发票联
发票代码 131001500123
发票号码 12345678
电话 62580000
车号 沪A12345
证号 123456
日期 2019年05月06日
上车 08:05
下车 08:31
单价 2.50元
里程 12.3km
等候 00:03:10
金额 45.00元
""")
    )
    assert form.template == "taxi_receipt"
    assert values(form) == {
        "code": "131001500123",
        "number": "12345678",
        "taxi": "沪A12345",
        "date": "2019-05-06",
        "start": "08:05",
        "end": "08:31",
        "unit_price": "2.50",
        "distance": "12.3",
        "total": "45.00",
    }


def test_a_fixed_invoice_has_its_amount_in_words() -> None:
    form = extract(
        typed("""
浙江省国家税务局通用定额发票
发票联
发票代码 133011940321
发票号码 12345678
壹佰元整
¥100
""")
    )
    assert form.template == "fixed_invoice"
    found = values(form)
    assert (found["code"], found["number"]) == ("133011940321", "12345678")
    assert (found["total"], found["total_in_words"]) == ("100", "100.00")
    assert form["total"].status == "checked"


def test_an_electronic_train_ticket_was_issued_on_another_day() -> None:
    form = extract(
        typed("""
电子发票（铁路电子客票）
发票号码：25119110001000123456          开票日期：2025年01月05日
杭州东站                G7505                上海虹桥站
2025年01月02日          08:05开          05车06F号    二等座
票价：￥73.00
3301****0012 王小明
电子客票号：1234567890123456789012
""")
    )
    assert form.template == "train_ticket"
    found = values(form)
    assert (found["date"], found["issued"]) == ("2025-01-02", "2025-01-05")
    assert (found["time"], found["price"]) == ("08:05", "73.00")
    assert (found["from"], found["to"]) == ("杭州东", "上海虹桥")


def test_a_slow_train_has_no_letter() -> None:
    form = extract(
        typed("北京站      1461次      上海站\n2019年05月06日 12:00开"), load("train_ticket")
    )
    assert values(form)["train"] == "1461"


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


def nameplate(text: str) -> dict[str, str]:
    return values(extract(typed(text), load("nameplate")))


def test_a_name_is_no_model_and_a_capacity_no_voltage() -> None:
    found = nameplate("产品名称：空气开关\n型号：DZ47-63\n额定电压：AC 400V\n额定电流：63A")
    assert (found["model"], found["voltage"], found["current"]) == ("DZ47-63", "AC 400V", "63A")
    found = nameplate("型号：S11-M\n额定容量：1000kVA\n额定电压：10/0.4kV")
    assert (found["power"], found["voltage"]) == ("1000kVA", "10/0.4kV")


def test_a_motor_plate_has_values_without_labels() -> None:
    found = nameplate(
        "三相异步电动机\n型号 Y132M-4    编号 190501\n7.5 kW    15.4 A\n380 V    50-60Hz"
    )
    assert (found["power"], found["current"]) == ("7.5 kW", "15.4 A")
    assert (found["voltage"], found["frequency"]) == ("380 V", "50-60Hz")
    assert (found["model"], found["serial_number"]) == ("Y132M-4", "190501")


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
    assert statuses(form, "subtotal", "tax", "tip", "total") == {"unchecked"}


def test_a_receipt_in_traditional_characters() -> None:
    form = extract(
        typed(
            "翠華餐廳\n小計  HK$22.0\n加一服務費  HK$2.2\n"
            "總計  HK$24.2\n現金  HK$50.0\n找續  HK$25.8"
        )
    )
    assert form.template == "receipt"
    assert statuses(form, "total", "paid", "change") == {"checked"}


@pytest.mark.parametrize(
    "parties",
    [
        """
付款人  户 名  杭州西湖茶叶有限公司     收款人  户 名  宁波海曙五金有限公司
账 号  1202020009900012345             账 号  3901110009200054321
开户银行  工行杭州文三支行              开户银行  工行宁波海曙支行
""",
        """
付款人全称  杭州西湖茶叶有限公司
付款人账号  1202020009900012345
收款人全称  宁波海曙五金有限公司
收款人账号  3901110009200054321
""",
        """
付款人：杭州西湖茶叶有限公司      付款账号：1202020009900012345
收款人：宁波海曙五金有限公司      收款账号：3901110009200054321
""",
    ],
)
def test_a_bank_slip_has_its_parties_side_by_side_or_one_below_the_other(parties: str) -> None:
    form = extract(
        typed(f"""
网上银行电子回单
交易日期：2025-03-15    交易流水号：K12345678901
{parties.strip()}
金 额  ￥12,345.67      金额（大写）  人民币壹万贰仟叁佰肆拾伍元陆角柒分
""")
    )
    assert form.template == "bank_slip"
    assert values(form) == {
        "payer": "杭州西湖茶叶有限公司",
        "payer_account": "1202020009900012345",
        "payee": "宁波海曙五金有限公司",
        "payee_account": "3901110009200054321",
        "date": "2025-03-15",
        "serial_number": "K12345678901",
        "amount": "12345.67",
        "amount_in_words": "12345.67",
    }
    assert statuses(form, "amount", "amount_in_words") == {"checked"}


def test_a_taxi_writes_its_year_first_and_its_hours_in_one() -> None:
    found = values(
        extract(typed("日期：20-05-06\n时间：08:05-08:31\n里程：8.6"), load("taxi_receipt"))
    )
    assert (found["date"], found["start"], found["end"]) == ("2020-05-06", "08:05", "08:31")


def test_a_fare_is_what_was_paid() -> None:
    form = extract(
        typed("应付金额：28.00元\n附加费：1.00元\n实收金额：29.00元"), load("taxi_receipt")
    )
    assert values(form) == {"total": "29.00"}


def test_a_delivery_note_is_no_misread_invoice() -> None:
    form = extract(
        typed("""
送货单
客户：海曙五金    日期：2025.3.15
品名    数量   单价    金额
螺丝    100    0.50    50.00
合计（大写）：伍拾元整
""")
    )
    assert form.template == "pairs"


def test_a_row_may_hold_several_pairs_and_an_hour_is_none() -> None:
    form = extract(typed("姓名：王小明 部门：财务  时间：10:31\n15.03.2025 12:10"))
    assert values(form) == {"姓名": "王小明", "部门": "财务", "时间": "10:31"}


def test_a_word_set_wide_is_one_word() -> None:
    form = extract(typed("北 京 站    G7505    上 海 虹 桥 站"), load("train_ticket"))
    assert (values(form)["from"], values(form)["to"]) == ("北京", "上海虹桥")
