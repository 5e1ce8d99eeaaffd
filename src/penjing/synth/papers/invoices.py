"""VAT invoices: the landscape form used until 2024, and the digital one with a 20-digit number."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from penjing.synth.papers import names
from penjing.synth.papers.specimen import Print, Rule, Specimen, frame
from penjing.synth.texts.chinese_fields import person
from penjing.synth.texts.codes import cipher
from penjing.synth.texts.figures import digits
from penjing.synth.texts.phrases import phrases

_WORDS = phrases("chinese")
_GOODS = [goods for goods in _WORDS.invoice_goods if goods.startswith("*")]
_UNITS = ("个", "件", "台", "次", "套", "箱", "项", "千克")
_RATES = ("0.13", "0.09", "0.06", "0.03", "0.01")
_CENT = Decimal("0.01")
_BROWN, _BLACK, _BLUE = (140, 60, 40), (25, 25, 25), (35, 40, 90)
_COLUMNS = (220, 465, 560, 690, 820, 1050, 1105, 1425)  # middles of three, ends of numbers
_WIDTH, _LEFT, _RIGHT = 1480, 40, 1440


def invoice(r: Random) -> Specimen:
    return r.choice((paper_invoice, digital_invoice))(r)


def paper_invoice(r: Random) -> Specimen:
    """With 发票代码 and 发票号码, the buyer above the goods and the seller below."""
    code, number, when = digits(r, r.choice((10, 12))), digits(r, 8), names.day(r)
    parties = [(names.company(r), names.tax_number(r)) for _ in range(2)]
    goods, money = _goods(r, 390, 34)
    kind = r.choice(("增值税电子普通发票", "增值税普通发票", "增值税专用发票"))
    header = _electronic_header if "电子" in kind else _paper_header
    prints = [
        Print(740, 44, names.province(r) + kind, 38, "form", "middle"),
        *header(r, code, number),
        *_labelled(1080, 108, "开票日期：", names.chinese_day(when)),
        *_party(r, 188, "购买方", *parties[0]),
        *_upright("密码区", 852, 200),
        *(Print(890, 192 + 30 * k, cipher(r)[:26], 22) for k in range(4)),
        *_heading(332, "货物或应税劳务、服务名称", "税率"),
        *goods,
        *_totals(r, 612, money),
        *_party(r, 712, "销售方", *parties[1]),
        *_upright("备注", 852, 725),
        *_signatures(r, ("收款人：", "复核：", "开票人：", "销售方：（章）")),
    ]
    truth = {
        "code": code,
        "number": number,
        **_truth(when, parties, money),
    }
    columns = (400, 530, 590, 700, 830, 1060, 1150)
    rules: list[Rule] = [
        *frame(_LEFT, 182, _RIGHT, 836),
        *((_LEFT, y, _RIGHT, y) for y in (324, 604, 644, 704)),
        *((x, 324, x, 644) for x in columns),
        *((x, y, x, y + 138) for x in (82, 840, 882) for y in (184, 704)),
    ]
    return Specimen(
        "vat_invoice",
        _WIDTH,
        910,
        tuple(prints),
        truth,
        tuple(rules),
        ((424, 675),),
        (1180, 790, parties[1][0]),
        _BROWN,
        r.choice((_BLACK, _BLUE)),
    )


def _electronic_header(r: Random, code: str, number: str) -> list[Print]:
    return [
        *_labelled(1080, 40, "发票代码：", code),
        *_labelled(1080, 74, "发票号码：", number),
        *_labelled(1080, 142, "校 验 码：", " ".join(digits(r, 5) for _ in range(4)), 20),
        *_labelled(60, 142, "机器编号：", digits(r, 12)),
    ]


def _paper_header(r: Random, code: str, number: str) -> list[Print]:
    """The code without a label, the number after No, and both once more, smaller."""
    return [
        Print(60, 52, code, 30),
        Print(1080, 48, "No", 34, "form"),
        Print(1130, 50, number, 30),
        Print(1320, 50, code, 18),
        Print(1320, 76, number, 18),
    ]


def digital_invoice(r: Random) -> Specimen:
    """With one number of 20 digits, the buyer on the left and the seller on the right."""
    number, when = digits(r, 20), names.day(r)
    parties = [(names.company(r), names.tax_number(r)) for _ in range(2)]
    goods, money = _goods(r, 330, 36)
    label = "统一社会信用代码/纳税人识别号："
    prints = [
        Print(
            740, 40, f"电子发票（{r.choice(('普通发票', '增值税专用发票'))}）", 38, "form", "middle"
        ),
        *_labelled(1060, 62, "发票号码：", number, 20),
        *_labelled(1060, 98, "开票日期：", names.chinese_day(when), 20),
    ]
    for (name, tax), x, side in zip(parties, (50, 750), ("购买方信息", "销售方信息"), strict=True):
        prints += _upright(side, x, 148, 20, 21)
        prints += _labelled(x + 42, 158, "名称：", name, 21)
        prints += _labelled(x + 42, 218, label, tax, 21)
    prints += [
        *_heading(268, "项目名称", "税率/征收率"),
        *goods,
        *_totals(r, 612, money),
        *_upright("备注", 50, 730),
        *_labelled(100, 880, "开票人：", person(r)),
    ]
    truth = {"number": number, **_truth(when, parties, money)}
    rules: list[Rule] = [
        *frame(_LEFT, 140, _RIGHT, 864),
        *((_LEFT, y, _RIGHT, y) for y in (260, 644, 704)),
        *((x, 140, x, 260) for x in (80, 740, 780)),
        (82, 704, 82, 864),
    ]
    return Specimen(
        "digital_invoice",
        _WIDTH,
        940,
        tuple(prints),
        truth,
        tuple(rules),
        ((424, 675),),
        None,
        r.choice((_BROWN, _BLACK)),
        _BLACK,
    )


def _goods(r: Random, top: float, step: float) -> tuple[list[Print], tuple[Decimal, Decimal]]:
    """One to four lines of goods, and the sums of their amounts and taxes."""
    prints: list[Print] = []
    amount_sum, tax_sum = Decimal(0), Decimal(0)
    rate = Decimal(r.choice(_RATES))
    for k in range(r.choice((1, 1, 1, 2, 2, 3, 4))):
        count = Decimal(r.randint(1, 60))
        amount = (Decimal(int(10 ** r.uniform(3, 6.5))) * _CENT).quantize(_CENT)
        tax = (amount * rate).quantize(_CENT, ROUND_HALF_UP)
        price = (amount / count).quantize(Decimal("0.000001")).normalize()
        row = (r.choice(_GOODS)[:14], "", r.choice(_UNITS), count, f"{price:f}"[:9])
        texts = [
            *map(str, row),
            f"{amount:.2f}",
            f"{rate * 100:f}%".replace(".00%", "%"),
            f"{tax:.2f}",
        ]
        aligns = ("left", "middle", "middle", "right", "right", "right", "middle", "right")
        places = (50, *_COLUMNS[1:])
        prints += [
            Print(x, top + k * step, text, 20, align=align)  # type: ignore[arg-type]
            for x, text, align in zip(places, texts, aligns, strict=True)
            if text
        ]
        amount_sum, tax_sum = amount_sum + amount, tax_sum + tax
    return prints, (amount_sum, tax_sum)


def _truth(
    when: object, parties: list[tuple[str, str]], money: tuple[Decimal, Decimal]
) -> dict[str, str]:
    amount, tax = money
    (buyer, buyer_tax), (seller, seller_tax) = parties
    return {
        "date": str(when),
        "buyer": buyer,
        "buyer_tax_number": buyer_tax,
        "seller": seller,
        "seller_tax_number": seller_tax,
        "amount": str(amount),
        "tax": str(tax),
        "total": str(amount + tax),
        "total_in_words": str(amount + tax),
    }


def _labelled(x: float, y: float, label: str, value: str, size: float = 22) -> list[Print]:
    return [
        Print(x, y, label, size, "form"),
        Print(x + (len(label) - label.count(" ") / 2) * size + 4, y, value, size),
    ]


def _party(r: Random, top: float, side: str, name: str, tax: str) -> list[Print]:
    """Four lines; the two characters of 名称 stand as wide apart as the longest label is."""
    end = 90 + 6 * 22
    lines = (
        ("纳税人识别号", tax),
        ("地址、 电话", f"{names.address(r)} {names.telephone(r)}"),
        ("开户行及账号", names.bank(r)),
    )
    prints = [*_upright(side, 50, top + 12), Print(90, top, "名", 22, "form")]
    prints += [Print(end - 22, top, "称：", 22, "form"), Print(end + 26, top, name)]
    for k, (label, value) in enumerate(lines, start=1):
        prints.append(Print(90, top + 31 * k, label + "：", 22, "form"))
        prints.append(Print(end + 26, top + 31 * k, value, 20))
    return prints


def _heading(y: float, goods: str, rate: str) -> list[Print]:
    texts = (goods, "规格型号", "单位", "数 量", "单 价", "金 额", rate, "税 额")
    places = (220, 465, 560, 645, 765, 945, 1105, 1300)
    return [Print(x, y, text, 20, "form", "middle") for x, text in zip(places, texts, strict=True)]


def _totals(r: Random, y: float, money: tuple[Decimal, Decimal]) -> list[Print]:
    amount, tax = money
    sign = "¥"
    words = names.capitals(amount + tax)
    if r.random() < 0.5:
        words = words.replace("圆", "元")
    return [
        Print(150, y, "合", 22, "form"),
        Print(270, y, "计", 22, "form"),
        Print(_COLUMNS[5], y, f"{sign}{amount:.2f}", align="right"),
        Print(_COLUMNS[7], y, f"{sign}{tax:.2f}", align="right"),
        Print(220, y + 50, "价税合计（大写）", 22, "form", "middle"),
        Print(450, y + 50, words),
        Print(1060, y + 50, "（小写）", 22, "form"),
        Print(1160, y + 50, f"{sign}{amount + tax:.2f}"),
    ]


def _upright(text: str, x: float, y: float, size: float = 22, step: float = 34) -> Iterable[Print]:
    return [Print(x, y + step * k, c, size, "form") for k, c in enumerate(text)]


def _signatures(r: Random, labels: Iterable[str]) -> list[Print]:
    prints = []
    for x, label in zip((70, 430, 790, 1130), labels, strict=True):
        prints.append(Print(x, 850, label, 22, "form"))
        if not label.endswith("）"):
            prints.append(Print(x + len(label) * 22 + 6, 850, person(r)))
    return prints
