"""Kinds of values: where one stands in a text, and what it says.

A text that fits its kind as it is has one plain reading. Otherwise it may have corrected ones: O
for 0 where only digits can be, $ or 4 for a ¥ that must be there. These are only proposals;
``settle`` takes one when a check confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from penjing.fields import capitals, tax_number
from penjing.fields.result import How, Value
from penjing.fields.template import FieldSpec


@dataclass(frozen=True)
class Reading:
    value: Value
    how: How = "read"


@dataclass(frozen=True)
class Found:
    """``text[start:stop]`` and its readings, plain before corrected; none if it has no value."""

    start: int
    stop: int
    readings: tuple[Reading, ...]


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
            yield Found(start + found.start, start + found.stop, found.readings)


# --- amounts -----------------------------------------------------------------------------------

_DIGIT_LIKE = {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1", "S": "5",
               "s": "5", "B": "8", "Z": "2", "z": "2", "!": "1", "]": "1"}  # fmt: skip
_LIKE = re.escape("".join(_DIGIT_LIKE))
_SIGN = "¥$€£Y羊半"
_AMOUNT = re.compile(
    rf"(?P<sign>[{_SIGN}]|RMB|RM|USD|HK\$|S\$)? ?"
    rf"(?P<number>-?[0-9{_LIKE}](?:[0-9{_LIKE}]| ?[.,·:] ?(?=[0-9{_LIKE}]))*)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_NO_AMOUNT = re.compile("%|[0-9]|[A-Za-z]{2}")  # what follows makes it something else
_SIGN_LIKE = "4Y17FV"  # what ¥ is taken for where it must be


def _amounts(text: str, spec: FieldSpec) -> Iterator[Found]:
    for match in _AMOUNT.finditer(text):
        number = match["number"].replace(" ", "")
        if not any(c.isdigit() for c in number):
            continue
        if _NO_AMOUNT.match(text, match.end()):
            continue
        readings = _amount_readings(number, bool(match["sign"]), spec)
        if readings:
            yield Found(match.start(), match.end(), readings)


def _amount_readings(number: str, signed: bool, spec: FieldSpec) -> tuple[Reading, ...]:
    plain = _decimal(number.rstrip("ABDISZ"), spec.places)  # tills mark taxed goods with letters
    found = [] if plain is None else [Reading(plain)]
    starts = [number]
    if spec.sign and not signed and number[0] in _SIGN_LIKE:
        starts.append(number[1:].lstrip(".,"))
    for start in starts:
        for repaired in _repaired_numbers(start, spec.places):
            value = _decimal(repaired, spec.places)
            if value is not None and all(value != r.value for r in found):
                found.append(Reading(value, "corrected"))
    return tuple(found)


def _repaired_numbers(number: str, places: int | None) -> Iterator[str]:
    """Look-alikes as digits; and the point where the number of decimals says it must be."""
    digits = "".join(_DIGIT_LIKE.get(c, c) for c in number)
    yield digits
    if places:
        bare = re.sub(r"[.,·:]", "", digits)
        if len(bare) > places:
            yield f"{bare[:-places]}.{bare[-places:]}"


def _decimal(text: str, places: int | None) -> Decimal | None:
    if not _PLAIN.fullmatch(text):
        return None
    if places is not None and len(text.partition(".")[2]) != places:
        return None
    return Decimal(text.replace(",", ""))


# --- amounts in capitals -----------------------------------------------------------------------

_CAPITAL_RUN = re.compile(f"[{''.join(sorted(capitals.ALPHABET))}{''.join(capitals.CONFUSIONS)} ]+")


def _capitals(text: str, spec: FieldSpec) -> Iterator[Found]:
    for match in _CAPITAL_RUN.finditer(text):
        words = match[0].replace(" ", "")
        if len(words) < 2 or not set(words) & capitals.ALPHABET - {"分", "正", "万"}:
            continue
        plain = capitals.parse(words)
        if plain is not None:
            yield Found(match.start(), match.end(), (Reading(plain),))
            continue
        repaired = "".join(capitals.CONFUSIONS.get(c, c) for c in words)
        value = capitals.parse(repaired) if repaired != words else None
        readings = () if value is None else (Reading(value, "corrected"),)
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
_NAME = f"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
_CENTURY = 2000
_DATES = tuple(
    re.compile(rf"(?<![0-9.]){pattern}(?![0-9])", re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4}) ?[年./-] ?(?P<m>\d{1,2}) ?[月./-] ?(?P<d>\d{1,2}) ?日?",
        r"(?P<y>\d{4}) (?P<m>\d{2}) (?P<d>\d{2})",
        r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<a>\d{1,2}) ?[./-] ?(?P<b>\d{1,2}) ?[./-] ?(?P<y>\d{4}|\d{2})",
        rf"(?P<d>\d{{1,2}})[ .-]?{_NAME}[ .,'-]*(?P<y>\d{{4}}|\d{{2}})",
        rf"{_NAME}[ .-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ .,-]+(?P<y>\d{{4}}|\d{{2}})",
    )
)


def _dates(text: str, spec: FieldSpec) -> Iterator[Found]:
    found = [match for pattern in _DATES for match in pattern.finditer(text)]
    for match in sorted(found, key=lambda m: (m.start(), -m.end())):
        value = _day(match.groupdict(), spec.month_first)
        if value is not None:
            yield Found(match.start(), match.end(), (Reading(value),))


def _day(parts: dict[str, str | None], month_first: bool) -> date | None:
    year = int(parts["y"] or 0)
    year += _CENTURY if year < 100 else 0
    if (name := parts.get("month")) is not None:
        month, day = 1 + _MONTHS.index(name.casefold()), int(parts["d"] or 0)
    elif (a := parts.get("a")) is not None:
        day, month = int(a), int(parts["b"] or 0)
        if (month_first and day <= 12) or month > 12:
            day, month = month, day
    else:
        month, day = int(parts["m"] or 0), int(parts["d"] or 0)
    try:
        return date(year, month, day)
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


def _texts(text: str, spec: FieldSpec) -> Iterator[Found]:
    """The whole text."""
    kept = text.strip()
    if kept:
        start = text.index(kept)
        yield Found(start, start + len(kept), (Reading(" ".join(kept.split())),))


KINDS: dict[str, Callable[[str, FieldSpec], Iterator[Found]]] = {
    "amount": _amounts,
    "capitals": _capitals,
    "tax_number": _tax_numbers,
    "date": _dates,
    "digits": _digits,
    "text": _texts,
}
