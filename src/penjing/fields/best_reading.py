"""Which reading of a value to believe.

What was read stands as it is. Another reading (corrected, where look-alikes lie outside a kind's
alphabet, or read again from another crop) is taken only when the plain one fails and exactly one
other is confirmed by check characters or sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod

from penjing.fields.checks import Choice, Made, cross_checks, own_checks
from penjing.fields.located import Located
from penjing.fields.reading import Reading
from penjing.fields.result import Check, Field
from penjing.fields.template import CheckSpec

MOST_TRIALS = 4096


def with_best_readings(
    located: Mapping[str, Located], specs: Sequence[CheckSpec], most_trials: int = MOST_TRIALS
) -> list[Field]:
    """A field for each place, with the reading to believe and the checks it passed or failed."""
    choice: dict[str, Reading | None] = {name: _by_itself(place) for name, place in located.items()}
    choice.update(_together(located, specs, choice, most_trials))
    across = cross_checks(choice, specs)
    return [_field(place, choice[name], across, specs) for name, place in located.items()]


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


def _together(
    located: Mapping[str, Located], specs: Sequence[CheckSpec], plain: Choice, most_trials: int
) -> Choice:
    """The one choice of readings with which more checks pass than with the plain ones."""
    choices = list(_choices(located, specs, plain, most_trials))
    passed = [_passed(choice, specs) for choice in choices]
    most = max(passed, default=-1)
    best = [choice for choice, count in zip(choices, passed, strict=True) if count == most]
    return best[0] if len(best) == 1 and most > max(0, _passed(plain, specs)) else {}


def _choices(
    located: Mapping[str, Located], specs: Sequence[CheckSpec], plain: Choice, most_trials: int
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
        if tried > most_trials:
            return
        for names in sets:
            for readings in product(*(others[name] for name in names)):
                yield {**plain, **dict(zip(names, readings, strict=True))}


def _options(place: Located) -> tuple[Reading | None, ...]:
    return place.readings if place.plain else (*place.readings, None)


def _passed(choice: Choice, specs: Sequence[CheckSpec]) -> int:
    """How many checks pass; -1 if one fails, or a reading that needs proof has none."""
    made = cross_checks(choice, specs)
    if any(each.check.passed is False for each in made.values()):
        return -1
    proved = [spec for spec in specs if spec.name in made and made[spec.name].check.passed]
    sure = {name for spec in proved for name in spec.fields if made[spec.name].of(name).passed}
    doubtful = {name for name, reading in choice.items() if reading and reading.how != "read"}
    return len(proved) if doubtful & _named(specs) <= sure else -1


def _named(specs: Sequence[CheckSpec]) -> set[str]:
    return {name for spec in specs for name in spec.fields}


def _field(
    place: Located, reading: Reading | None, across: Mapping[str, Made], specs: Sequence[CheckSpec]
) -> Field:
    spec = place.spec
    checks = own_checks(spec.kind, reading)
    if reading is None:
        checks = (Check("well-formed", False, f"{place.text!r} is no {spec.kind}"),)
    made = [across[c.name] for c in specs if c.name in across and spec.name in c.fields]
    checks += tuple(each.of(spec.name) for each in made if not each.quiet)
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
