"""Papers as they are really laid out, typed by hand: what a template's own specimen cannot show."""

from __future__ import annotations

import pytest
from pages import statuses, typed, values

from penjing.fields import extract, load

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


@pytest.mark.parametrize(
    "amounts",
    [
        "金额（小写） CNY 12,345.67    金额（大写） 壹万贰仟叁佰肆拾伍元陆角柒分",
        "金额：人民币（大写）壹万贰仟叁佰肆拾伍元陆角柒分    ￥12,345.67元",
        "小写：12,345.67元    大写：壹万贰仟叁佰肆拾伍元陆角柒分",
    ],
)
def test_a_bank_slip_has_its_figures_before_its_words_or_after_them(amounts: str) -> None:
    form = extract(typed(amounts), load("bank_slip"))
    assert values(form) == {"amount": "12345.67", "amount_in_words": "12345.67"}
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
