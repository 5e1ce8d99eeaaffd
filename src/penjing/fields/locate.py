"""Where on a page a field's value stands: right of its label, below it, or anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

import numpy as np

from penjing.fields import kinds
from penjing.fields.labels import Match, find_labels, value_start
from penjing.fields.located import Located
from penjing.fields.reading import Found, Reading
from penjing.fields.rows import Cell, Row, source
from penjing.fields.template import FieldSpec, Place, Template
from penjing.runtime.result import Page

_REACH = 15.0  # heights of a row: how far right of its label a value may begin,
_GAP = 1.6  # and how wide a gap may be within it; amounts stand in columns and may be further
_OUTER = (0.1, 0.9)  # shares of a page's characters between whose places its middle lies
_BELOW = 3.5  # heights of a row that a value may be below its label
_MOST_FURTHER = 6  # values of one field,
_MOST_INSTEAD = 3  # and places of one that has a single value


@dataclass(frozen=True)
class _Region:
    """Cells that a value is looked for in; ``text`` has a space or a tab where they part."""

    cells: tuple[Cell, ...]

    @property
    def text(self) -> tuple[str, list[int]]:
        """The text, and for each of its characters the cell that it belongs to."""
        text, places = "", []
        for k, cell in enumerate(self.cells):
            if k and cell.apart:
                text += " " if cell.line == self.cells[k - 1].line else "\t"
                places.append(k)
            text += cell.text
            places.append(k)
        return text, places


@dataclass(frozen=True)
class _Value:
    """What may be a field's value, with the ``label`` that it stands by."""

    cells: tuple[Cell, ...]
    found: Found
    label: str = ""

    @property
    def rank(self) -> int:
        return self.found.rank

    @property
    def nothing(self) -> bool:
        """Whether it is an amount of 0.00."""
        return any(reading.value == 0 for reading in self.found.readings[:1])

    @property
    def printed(self) -> tuple[str, Reading | None]:
        """The label and the value as it was read."""
        return self.label, next((r for r in self.found.readings if r.how == "read"), None)


