"""Checks of values: each by itself, and several against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from penjing.fields import tax_number
from penjing.fields.reading import Reading
from penjing.fields.result import Check, Value
from penjing.fields.template import CheckSpec

Choice = Mapping[str, Reading | None]
"""For each field by name the reading that is believed, or None where its text is no value."""


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


def cross_checks(choice: Choice, specs: Sequence[CheckSpec]) -> dict[str, Check]:
    """The checks between fields. A missing value leaves a check open."""
    made: dict[str, Check] = {}
    for spec in specs:
        names = [name for name in spec.fields if name in choice or name not in spec.maybe]
        values = {name: reading.value for name in names if (reading := choice.get(name))}
        if len(values) < len(names):
            if not spec.optional:
                missing = ", ".join(name for name in names if name not in values)
                made[spec.name] = Check(spec.name, None, f"without {missing}")
        elif spec.kind == "equal":
            same = len(set(values.values())) == 1
            made[spec.name] = Check(spec.name, same, ", ".join(map(str, values.values())))
        elif (check := _sum(spec, values, made)) is not None:
            made[spec.name] = check
    return made


def _sum(
    spec: CheckSpec, values: Mapping[str, Value], earlier: Mapping[str, Check]
) -> Check | None:
    """Whether the last amount is the sum of the others; None where that is not worth a word."""
    values = _taken_off(spec, values)
    *addends, total = map(str, values.values())
    shown = f"{' + '.join(addends)}, {total}"
    if rest := _rest(values):
        close = 100 * abs(rest) <= spec.rounding
        return Check(spec.name, None if close or _holds_without(spec, values) else False, shown)
    if not spec.after and sum(map(bool, values.values())) < 3:
        about = f"{shown}: one number twice proves nothing"
        return None if spec.optional else Check(spec.name, None, about)
    if not all(name in earlier and earlier[name].passed for name in spec.after):
        return Check(spec.name, None, f"{shown}; but not: {', '.join(spec.after)}")
    return Check(spec.name, True, shown)


def _holds_without(spec: CheckSpec, values: Mapping[str, Value]) -> bool:
    """Whether it is right without some of the addends that others may include."""
    there = [name for name in spec.included if name in values]
    return any(
        _rest({name: value for name, value in values.items() if name not in left}) == 0
        for count in range(1, len(there) + 1)
        for left in combinations(there, count)
    )


def _taken_off(spec: CheckSpec, values: Mapping[str, Value]) -> dict[str, Value]:
    """With a minus before what is taken off, however it is printed; where money goes back, as the
    minus of the last amount says, so much less goes back."""
    total = values[spec.fields[-1]]
    back = isinstance(total, Decimal) and total < 0
    signed = dict(values)
    for name in spec.less:
        if isinstance(value := values.get(name), Decimal):
            signed[name] = abs(value) if back else -abs(value)
    return signed


def _rest(values: Mapping[str, Value]) -> Decimal:
    """What the last amount is short of the sum of the others; a text among them is no sum."""
    amounts = [value for value in values.values() if isinstance(value, Decimal)]
    if len(amounts) < len(values):
        return Decimal("Infinity")
    return sum(amounts[:-1], Decimal(0)) - amounts[-1]
