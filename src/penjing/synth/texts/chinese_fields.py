"""What Chinese papers and labels name: persons, firms, amounts, and ``name: value`` fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from penjing.synth.texts import codes
from penjing.synth.texts.figures import (
    HEX,
    clock,
    date,
    digits,
    moment,
    money,
    quantity,
    some,
    telephone,
    yuan,
)
from penjing.synth.texts.phrases import phrases
from penjing.synth.texts.vocabulary import Vocabulary

WORDS = phrases("chinese")

CAPITAL = "零壹贰叁肆伍陆柒捌玖"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜"
    "叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎"
    "贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红梅志春海燕玉婷雪琳浩宇"
    "轩涵欣怡子梓萱雨泽晨曦博思佳俊鹏飞龙云峰凯丹莉萍晶晓东立波亮成林毅斌振家豪嘉琪诗瑶可"
    "心艺若楠彬旭光永胜利民安生忠仁德福贵宝"
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


def company(r: Random, v: Vocabulary) -> str:
    place = r.choice(WORDS.cities) + r.choice(("", "市")) if r.random() < 0.6 else v.place(r)
    return place + v.brand(r) + r.choice(WORDS.company_kinds)


def tax_number(r: Random) -> str:
    """A unified social credit code: 9, seven digits, ten digits or letters."""
    return f"9{digits(r, 7)}{some(r, '0123456789ABCDEFGHJKLMNPQRTUWXY', 9, 9)}{r.choice(HEX)}"


def pinyin(r: Random) -> str:
    """A place's name in letters."""
    name = "".join(r.choices(WORDS.syllables, k=r.choice((1, 2, 2, 2, 3))))
    name += r.choice(("", "", "bei", "nan", "xi", "dong"))
    return name.capitalize() if r.random() < 0.85 else name.upper()


def colon(r: Random) -> str:
    return r.choice(("：", "：", ":", ":", ": ", " "))


def field(r: Random, name: str, value: str) -> str:
    """``name: value`` in one of the ways that are printed, or one of the two alone."""
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


# What value suits a field: that of the first pattern which is found in its name.
VALUES: tuple[tuple[re.Pattern[str], Callable[[Random, Vocabulary], str]], ...] = (
    (re.compile("日期|DATE"), lambda r, v: date(r)),
    (re.compile("时间|TIME"), lambda r, v: r.choice((clock, moment))(r)),
    (re.compile("识别号|税号|信用代码"), lambda r, v: tax_number(r)),
    (re.compile("率"), lambda r, v: str(r.choice(WORDS.tax_rates))),
    (re.compile("电话|热线|联系方式"), lambda r, v: telephone(r)),
    (re.compile("地址|产地"), lambda r, v: v.division(r)),
    (re.compile("行"), lambda r, v: str(r.choice(WORDS.banks))),
    (re.compile("型号|编号|标准|货号|文号|许可"), lambda r, v: codes.serial(r)),
    (re.compile("[号码]|NO"), lambda r, v: digits(r, r.choice((3, 6, 8, 8, 10, 12, 12, 16, 20)))),
    (re.compile("[额价费款]|[计收惠零金]|AMOUNT"), lambda r, v: r.choice((yuan, money))(r)),
    (re.compile("电压|功率|频率|电流|净含量|重量|容量|温度|能量|蛋白|脂肪|碳水|钠|规格|数量"),
     lambda r, v: quantity(r)),
    (re.compile("名称|单位|方|厂家|商$"), company),
    (re.compile("[人员核]|出纳|姓名|制单|主管"), lambda r, v: person(r)),
)  # fmt: skip


def filled(r: Random, v: Vocabulary, name: str) -> str:
    """The field ``name`` with a value that suits it, or now and then any value."""
    if r.random() < 0.9:
        for pattern, maker in VALUES:
            if pattern.search(name):
                return field(r, name, maker(r, v))
    return field(r, name, r.choice((money, yuan, date, person, quantity, codes.serial))(r))
