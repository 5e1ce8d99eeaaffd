"""From a page to a form: the template, its fields' places, their values, and their proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from penjing.fields import template
from penjing.fields.best_reading import MOST_TRIALS, with_best_readings
from penjing.fields.checks import cross_checks
from penjing.fields.labels import find_labels
from penjing.fields.locate import Sheet
from penjing.fields.located import Located
from penjing.fields.pairs import pairs
from penjing.fields.reading import Reading
from penjing.fields.result import Field, Form
from penjing.fields.rows import Row, rows
from penjing.fields.several import counting_all, selections
from penjing.fields.template import CheckSpec, Template
from penjing.runtime.result import Page, Quad

_SURE_MARKS = 2  # of a template's marks must be there for it to be chosen, one without errors,
_UNSURE_MARKS = 4  # or so many
_FULL_WAYS = 16  # so many ways to take a paper have all trials of readings, more share them


def extract(
    page: Page,
    chosen: Template | None = None,
    again: Callable[[Quad], Sequence[str]] | None = None,
) -> Form:
    """The fields of a page, by the given template or by the shipped one that fits best.

    ``again`` reads a place of the page once more, for instance a ``Rereader``; it is asked where
    a check did not pass.
    """
    found = rows(page)
    chosen = chosen or choose(found)
    sheet = Sheet(page, found, chosen)
    places = [place for spec in chosen.fields for place in sheet.locate(spec)]
    located = {place.spec.name: place for place in places}
    fields = _believed(located, chosen.checks)
    if again is not None:
        doubtful = [field.name for field in fields if field.checks and field.status != "checked"]
        for name in doubtful:
            located[name] = located[name].with_others(again(located[name].polygon))
        fields = _believed(located, chosen.checks) if doubtful else fields
    if chosen.pairs:
        taken = {(cell.line, cell.at) for cell in sheet.taken}
        fields += pairs(page, found, taken)
    return Form(chosen.name, tuple(fields))


def _believed(located: Mapping[str, Located], checks: Sequence[CheckSpec]) -> list[Field]:
    """The fields, each with its best reading; of those that are there several times as many as let
    most checks pass and leave the fewest open, with the fewest corrections."""
    ways = list(selections(located))
    trials = MOST_TRIALS * min(_FULL_WAYS, len(ways)) // len(ways)
    forms = []
    for way in ways:
        specs = counting_all(checks, way)
        fields = with_best_readings(way, specs, trials)
        forms.append((_proofs(fields, specs), fields))
    return max(forms, key=lambda form: form[0])[1]


def _proofs(fields: Sequence[Field], checks: Sequence[CheckSpec]) -> tuple[int, int, int]:
    """What speaks for these values; a check that is left open, too, speaks against them."""
    choice = {f.name: None if f.value is None else Reading(f.value, f.how) for f in fields}
    made = cross_checks(choice, checks).values()
    sure = sum(1 if each.check.passed else -1 for each in made)
    corrected = sum(field.how != "read" for field in fields)
    left_out = sum(len(each.without) for each in made)
    return sure, -corrected, -left_out


def choose(found: Sequence[Row]) -> Template:
    """The shipped template with most of its marks on the page; ``pairs`` if none has enough.

    Two that are both read with errors may be words of another paper.
    """
    templates = template.shipped()
    marks = {name: find_labels(found, t.marks) for name, t in templates.items() if t.marks}
    scores = {name: len({match.label for match in matches}) for name, matches in marks.items()}
    best = max(scores, key=lambda name: (scores[name], scores[name] / len(templates[name].marks)))
    enough = _SURE_MARKS if any(not match.errors for match in marks[best]) else _UNSURE_MARKS
    return templates[best if scores[best] >= enough else "pairs"]