class Sheet:
    """The rows of a page, with the labels of a template found on them.

    ``taken`` grows to hold the cells of all values.
    """

    def __init__(self, page: Page, found: Sequence[Row], chosen: Template) -> None:
        self.page, self.rows = page, found
        self.matches = matches = find_labels(found, chosen.labels)
        self.landmarks = {
            name: [match.row for match in matches if match.label in labels]
            for name, labels in chosen.landmarks.items()
        }
        centres = [(cell.left + cell.right) / 2 for row in found for cell in row.cells]
        # What lies far out, as a photograph's watermark does, does not move the middle.
        self.middle = float(np.quantile(centres, _OUTER).mean()) if centres else 0.0
        self.taken: list[Cell] = []

    def locate(self, spec: FieldSpec) -> list[Located]:
        """The field's place and what it may say; further ones by other labels, where its template
        asks for each; none where the page has no such value. Nothing (0.00) is taken only where
        there is nothing by the labels of later places either."""
        nothing: tuple[Place, list[_Value]] | None = None
        for place in spec.at:
            if nothing and place.where != nothing[0].where:
                continue
            found = self._labelled(place, spec) if place.labels else self._anywhere(place, spec)
            if found and not found[0].nothing:
                return self._all_located(spec, place, found)
            nothing = nothing or ((place, found) if found else None)
        return self._all_located(spec, *nothing) if nothing else []

    def _labelled(self, place: Place, spec: FieldSpec) -> list[_Value]:
        """By the surest label: one without misread characters, then the first that is named.

        Of several only those that are as likely amounts, or the like, as the likeliest.
        """
        matches = [match for label in place.labels for match in self._labels(label, spec)]
        matches.sort(key=lambda match: bool(match.errors))
        found: list[_Value] = []
        for _, alike in groupby(matches, key=lambda match: (bool(match.errors), match.label)):
            lists = [
                self._values(region, spec, match.label)
                for match in alike
                for region in self._regions(place, match, spec)
            ]
            nths = [values[spec.nth - 1] for values in lists if len(values) >= spec.nth]
            found += sorted(nths, key=lambda value: value.rank)
            if place.which != "each":
                found.sort(key=lambda value: value.nothing)
            if place.which == "first" and found and not found[0].nothing:
                break
        lowest = min((value.rank for value in found), default=0)
        return [v for v in found if v.rank == lowest] if place.which != "first" else found

    def _anywhere(self, place: Place, spec: FieldSpec) -> list[_Value]:
        """In the pieces of all rows, but where another field has its value."""
        taken = set(self.taken)
        found = [
            value
            for k in range(len(self.rows))
            if self._allowed(k, spec)
            for piece in self._pieces(k)
            if place.where == "page" or _wordy(piece)
            for value in self._values(_Region(piece), spec)
            # A piece of a row may hold values of both sides.
            if self._on_side(value.cells, spec) and not taken & set(value.cells)
        ]
        return sorted(found, key=lambda value: value.rank)[spec.nth - 1 :]

    def _values(self, region: _Region, spec: FieldSpec, label: str = "") -> list[_Value]:
        """Values of the field's kind, the likelier meant first, and then from the left."""
        text, places = region.text
        values = [
            _Value(region.cells[places[found.start] : places[found.stop - 1] + 1], found, label)
            for found in kinds.find(text, spec)
        ]
        values.sort(key=lambda value: value.rank)
        return _meant(values, spec) if label and spec.several else values

    def _all_located(self, spec: FieldSpec, place: Place, found: list[_Value]) -> list[Located]:
        if place.which == "each":
            kept = _repeats_last(found)[:_MOST_FURTHER]
            return [self._located(spec, kept, number) for number in range(len(kept))]
        if place.which == "first":
            return [self._located(spec, found[:1], 0)]
        unlike: dict[Reading | None, _Value] = {}
        for value in found:
            unlike.setdefault(value.printed[1], value)
        kept = [value for value in unlike.values() if not value.nothing] or found[:1]
        first, *others = (self._located(spec, [value], 0) for value in kept[:_MOST_INSTEAD])
        return [replace(first, instead=tuple(others), proved=place.which == "proved")]

    def _located(self, spec: FieldSpec, values: Sequence[_Value], number: int) -> Located:
        value = values[number]
        self.taken += value.cells
        text, polygon = source(self.page, value.cells)
        confidence = sum(cell.confidence for cell in value.cells) / len(value.cells)
        place = Located(spec, text, polygon, round(confidence, 4), value.found.readings)
        if not number:
            return place
        named = replace(spec, name=f"{spec.name}_{number + 1}", title=f"{spec.title} {number + 1}")
        repeats = value.printed in [earlier.printed for earlier in values[:number]]
        return replace(place, spec=named, further_to=spec.name, repeats=repeats)

    def _regions(self, place: Place, match: Match, spec: FieldSpec) -> Iterator[_Region]:
        """What stands right of a label, below it, or in the row above."""
        if place.where == "right of":
            yield self._right(match, spec)
        elif place.where == "below":
            yield from self._below(match)
        elif match.row:
            yield _Region(self.rows[match.row - 1].cells)

    def _labels(self, label: str, spec: FieldSpec) -> list[Match]:
        """Where the label stands and the field may be; the surest first, then by place."""
        matches = [
            match
            for match in self.matches
            if match.label == label
            and self._allowed(match.row, spec)
            and self._on_side(self._cells(match), spec)
        ]
        if spec.last:
            matches.reverse()
        return sorted(matches, key=lambda match: match.errors)

    def _allowed(self, row: int, spec: FieldSpec) -> bool:
        """Whether the field may be in a row, or have its label there; nowhere without landmark."""
        above = not spec.above or any(row < mark for mark in self.landmarks[spec.above][:1])
        below = not spec.below or any(row > mark for mark in self.landmarks[spec.below][:1])
        return above and below

    def _on_side(self, cells: Sequence[Cell], spec: FieldSpec) -> bool:
        """Whether a label, or a value without one, lies on the field's half of the page."""
        left = (cells[0].left + cells[-1].right) / 2 < self.middle
        return not spec.side or left == (spec.side == "left")

    def _cells(self, match: Match) -> tuple[Cell, ...]:
        return self.rows[match.row].cells[match.start : match.stop]

    def _right(self, match: Match, spec: FieldSpec) -> _Region:
        """From the label to the next one; amounts may be far away, other values are not."""
        row = self.rows[match.row]
        start = value_start(row, match.stop)
        stop = self._next_label(match.row, start)
        cells = row.cells[start:stop]
        if spec.kind not in ("amount", "capitals"):
            cells = _near(row.cells[match.stop - 1], cells, row.height)
        return _Region(cells)

    def _next_label(self, row: int, start: int) -> int:
        starts = [m.start for m in self.matches if m.row == row and m.start >= start]
        return min(starts, default=len(self.rows[row].cells))

    def _below(self, match: Match) -> Iterator[_Region]:
        """In the next rows, the pieces under the label."""
        label = self._cells(match)
        height = self.rows[match.row].height
        limit = self.rows[match.row].bottom + _BELOW * height
        left, right = label[0].left - height, label[-1].right + height
        for k in range(match.row + 1, len(self.rows)):
            if self.rows[k].top > limit:
                return
            for piece in self._pieces(k):
                if piece[0].left < right and piece[-1].right > left:
                    yield _Region(piece)

    def _pieces(self, row: int) -> Iterator[tuple[Cell, ...]]:
        """Parts of a row between labels and wide gaps."""
        cells = self.rows[row].cells
        label = {at for m in self.matches if m.row == row for at in range(m.start, m.stop)}
        piece: list[Cell] = []
        for at, cell in enumerate(cells):
            wide = piece and cell.left - piece[-1].right > _GAP * self.rows[row].height
            if piece and (wide or at in label):
                yield tuple(piece)
                piece = []
            if at not in label:
                piece.append(cell)
        if piece:
            yield tuple(piece)


