"""Checks, and which reading of a value to believe.

What was read stands as it is. Another reading (corrected, where look-alikes lie outside a kind's
alphabet, or read again from another crop) is taken only when the plain one fails and exactly one
other is confirmed by check characters or sums.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from math import prod

from penjing.fields import kinds, tax_number
from penjing.fields.kinds import Reading
from penjing.fields.result import Check, Field, Value
from penjing.fields.template import CheckSpec, FieldSpec
from penjing.runtime.result import Quad

_MOST_TRIALS = 4096
_MOST_OTHERS = 6  # readings from other crops for one field

Choice = Mapping[str, Reading | None]


@dataclass(frozen=True)
class Located:
    """A field's place, and its readings: at most one as it was read, before all others."""

    spec: FieldSpec
    text: str
    polygon: Quad
    confidence: float
    readings: tuple[Reading, ...]

    def with_others(self, texts: Sequence[str]) -> Located:
        """With what else the place may say, the commonest first."""
        spec = self.spec
        found = [
            found.readings
            for text in texts
            for found in kinds.find(unicodedata.normalize("NFKC", text), spec)
        ]
        values = Counter(r.value for readings in found for r in readings[:1] if r.how == "read")
        known = {reading.value for reading in self.readings}
        others = [value for value, _ in values.most_common() if value not in known]
        more = tuple(Reading(value, "read again") for value in others[:_MOST_OTHERS])
        return replace(self, readings=self.readings + more)

    @property
    def plain(self) -> Reading | None:
        return next((r for r in self.readings if r.how == "read"), None)


def settle(located: Mapping[str, Located], specs: Sequence[CheckSpec]) -> list[Field]:
    """A field for each place, with the reading to believe and the checks it passed or failed."""
    choice: dict[str, Reading | None] = {name: _by_itself(place) for name, place in located.items()}
    choice.update(_together(located, specs, choice))
    across = cross_checks(choice, specs)
    return [_field(place, choice[name], across, specs) for name, place in located.items()]


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
    values = {name: _signed(name in spec.less, value) for name, value in values.items()}
    *addends, total = map(str, values.values())
    shown = f"{' + '.join(addends)}, {total}"
    if rest := _rest(values):
        close = 100 * abs(rest) <= spec.rounding
        return Check(spec.name, None if close or _holds_without(spec, values) else False, shown)
    if not spec.after and not all(values.values()):
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


def _signed(taken_off: bool, value: Value) -> Value:
    return -abs(value) if taken_off and isinstance(value, Decimal) else value


def _rest(values: Mapping[str, Value]) -> Decimal:
    """What the last amount is short of the sum of the others; a text among them is no sum."""
    amounts = [value for value in values.values() if isinstance(value, Decimal)]
    if len(amounts) < len(values):
        return Decimal("Infinity")
    return sum(amounts[:-1], Decimal(0)) - amounts[-1]


def _by_itself(place: Located) -> Reading | None:
    """The plain reading, unless only another one has right check characters."""
    kind = place.spec.kind
    right = [
        reading
        for reading in place.readings
        if (made := own_checks(kind, reading)) and all(check.passed for check in made)
    ]
    plain = place.plain
    return right[0] if len(right) == 1 and plain not in right else plain


def _together(located: Mapping[str, Located], specs: Sequence[CheckSpec], plain: Choice) -> Choice:
    """The one choice of readings with which more checks pass than with the plain ones."""
    choices = list(_choices(located, specs, plain))
    passed = [_passed(choice, specs) for choice in choices]
    most = max(passed, default=-1)
    best = [choice for choice, count in zip(choices, passed, strict=True) if count == most]
    return best[0] if len(best) == 1 and most > max(0, _passed(plain, specs)) else {}


def _choices(
    located: Mapping[str, Located], specs: Sequence[CheckSpec], plain: Choice
) -> Iterator[Choice]:
    """The plain choice, then those that differ in one field, in two, as far as trials allow."""
    others = {
        name: [reading for reading in _options(located[name]) if reading != plain[name]]
        for name in dict.fromkeys(name for spec in specs for name in spec.fields)
        if name in located
    }
    tried = 0
    for changed in range(len(others) + 1):
        sets = list(combinations(others, changed))
        tried += sum(prod(len(others[name]) for name in names) for names in sets)
        if tried > _MOST_TRIALS:
            return
        for names in sets:
            for readings in product(*(others[name] for name in names)):
                yield {**plain, **dict(zip(names, readings, strict=True))}


def _options(place: Located) -> tuple[Reading | None, ...]:
    return place.readings if place.plain else (*place.readings, None)


def _passed(choice: Choice, specs: Sequence[CheckSpec]) -> int:
    """How many checks pass; -1 if one fails, or a reading that needs proof has none."""
    made = cross_checks(choice, specs)
    if any(check.passed is False for check in made.values()):
        return -1
    proved = [spec for spec in specs if spec.name in made and made[spec.name].passed]
    sure = {name for spec in proved for name in spec.fields}
    doubtful = {name for name, reading in choice.items() if reading and reading.how != "read"}
    return len(proved) if doubtful & _named(specs) <= sure else -1


def _named(specs: Sequence[CheckSpec]) -> set[str]:
    return {name for spec in specs for name in spec.fields}


def _field(
    place: Located, reading: Reading | None, across: Mapping[str, Check], specs: Sequence[CheckSpec]
) -> Field:
    spec = place.spec
    checks = own_checks(spec.kind, reading)
    if reading is None:
        checks = (Check("well-formed", False, f"{place.text!r} is no {spec.kind}"),)
    checks += tuple(across[c.name] for c in specs if c.name in across and spec.name in c.fields)
    return Field(
        name=spec.name,
        title=spec.title,
        kind=spec.kind,
        text=place.text,
        value=None if reading is None else reading.value,
        confidence=place.confidence,
        polygon=place.polygon,
        checks=checks,
        how="read" if reading is None else reading.how,
    )
