"""Invented people, firms and numbers; the numbers have right check characters."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from penjing.fields.tax_number import ALPHABET, check_character, organisation_check
from penjing.synth.texts.chinese_fields import upper_amount
from penjing.synth.texts.figures import digits
from penjing.synth.texts.phrases import phrases

_WORDS = phrases("chinese")
_FIRST = "云松竹青蓝星海山晨远宏达瑞嘉和康安泰新华博文盛润丰德信诚鼎恒天宇光正永昌"
_SECOND = "峰林溪石舟帆禾麦谷泉岚桥川原野湖月阳辰歌雅轩庭居源通利隆兴茂盈晟凯"
_PROVINCES = (
    "北京",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "湖北",
    "广东",
    "四川",
)
_ROADS = ("中山", "人民", "解放", "建设", "文化", "和平", "青年", "胜利")


def company(r: Random) -> str:
    """A firm with two characters of a name that means nothing."""
    place = r.choice(_WORDS.cities)
    return f"{place}{r.choice(_FIRST)}{r.choice(_SECOND)}{r.choice(_WORDS.company_kinds)}"


def tax_number(r: Random) -> str:
    """A unified social credit code of a firm: both of its check characters are right."""
    organisation = "".join(r.choices(ALPHABET if r.random() < 0.5 else "0123456789", k=8))
    first = f"91{r.randint(11, 65)}{digits(r, 4)}{organisation}{organisation_check(organisation)}"
    return first + check_character(first)


def province(r: Random) -> str:
    return r.choice(_PROVINCES)


def address(r: Random) -> str:
    return f"{r.choice(_WORDS.cities)}市{r.choice(_ROADS)}路{r.randint(1, 999)}号"


def telephone(r: Random) -> str:
    return f"0{r.randint(310, 999)}-{digits(r, 8)}"


def bank(r: Random) -> str:
    city = r.choice(_WORDS.cities)
    return f"{r.choice(_WORDS.banks)}{city}{r.choice(_ROADS)}路支行 {digits(r, 16)}"


def day(r: Random) -> date:
    return date(2018, 1, 1) + timedelta(days=r.randint(0, 3200))


def chinese_day(value: date) -> str:
    return f"{value.year}年{value.month:02}月{value.day:02}日"


def capitals(amount: Decimal) -> str:
    return upper_amount(float(amount))
