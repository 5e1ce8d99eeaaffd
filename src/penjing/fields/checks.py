"""Checks of values: each by itself, and several against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from penjing.fields import tax_number
from penjing.fields.reading import Reading
from penjing.fields.result import Check, Value
from penjing.fields.template import CheckSpec

_LEAST = 3  # amounts of a sum that are not nought: with fewer it is one number twice

Choice = Mapping[str, Reading | None]
"""For each field by name the reading that is believed, or None where its text is no value."""


@dataclass(frozen=True)
class Made:
    """A check between fields, and those ``without`` which it was made. Of a ``quiet`` one nothing
    is said: the paper lacks what it needs."""

    check: Check
    without: tuple[str, ...] = ()
    quiet: bool = False

    def of(self, name: str) -> Check:
        """What it says of a field: of those that it was made without, nothing."""
        return replace(self.check, passed=None) if name in self.without else self.check


def own_checks(kind: str, reading: Reading | None) -> tuple[Check, ...]:
    """What a value can be checked for without any other."""
    if reading is None or kind != "tax_number":
        return ()
    code = str(reading.value)
    if len(code) in tax_number.UNCHECKED_LENGTHS:
        about = f"numbers of {len(code)} characters have no check character"
        return (Check("check character", None, about),)
    if not tax_number.well_formed(code):
        return (Check("check character", False, "no 18 characters of the alphabet"),)
    whole, organisation = tax_number.checks(code)
    return (Check("check character", whole), Check("organisation's check character", organisation))


def cross_checks(choice: Choice, specs: Sequence[CheckSpec]) -> dict[str, Made]:
    """The checks between fields. A missing value leaves a check open."""
    made: dict[str, Made] = {}
    for spec in specs:
        names = [name for name in spec.fields if name in choice or name not in spec.maybe]
        values = {name: reading.value for name in names if (reading := choice.get(name))}
        if len(values) < len(names):
            if not spec.optional:
                missing = ", ".join(name for name in names if name not in values)
                made[spec.name] = Made(Check(spec.name, None, f"without {missing}"))
        elif spec.kind == "equal":
            same = len(set(values.values())) == 1
            about = ", ".join(map(str, values.values()))
            made[spec.name] = Made(Check(spec.name, same, about))
        elif (found := _sum(spec, values, made)) is not None:
            made[spec.name] = found
    return made


def _sum(spec: CheckSpec, values: Mapping[str, Value], earlier: Mapping[str, Made]) -> Made | None:
    """Whether the last amount is the sum of the others; None where that is not worth a word."""
    values = _taken_off(spec, values)
    *addends, total = map(str, values.values())
    shown = f"{' + '.join(addends)}, {total}"
    without = _left_out(spec, values)
    if without is None:
        close = 100 * abs(_rest(values)) <= spec.rounding
        lacking = not set(spec.needs) <= set(values)
        check = Check(spec.name, None if close or lacking else False, shown)
        return Made(check, quiet=lacking and spec.optional)
    counted = [value for name, value in values.items() if name not in without]
    if not spec.after and sum(map(bool, counted)) < _LEAST:
        about = f"{shown}: one number twice proves nothing"
        quiet = spec.optional and not without
        return None if quiet else Made(Check(spec.name, None, about))
    if not all(name in earlier and earlier[name].check.passed for name in spec.after):
        return Made(Check(spec.name, None, f"{shown}; but not: {', '.join(spec.after)}"))
    return Made(Check(spec.name, True, shown), without)


def _left_out(spec: CheckSpec, values: Mapping[str, Value]) -> tuple[str, ...] | None:
    """The fewest of the addends that others may include without which the sum is right: none, where
    it is right with all; None if it is wrong whichever are left out."""
    there = [name for name in spec.included if name in values]
    for count in range(len(there) + 1):
        for left in combinations(there, count):
            if _rest({name: value for name, value in values.items() if name not in left}) == 0:
                return left
    return None


def _taken_off(spec: CheckSpec, values: Mapping[str, Value]) -> dict[str, Value]:
    """With a minus before what is taken off, however it is printed; where money goes back, as the
    minus of the last amount says, so much less goes back. Unsigned amounts go the way it goes."""
    total = values[spec.fields[-1]]
    back = isinstance(total, Decimal) and total < 0
    signed = dict(values)
    for name in (*spec.less, *spec.unsigned):
        if isinstance(value := values.get(name), Decimal):
            signed[name] = abs(value) if back == (name in spec.less) else -abs(value)
    return signed


def _rest(values: Mapping[str, Value]) -> Decimal:
    """What the last amount is short of the sum of the others; a text among them is no sum."""
    amounts = [value for value in values.values() if isinstance(value, Decimal)]
    if len(amounts) < len(values):
        return Decimal("Infinity")
    return sum(amounts[:-1], Decimal(0)) - amounts[-1]
