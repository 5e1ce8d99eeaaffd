"""Kinds of values: where one stands in a text, and what it says.

A text that fits its kind as it is has one plain reading. Otherwise it may have corrected ones: O
for 0 where only digits can be, $ or 4 for a ¥ that must be there. These are only proposals;
``best_reading`` takes one when a check confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from penjing.fields import capitals, tax_number
from penjing.fields.amounts import amounts
from penjing.fields.reading import Found, Reading
from penjing.fields.result import How
from penjing.fields.template import FieldSpec


def find(text: str, spec: FieldSpec) -> Iterator[Found]:
    """Values of the field's kind in a normalised text, from the left.

    With a pattern, only within what it finds: its first group, or all of it.
    """
    if spec.pattern is None:
        yield from KINDS[spec.kind](text, spec)
        return
    for match in spec.pattern.finditer(text):
        start, stop = match.span(1 if spec.pattern.groups else 0)
        for found in KINDS[spec.kind](text[start:stop], spec):
            yield replace(found, start=start + found.start, stop=start + found.stop)


# --- amounts in capitals -----------------------------------------------------------------------

_NUMERALS = "".join([*sorted(capitals.ALPHABET), *capitals.CONFUSIONS])
_CAPITAL_RUN = re.compile(rf"(?P<minus>\(?负数?\)?)?(?P<words>[{_NUMERALS} ]+)")


def _capitals(text: str, spec: FieldSpec) -> Iterator[Found]:
    for match in _CAPITAL_RUN.finditer(text):
        words = match["words"].replace(" ", "")
        if len(words) < 2 or not set(words) & capitals.ALPHABET - {"分", "正", "万"}:
            continue
        repaired = "".join(capitals.CONFUSIONS.get(c, c) for c in words)
        how: How = "read"
        value = capitals.parse(words)
        if value is None and repaired != words:
            value, how = capitals.parse(repaired), "corrected"
        if value is not None and match["minus"]:
            value = -value
        readings = () if value is None else (Reading(value, how),)
        yield Found(match.start(), match.end(), readings)


# --- tax numbers -------------------------------------------------------------------------------

_TAX = re.compile(r"[0-9A-Za-z|](?:[ .,·-]?[0-9A-Za-z|]){12,21}")
_TO_DIGIT = {"O": "0", "D": "0", "Q": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "A": "4",
             "S": "5", "G": "6", "T": "7", "B": "8"}  # fmt: skip
_TO_ALPHABET = {"O": "0", "I": "1", "|": "1", "Z": "2", "S": "5", "V": "UY"}


def _tax_numbers(text: str, spec: FieldSpec) -> Iterator[Found]:
    for match in _TAX.finditer(text):
        code = match[0].replace(" ", "")
        if sum(c.isdigit() or c in _TO_ALPHABET for c in code.upper()) < len(code) // 3:
            continue
        readings = [Reading(code)]
        letters = re.sub("[.,·-]", "", code)
        if len(letters) == 18 and not tax_number.well_formed(code):
            readings += [Reading(other, "corrected") for other in _repaired_codes(letters)]
        yield Found(match.start(), match.end(), tuple(readings))


def _repaired_codes(code: str) -> Iterator[str]:
    choices = []
    for place, c in enumerate(code.upper()):
        district = tax_number.DISTRICT.start <= place < tax_number.DISTRICT.stop
        choices.append((_TO_DIGIT if district else _TO_ALPHABET).get(c, c))
    for letters in product(*choices):
        candidate = "".join(letters)
        if tax_number.well_formed(candidate):
            yield candidate


# --- dates -------------------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    "(?<![a-z])(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    "aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
# Eras, and the year before their first.
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_DATES = tuple(
    re.compile(rf"(?<![0-9.]){pattern}(?![0-9])", re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4}) ?[年./-] ?(?P<m>\d{1,2}) ?[月./-] ?(?P<d>\d{1,2}) ?日?",
        r"(?P<era>[令平昭民][和成國国]) ?(?P<n>\d{1,3}|元) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2})",
        r"(?<![a-z])(?P<era>R) ?(?P<n>\d{1,2})[年./-](?P<m>\d{2})[月./-](?P<d>\d{2})",
        r"(?<![和成國国])(?P<y>\d{2}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?日",
        r"(?P<y>\d{4}) (?P<m>\d{2}) (?P<d>\d{2})",
        r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<a>\d{1,2}) ?[./-] ?(?P<b>\d{1,2}) ?[./-] ?(?P<y>\d{4}|\d{2})",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ .-]?{_NAME}[ .,'-]*(?P<y>\d{{4}}|\d{{2}})",
        rf"{_NAME}[ .-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ ,-]+(?P<y>\d{{4}}|\d{{2}})",
    )
)
_PIVOT = 50  # years of two figures below it are of this century, others of the last
_CLOCK = re.compile(r"(?<![0-9:])[0-2]?\d:[0-5]\d(?![0-9])")


def _dates(text: str, spec: FieldSpec) -> Iterator[Found]:
    """A day with an hour beside it is likeliest meant; one of three short numbers is least."""
    found = [match for pattern in _DATES for match in pattern.finditer(text)]
    timed = _CLOCK.search(text) is not None
    for match in sorted(found, key=lambda m: (m.start(), -m.end())):
        parts = match.groupdict()
        value = _day(parts, spec)
        if value is not None:
            short = "a" in parts and len(parts["y"] or "") == 2
            rank = 0 if timed else 2 if short else 1
            yield Found(match.start(), match.end(), (Reading(value),), rank)


def _day(parts: dict[str, str | None], spec: FieldSpec) -> date | None:
    if spec.year_first and "a" in parts and len(parts["y"] or "") == 2:
        parts = {"y": parts["a"], "m": parts["b"], "d": parts["y"]}
    year = int(parts.get("y") or 0)
    if (era := parts.get("era")) is not None:
        year = _ERAS.get(era.upper(), 0) + (1 if parts["n"] == "元" else int(parts["n"] or 0))
    elif year < 100:
        year += 2000 if year < _PIVOT else 1900
    if (name := parts.get("month")) is not None:
        month, day = 1 + _MONTHS.index(name[:3].casefold()), int(parts["d"] or 0)
    elif (a := parts.get("a")) is not None:
        day, month = int(a), int(parts["b"] or 0)
        if (spec.month_first and day <= 12) or month > 12:
            day, month = month, day
    else:
        month, day = int(parts["m"] or 0), int(parts["d"] or 0)
    try:
        return date(year, month, day) if 1900 <= year < 2100 else None
    except ValueError:
        return None


# --- digits and other text ---------------------------------------------------------------------

_DIGITS = re.compile(r"[0-9](?: ?[0-9])*")


def _digits(text: str, spec: FieldSpec) -> Iterator[Found]:
    """Numbers of one of the lengths that the field may have."""
    for match in _DIGITS.finditer(text):
        number = match[0].replace(" ", "")
        if not spec.length or len(number) in spec.length:
            yield Found(match.start(), match.end(), (Reading(number),))


_SET_WIDE = re.compile(r"(?:[\u4e00-\u9fff]\s+)+[\u4e00-\u9fff]")


def _texts(text: str, spec: FieldSpec) -> Iterator[Found]:
    """The whole text; a word set wide, like 北 京, is without the spaces in it."""
    kept = text.strip()
    if kept:
        start = text.index(kept)
        between = "" if _SET_WIDE.fullmatch(kept) else " "
        yield Found(start, start + len(kept), (Reading(between.join(kept.split())),))


KINDS: dict[str, Callable[[str, FieldSpec], Iterator[Found]]] = {
    "amount": amounts,
    "capitals": _capitals,
    "tax_number": _tax_numbers,
    "date": _dates,
    "digits": _digits,
    "text": _texts,
}
