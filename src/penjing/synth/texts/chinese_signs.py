"""What stands on Chinese things and in Chinese streets: labels, signs, addresses."""

from __future__ import annotations

from random import Random

from penjing.synth.texts import codes
from penjing.synth.texts.chinese_fields import colon, field, filled, pinyin
from penjing.synth.texts.figures import clock, digits, number, quantity, telephone
from penjing.synth.texts.phrases import phrases
from penjing.synth.texts.vocabulary import Vocabulary

WORDS = phrases("chinese")
ROADS = ("路", "路", "街", "大道", "巷", "弄", "胡同")


def label(r: Random, v: Vocabulary) -> str:
    """Nameplates, product pages, washing labels, warnings."""
    shape, one = r.random(), r.choice
    if shape < 0.2:
        return str(one(WORDS.label_values))
    if shape < 0.3:
        return quantity(r)
    if shape < 0.35:
        return codes.serial(r)
    if shape < 0.41:
        return "、".join(ingredient(r) for _ in range(r.randint(1, 4)))
    if shape < 0.47:
        return "、".join(v.word(r) for _ in range(r.randint(2, 4)))
    name = one(WORDS.label_fields)
    if r.random() < 0.5:
        return filled(r, v, name)
    return field(r, name, one((v.word(r), one(WORDS.label_values), v.window(r, r.randint(3, 12)))))


def ingredient(r: Random) -> str:
    """What stands in the fine print of creams, food and medicine."""
    stems = r.choices(WORDS.chemical_stems, k=r.choice((1, 1, 2)))
    return "".join(stems) + str(r.choice(WORDS.chemical_ends))


def sign(r: Random, v: Vocabulary) -> str:
    """Streets and doors."""
    shape, one = r.random(), r.choice
    if shape < 0.25:
        return str(one(WORDS.sign_words))
    if shape < 0.50:
        return v.brand(r) + one(WORDS.shop_kinds)
    if shape < 0.62:
        return v.brand(r)
    road = v.village(r) + one(ROADS)
    if shape < 0.74:
        return road + number(r)[:4] + one(("号", "号", "弄", ""))
    if shape < 0.82:
        return f"{road} {pinyin(r)} {one(('Rd', 'Lu', 'St.', 'Ave', 'ROAD', 'Jie'))}"
    if shape < 0.9:
        when = one((telephone(r), f"{clock(r)}-{clock(r)}"))
        return one(("营业时间", "电话", "热线", "TEL", "时间")) + colon(r) + when
    kind = one(("市场", "广场", "家园", "公园", "医院", "小学"))
    return v.place(r) + v.village(r) + kind + one(("", one("ABCDE") + "区", digits(r, 2) + "号"))


def address(r: Random, v: Vocabulary) -> str:
    """A Chinese address, whole or from somewhere in its middle."""
    one = r.choice
    whole = v.division(r) if r.random() < 0.75 else v.place(r)
    shape, village = r.random(), v.village(r)
    house = f"{village}{one(ROADS)}{number(r)[:4]}号"
    if shape < 0.2:
        whole += village + one(("村", "", "小区", "组"))
    elif shape < 0.45:
        whole += house
    elif shape < 0.65:
        whole += f"{house}{number(r)[:2]}{one('幢栋座')}{digits(r, 3)}室"
    elif shape < 0.75:
        park = one(("工业园", "科技园", "开发区", "大厦"))
        whole += f"{village}{park}{one('ABCD')}座{number(r)[:2]}楼"
    elif shape < 0.85:
        whole += f"{house} {telephone(r)}"
    if len(whole) > 8 and r.random() < 0.3:
        whole = whole[r.randint(1, len(whole) - 6) :]
    return one(("", "", "", "", "地址：", "地址:", "住址 ")) + whole
