"""Amounts in the capital numerals of cheques and invoices: 壹仟零伍拾贰圆柒角整 is 1052.70."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {c: k for k, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}
_SECTIONS = {"万": 10**4, "亿": 10**8}
_YUAN = "圆元"
_ENDS = "整正"
ALPHABET = frozenset("".join([*DIGITS, *_UNITS, *_SECTIONS, _YUAN, "角分", _ENDS]))

_ALIKE = {
    "零": "雩霎",
    "壹": "壶壺臺",
    "贰": "武贡貳弍",
    "叁": "参叄參",
    "肆": "津隶",
    "伍": "五佤",
    "陆": "陈陸",
    "柒": "染某",
    "捌": "别拐",
    "玖": "致玫久",
    "拾": "抬捡恰十",
    "佰": "伯百",
    "仟": "任千什",
    "万": "方萬",
    "亿": "忆億",
    "圆": "园圖圓",
    "角": "甪",
    "分": "兮",
    "整": "墼",
    "正": "止",
}
CONFUSIONS = {wrong: right for right, others in _ALIKE.items() for wrong in others}
"""Characters that no amount has, and the numeral or unit each is mistaken for."""


def parse(text: str) -> Decimal | None:
    """The amount in yuan, or None if ``text`` is not one well-formed amount.

    零 may stand between places or be left out, 整 and 正 may close the amount, and amounts below
    one yuan may go without 圆.
    """
    yuan, mark, rest = _split(text)
    whole = _whole(yuan) if mark else 0
    cents = _cents(rest, bare=not mark)
    if whole is None or cents is None:
        return None
    return Decimal(100 * whole + cents).scaleb(-2)


def _split(text: str) -> tuple[str, str, str]:
    for mark in _YUAN:
        if mark in text:
            return text.partition(mark)
    return "", "", text


def _whole(text: str) -> int | None:
    """Yuan: places must fall within a section, and sections within the amount."""
    if text == "零":
        return 0
    total = section = 0
    unit_limit, section_limit = 10**4, 10**12
    digit: int | None = None
    for c in text:
        if c in DIGITS:
            if digit:
                return None
            digit = DIGITS[c]
        elif c in _UNITS:
            unit = _UNITS[c]
            if unit >= unit_limit or not digit:
                return None
            section, unit_limit, digit = section + digit * unit, unit, None
        elif c in _SECTIONS:
            size = _SECTIONS[c]
            section += digit or 0
            if size >= section_limit or not section:
                return None
            total, section_limit = total + section * size, size
            section, unit_limit, digit = 0, 10**4, None
        else:
            return None
    total += section + (digit or 0)
    return total or None


def _cents(text: str, bare: bool) -> int | None:
    text = text.removeprefix("零")
    closed = text[-1:] and text[-1] in _ENDS
    if closed:
        text = text[:-1]
    cents = 0
    for mark, worth in (("角", 10), ("分", 1)):
        if text[1:2] == mark and text[0] in DIGITS:
            cents += worth * DIGITS[text[0]]
            text = text[2:].removeprefix("零")
    if text or (bare and not cents):
        return None
    return cents
