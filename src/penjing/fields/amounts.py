"""Amounts of money in figures, as tills, invoices and statements write them.

``1,234.50``, ``1.234,50 €``, ``CHF 1'234.50`` and ``EUR 1 234,50`` are written alike in meaning. A
comma is the decimal point where it can be nothing else: before one or two last figures. An amount
is negative with a minus on either side of it or of its currency, in brackets, and as a credit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from penjing.fields.reading import Found, Reading
from penjing.fields.result import How
from penjing.fields.template import FieldSpec

_CODES = (
    "AUD|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|IDR|INR|JPY|KRW|MOP|MXN|MYR|NOK|NZD|PHP|PLN|RMB|SEK|SGD|"
    "THB|TWD|USD|VND|ZAR|RM|Rp|Rs|kr|zł"
)
_BEFORE = rf"(?:[$¥€£₹₩₱₫฿羊半]|(?<![A-Za-z])(?:(?:US|HK|NT|NZ|[ACRS])\$|Y|(?:{_CODES})\.?))"
_AFTER = rf"(?:[¥$€£₹₩₱₫฿元圆圓円]|(?:{_CODES})(?![A-Za-z]))"
_MINUS = "[-‐−–]"

_DIGIT_LIKE = {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "S": "5",
               "s": "5", "B": "8", "Z": "2", "z": "2", "!": "1", "]": "1"}  # fmt: skip
_DIGIT = rf"(?!(?:DR|{_CODES})(?![A-Za-z]))[0-9{re.escape(''.join(_DIGIT_LIKE))}]"
_FIGURES = rf"""(?:
    [0-9]{{1,3}}(?:[ ][0-9]{{3}})+,[0-9]{{2}}(?![0-9])
    | (?<![0-9A-Za-z.])\.[0-9]{{2}}(?![0-9.,])
    | {_DIGIT}(?:{_DIGIT}|[ ]?[.,·:][ ]?(?={_DIGIT})|['’](?=[0-9]{{3}}))*
)"""

_AMOUNT = re.compile(
    rf"""
    (?P<credit>(?<![A-Za-z])CR\.?[ ]?)?
    (?P<open>\([ ]?)?
    # A row of dashes leads to an amount and is no minus; one between two figures is none either.
    (?P<minus>(?<![0-9A-Za-z]|{_MINUS})(?<!{_MINUS}[ ]){_MINUS}[ ]?)?
    # A look-alike in front is the number's only if it does not end a word.
    (?:(?P<sign>(?:{_BEFORE}:?[ \t]?){{1,2}})(?P<after_sign>{_MINUS}[ ]?)?|(?<![A-Za-z])|(?=[0-9]))
    (?P<number>{_FIGURES})
    (?P<behind>{_MINUS}(?![0-9A-Za-z]|{_MINUS}))?
    (?P<unit>[ ]?{_AFTER}(?![ ]?{_MINUS}?[0-9]))?
    (?P<last>{_MINUS}(?![0-9A-Za-z]|{_MINUS})|[ ]{_MINUS}(?=\s*$))?
    (?P<close>(?(open)[ ]?\)|(?!)))?
    (?P<credited>[ \t]?-?CR(?![A-Za-z]|[ ]CARD)|[ \t]?DR(?![A-Za-z]))?
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What follows an amount makes it something else: a rate, a multiple, a measure.
_NO_AMOUNT = re.compile("[ ]?[%万萬亿億千]|[0-9]|[A-Za-z]{2}")
_SIGN_LIKE = "4Y17FV"  # what ¥ is taken for where it must be
_LONGEST = 8  # bare figures; more are the number of something

_POINT = re.compile(
    r"(?:[0-9]+|[1-9][0-9]{0,2}(?:[,'’][0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})(?:\.[0-9]+)?"
    r"|\.[0-9]{2}"
)
_COMMA = re.compile(
    r"(?:[0-9]+|[1-9][0-9]{0,2}(?:[. ][0-9]{3})+),[0-9]{1,2}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,·:][0-9]{3})+")


def amounts(text: str, spec: FieldSpec) -> Iterator[Found]:
    """Amounts in a normalised text, from the left; those with all their decimals, or with a sign of
    a currency, are of the lowest rank."""
    for match in _AMOUNT.finditer(text):
        number = match["number"]
        if not any(c.isdigit() for c in number) or _NO_AMOUNT.match(text, match.end()):
            continue
        found = list(_readings(number, match["sign"] is not None, spec))
        if not found:
            continue
        decimals = len(str(found[0][0]).partition(".")[2])
        money = match["sign"] or match["unit"]
        if not decimals and not money and (match["close"] or _other(number)):
            continue  # a count of pieces, or the number of something
        start = match.start() + (len(match["open"]) if match["open"] and not match["close"] else 0)
        lacking = 0 if money else max(0, max(spec.places, default=0) - decimals)
        readings = [Reading(-value if _negative(match) else value, how) for value, how in found]
        yield Found(start, match.end(), tuple(readings), rank=lacking)


def _other(number: str) -> bool:
    """Whether bare figures are too many for an amount, or begin with a nought."""
    return number.isdigit() and (len(number) > _LONGEST or number[0] == "0") and number != "0"


def _negative(match: re.Match[str]) -> bool:
    credited = (match["credited"] or "").strip().upper().endswith("CR")
    signs = ("credit", "minus", "after_sign", "behind", "last", "close")
    return credited or any(match[name] for name in signs)


def _readings(number: str, signed: bool, spec: FieldSpec) -> Iterator[tuple[Decimal, How]]:
    """Absolute amounts, plain before corrected."""
    spaced = _COMMA.fullmatch(number) is not None and " " in number
    if not spaced:
        number = number.replace(" ", "")
    plain = _decimal(number.rstrip("ABDISZ"), spec)  # tills mark taxed goods with letters
    known = {plain}
    if plain is not None:
        yield plain, "read"
    starts = [number.partition(" ")[2] if spaced else number]  # or pieces, and their price
    if spec.sign and not signed and number[0] in _SIGN_LIKE:
        starts.append(number[1:].lstrip(".,"))
    for start in starts:
        for repaired in _repaired(start, spec):
            value = _decimal(repaired, spec)
            if value is not None and value not in known:
                known.add(value)
                yield value, "corrected"


def _repaired(number: str, spec: FieldSpec) -> Iterator[str]:
    """Look-alikes as digits; and the point where the number of decimals says it must be."""
    digits = "".join(_DIGIT_LIKE.get(c, c) for c in number)
    yield digits
    bare = re.sub("[^0-9]", "", digits)
    if _GROUPED.fullmatch(digits):
        yield bare
    places = max(spec.places, default=0)
    if places and len(bare) > places:
        yield f"{bare[:-places]}.{bare[-places:]}"


def _decimal(text: str, spec: FieldSpec) -> Decimal | None:
    if _POINT.fullmatch(text):
        plain = re.sub("[,'’]", "", text)
    elif _COMMA.fullmatch(text):
        plain = re.sub("[. ]", "", text).replace(",", ".")
    else:
        return None
    if spec.places and len(plain.partition(".")[2]) not in spec.places:
        return None
    return Decimal(plain)
