"""Fields of which a paper may have several: the taxes of a receipt, each by a label of its own.

The first has the field's name; the others are ``tax_2``, ``tax_3``, and count in every sum in which
the first does. But a till may print one tax twice, or its parts beside the whole: which of them
count, the sums tell. So they do where a paper has several amounts of which one is the total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from penjing.fields.located import Located
from penjing.fields.template import CheckSpec


def selections(located: Mapping[str, Located]) -> Iterator[dict[str, Located]]:
    """What may count of the located values, each field at the first of its places, then at others:
    first all that differ, then all, then the first of each field alone."""
    options: list[list[tuple[str, ...]]] = []
    for first in dict.fromkeys(place.further_to for place in located.values() if place.further_to):
        further = [place for place in located.values() if place.further_to == first]
        ways: tuple[list[Located], ...] = (
            [place for place in further if place.repeats],
            [],
            further,
        )
        options.append(list(dict.fromkeys(tuple(p.spec.name for p in way) for way in ways)))
    choices = [_choices(place) for place in located.values()]
    for chosen in product(*choices):
        there = {
            name: place for name, place in zip(located, chosen, strict=True) if place is not None
        }
        for ways_out in product(*options):
            left_out = {name for way in ways_out for name in way}
            yield {name: place for name, place in there.items() if name not in left_out}


def _choices(place: Located) -> tuple[Located | None, ...]:
    """The places where one field may stand; None is for nowhere."""
    return (*((None,) if place.proved else ()), place, *place.instead)


def counting_all(specs: Sequence[CheckSpec], located: Mapping[str, Located]) -> list[CheckSpec]:
    """The checks, with the further values of a field among the addends of its sums."""
    further: dict[str, list[str]] = {}
    for name, place in located.items():
        further.setdefault(place.further_to, []).append(name)

    def grown(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(each for name in names for each in (name, *further.get(name, ())))

    return [
        replace(
            spec,
            fields=(*grown(spec.fields[:-1]), spec.fields[-1]),
            maybe=grown(spec.maybe),
            less=grown(spec.less),
            included=grown(spec.included),
            unsigned=grown(spec.unsigned),
        )
        if spec.kind == "sum"
        else spec
        for spec in specs
    ]