def _meant(values: list[_Value], spec: FieldSpec) -> list[_Value]:
    """Of amounts by one label the one that is meant, if any: a tax is less than what it is reckoned
    from, and a total that stands beside another amount is a row of a table."""
    likely = [value for value in values if value.rank == values[0].rank and value.found.readings]
    amounts = {reading.value for value in likely for reading in value.found.readings[:1]}
    if len(amounts) < 2:
        return values
    if spec.several == "none":
        return []
    return [min(likely, key=_size)]


def _size(value: _Value) -> Decimal:
    amount = value.found.readings[0].value
    return abs(amount) if isinstance(amount, Decimal) else Decimal(0)


def _repeats_last(values: Sequence[_Value]) -> list[_Value]:
    """Values of other labels and amounts first, then those that were there already."""
    first: list[_Value] = []
    repeated: list[_Value] = []
    known: set[tuple[str, Reading | None]] = set()
    for value in values:
        (repeated if value.printed in known else first).append(value)
        known.add(value.printed)
    return first + repeated


def _near(label: Cell, cells: tuple[Cell, ...], height: float) -> tuple[Cell, ...]:
    """What follows the label within reach, up to the first wide gap."""
    reach, before = _REACH, label
    for k, cell in enumerate(cells):
        if cell.left - before.right > reach * height:
            return cells[:k]
        reach, before = _GAP, cell
    return cells


def _wordy(piece: Sequence[Cell]) -> bool:
    """At least two letters, and as many of them as of anything else."""
    letters = sum(cell.text.isalpha() for cell in piece)
    return letters >= 2 and 2 * letters >= len(piece)
