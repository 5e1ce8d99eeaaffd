"""Lines of Chinese papers and things: invoices, tickets, slips, labels, signs, exam sheets.

Only words that any such document has; names, numbers and places are made up or come from the
corpora.
"""

from __future__ import annotations

from random import Random

from penjing.synth import codes
from penjing.synth.figures import (
    HEX,
    UP,
    clock,
    date,
    digits,
    money,
    number,
    quantity,
    some,
    telephone,
    yuan,
)
from penjing.synth.phrases import phrases
from penjing.synth.vocabulary import Vocabulary

WORDS = phrases("chinese")

CAPITAL = "零壹贰叁肆伍陆柒捌玖"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红梅志春海燕玉婷雪琳浩宇轩涵欣怡子梓萱雨泽晨曦"
    "博思佳俊鹏飞龙云峰凯丹莉萍晶晓东立波亮成林毅斌振家豪嘉琪诗瑶可心艺若楠彬旭光永胜利民安生忠仁德福贵宝"
)


def upper_amount(value: float) -> str:
    """The amount in the capital numerals of cheques: 1052.70 is 壹仟零伍拾贰圆柒角整."""
    cents = round(value * 100)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text, zero = "", False
    for place in range(len(str(whole)) - 1, -1, -1):
        digit = whole // 10**place % 10
        if digit:
            text += ("零" if zero else "") + CAPITAL[digit] + ("", "拾", "佰", "仟")[place % 4]
        zero = digit == 0 and bool(text)
        if place % 4 == 0 and place and whole // 10**place % 10000:
            text, zero = text + ("", "万", "亿")[place // 4], False
    text = (text or "零") + "圆"
    if not (jiao or fen):
        return text + "整"
    text += (CAPITAL[jiao] + "角") if jiao else "零"
    return text + (CAPITAL[fen] + "分" if fen else "整")


def person(r: Random) -> str:
    return r.choice(SURNAMES) + "".join(r.choices(GIVEN, k=r.choice((1, 2, 2, 2))))


def colon(r: Random) -> str:
    return r.choice(("：", "：", ":", ":", ": ", " "))


def field(r: Random, name: str, value: str) -> str:
    """``name: value`` in one of the ways of print, or one of the two alone."""
    shape = r.random()
    if shape < 0.30:
        return name
    if shape < 0.38:
        return name + colon(r).strip()
    if shape < 0.52:
        return value
    if shape < 0.60:
        return f"【{name}】{r.choice(('：', ':', ''))}{value}"
    return name + colon(r) + value


def company(r: Random, v: Vocabulary) -> str:
    place = r.choice(WORDS.cities) + r.choice(("", "市")) if r.random() < 0.6 else v.place(r)
    return place + v.brand(r) + r.choice(WORDS.company_kinds)


def tax_number(r: Random) -> str:
    return (
        "9"
        + digits(r, 1)
        + digits(r, 6)
        + some(r, "0123456789ABCDEFGHJKLMNPQRTUWXY", 9, 9)
        + r.choice(HEX)
    )


def invoice(r: Random, v: Vocabulary) -> str:
    """A line of a VAT invoice or of the bookkeeping about it."""
    shape = r.random()
    if shape < 0.08:
        return codes.cipher(r)
    if shape < 0.16:
        amount = upper_amount(10 ** (r.random() * 6))
        amount = amount.replace("圆", r.choice(("圆", "圆", "元"))).replace(
            "整", r.choice(("整", "整", "", "正"))
        )
        return r.choice(("", "", "⊗", "大写：", "（大写）", "人民币")).replace("⊗", "") + amount
    if shape < 0.24:
        return company(r, v)
    if shape < 0.29:
        return f"{v.place(r)}{r.choice(('增值税', ''))}{r.choice(('电子', ''))}{r.choice(('普通发票', '专用发票', '发票'))}"
    if shape < 0.34:
        return (
            r.choice(WORDS.banks)
            + v.place(r)
            + r.choice(("支行", "分行", "营业部"))
            + r.choice(("", " ", ""))
            + r.choice(("", digits(r, r.randint(12, 20))))
        )
    if shape < 0.39:
        return r.choice(WORDS.invoice_goods)
    if shape < 0.43:
        return r.choice(("校验码", "校验码：", "校验码 ", "")) + " ".join(
            digits(r, 5) for _ in range(r.choice((1, 2, 4, 4)))
        )
    value = r.choice(
        (digits, money_value, yuan_value, date_value, person_value, tax_value, rate_value)
    )
    return field(r, r.choice(WORDS.invoice_fields), value(r, r.choice((8, 10, 12, 20))))


def money_value(r: Random, _: int) -> str:
    return money(r)


def yuan_value(r: Random, _: int) -> str:
    return yuan(r)


def date_value(r: Random, _: int) -> str:
    return date(r)


def person_value(r: Random, _: int) -> str:
    return person(r)


def tax_value(r: Random, _: int) -> str:
    return tax_number(r)


def rate_value(r: Random, _: int) -> str:
    return r.choice(WORDS.tax_rates)


def pinyin(r: Random) -> str:
    """A station's name in letters."""
    name = "".join(r.choices(WORDS.syllables, k=r.choice((1, 2, 2, 2, 3)))) + r.choice(
        ("", "", "bei", "nan", "xi", "dong")
    )
    return name.capitalize() if r.random() < 0.85 else name.upper()


def ticket(r: Random, v: Vocabulary) -> str:
    """Railway and other tickets."""
    shape = r.random()
    if shape < 0.16:
        name = r.choice(WORDS.cities) if r.random() < 0.4 else v.place(r).rstrip("市县区")
        return (
            name + r.choice(("", "东", "西", "南", "北")) + r.choice(("站", "站", "", " 站", "售"))
        )
    if shape < 0.26:
        return pinyin(r)
    if shape < 0.34:
        return r.choice("GDCKTZ") + number(r)[:4]
    if shape < 0.42:
        return f"{r.randint(1, 17):02}车{r.randint(1, 19):02}{r.choice('ABCDF')}号"
    if shape < 0.46:
        return f"{r.randint(1, 17):02}车{r.randint(1, 118):03}号{r.choice(('', '上铺', '中铺', '下铺'))}"
    if shape < 0.54:
        return f"{r.choice('￥¥￥')}{r.random() * 10 ** r.randint(1, 3):.1f}{r.choice(('元', '元', ''))}"
    if shape < 0.64:
        return f"{r.randint(2008, 2030)}年{r.randint(1, 12):02}月{r.randint(1, 28):02}日{r.randint(0, 23):02}:{r.randint(0, 59):02}开"
    if shape < 0.70:
        return f"{digits(r, 14)}{r.choice(UP)}{digits(r, 6)}"
    if shape < 0.75:
        return (
            f"{digits(r, 10)}****{digits(r, 3)}{r.choice('0123456789X')}{r.choice(('', person(r)))}"
        )
    if shape < 0.80:
        return f"{r.choice(('候车', '检票', '检票口', '登机口'))}{colon(r)}{r.choice('一二三四12345')}{r.choice(('层候车室', '楼', 'A', 'B', '号口'))}"
    return r.choice(WORDS.ticket_words)


def slip(r: Random, v: Vocabulary) -> str:
    """Receipts and card slips of Chinese shops."""
    shape = r.random()
    if shape < 0.10:
        return r.choice(WORDS.banks)
    if shape < 0.16:
        return v.brand(r) + r.choice(WORDS.shop_kinds)
    if shape < 0.30:
        name = v.word(r)
        return r.choice(
            (
                name,
                f"{name} {money(r)}",
                f"{name} x{r.randint(1, 9)}",
                f"{name} {r.randint(1, 9)} {money(r)}",
                f"{r.randint(1, 30)}.{name}",
                f"{name}({quantity(r)})",
                f"{name}（{r.choice('大中小')}份）",
            )
        )
    value = r.choice((digits, money_value, yuan_value, date_value, person_value, digits))
    name = r.choice(WORDS.slip_fields)
    if r.random() < 0.15:
        name = name.replace("(", "（").replace(")", "）")
    return field(
        r,
        name,
        value(r, r.choice((1, 2, 3, 6, 6, 8, 12, 15)))
        if r.random() < 0.85
        else f"{date(r)} {clock(r)}",
    )


def label(r: Random, v: Vocabulary) -> str:
    """Nameplates, product pages, washing labels, warnings."""
    shape = r.random()
    if shape < 0.2:
        return r.choice(WORDS.label_values)
    if shape < 0.35:
        return quantity(r)
    if shape < 0.42:
        return (
            f"({quantity(r)}，{quantity(r)})"
            if r.random() < 0.3
            else f"{v.word(r)}、{v.word(r)}、{v.word(r)}"
        )
    value = r.random()
    content = (
        quantity(r)
        if value < 0.35
        else codes.serial(r)
        if value < 0.55
        else v.word(r)
        if value < 0.7
        else r.choice(WORDS.label_values)
        if value < 0.85
        else date(r)
    )
    return field(r, r.choice(WORDS.label_fields), content)


def sign(r: Random, v: Vocabulary) -> str:
    """What stands in streets and on doors."""
    shape = r.random()
    if shape < 0.25:
        return r.choice(WORDS.sign_words)
    if shape < 0.50:
        return v.brand(r) + r.choice(WORDS.shop_kinds)
    if shape < 0.62:
        return v.brand(r)
    if shape < 0.74:
        return f"{v.village(r)}{r.choice(('路', '街', '大道', '巷', '弄', '胡同'))}{number(r)[:4]}{r.choice(('号', '号', '弄', ''))}"
    if shape < 0.82:
        return f"{v.village(r)}{r.choice(('路', '街', '大道'))} {pinyin(r)} {r.choice(('Rd', 'Lu', 'St.', 'Ave', 'ROAD'))}"
    if shape < 0.9:
        return f"{r.choice(('营业时间', '电话', '热线', 'TEL', '时间'))}{colon(r)}{r.choice((telephone(r), f'{clock(r)}-{clock(r)}'))}"
    return f"{v.place(r)}{v.village(r)}{r.choice(('市场', '广场', '家园', '公园', '医院', '小学'))}{r.choice(('', some(r, 'ABCDE', 1, 1) + '区', digits(r, 2) + '号', '东门'))}"


def address(r: Random, v: Vocabulary) -> str:
    """A Chinese address, whole or from somewhere in its middle."""
    head = v.division(r) if r.random() < 0.75 else v.place(r)
    tail = r.choice(
        (
            "",
            v.village(r) + r.choice(("村", "", "小区", "组")),
            f"{v.village(r)}{r.choice(('路', '街', '大道'))}{number(r)[:4]}号",
            f"{v.village(r)}{r.choice(('路', '街'))}{number(r)[:3]}号{number(r)[:2]}幢{digits(r, 3)}室",
            f"{v.village(r)}{r.choice(('工业园', '科技园', '开发区'))}{r.choice('ABCD')}座{number(r)[:2]}楼",
            f"{v.village(r)} {telephone(r)}",
        )
    )
    whole = head + tail
    if len(whole) > 8 and r.random() < 0.3:
        whole = whole[r.randint(1, len(whole) - 6) :]
    return r.choice(("", "", "", "", "地址：", "地址:", "住址 ")) + whole


def exam(r: Random, v: Vocabulary) -> str:
    """Exam papers and sums."""
    a, b = (f"{r.random() * 10 ** r.randint(0, 3):.{r.choice((0, 0, 1, 2))}f}" for _ in range(2))
    sum_ = f"{a}{r.choice('+-×÷')}{b}"
    if r.random() < 0.3:
        sum_ += f"{r.choice('+-×÷')}{r.randint(1, 99)}"
    shape = r.random()
    if shape < 0.35:
        return sum_ + r.choice(("=", "=", "=", "", f"={number(r)}", "≈"))
    if shape < 0.42:
        return f"{sum_}{r.choice('○<>=')}{number(r)}"
    if shape < 0.75:
        head = r.choice(
            (
                "一、",
                "二、",
                "三、",
                "四、",
                "五、",
                "1. ",
                "2. ",
                "3.",
                "4、",
                "5. ",
                "（1）",
                "(2)",
                "",
            )
        )
        tail = r.choice(
            (
                "",
                "。",
                f"。（{r.randint(1, 40)} 分）",
                f"（共 {r.randint(5, 60)} 分）",
                f"({r.randint(1, 40)}分)",
                "：",
                f"（每题{r.randint(1, 9)}分）",
            )
        )
        return head + r.choice(WORDS.exam_tasks) + tail
    if shape < 0.88:
        return f"{r.choice(('A', 'B', 'C', 'D'))}{r.choice(('.', '．', '、', '. ')).replace('．', '.')}{v.word(r)}"
    return f"{r.randint(1, 40)}{r.choice(('.', '、', '. '))}{v.window(r, r.randint(4, 20))}{r.choice(('（ ）', '( )', '。', '？', ''))}"
