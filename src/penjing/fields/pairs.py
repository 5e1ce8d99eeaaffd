"""Rows like ``name: value``, whatever they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penjing.fields.result import Field
from penjing.fields.rows import Cell, Row, source
from penjing.runtime.result import Page

_GAP = 1.6  # heights of a row: what parts two columns
_LONGEST_NAME = 16  # characters; more before a colon is a sentence


def pairs(page: Page, rows: Sequence[Row], taken: set[tuple[int, int]]) -> list[Field]:
    """Fields named by what is before the colon, but for characters (line, at) ``taken`` already."""
    fields = []
    for row in rows:
        for name, value in _of_row(row):
            if any((cell.line, cell.at) in taken for cell in value):
                continue
            title = source(page, name)[0].strip()
            text, polygon = source(page, value)
            confidence = round(sum(cell.confidence for cell in value) / len(value), 4)
            fields.append(Field(title, title, "text", text, text, confidence, polygon))
    return fields


def _of_row(row: Row) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """Names and values; a value ends at a wide gap, unless nothing came before it."""
    name: list[Cell] = []
    value: list[Cell] | None = None
    before: Cell | None = None
    for cell in row.cells:
        wide = before is not None and cell.left - before.right > _GAP * row.height
        if wide and value != []:
            if name and value:
                yield name, value
            name, value = [], None
        if cell.text == ":" and value is None:
            value = [] if 0 < len(name) <= _LONGEST_NAME else None
            name = name if value is not None else []
        elif value is None:
            name.append(cell)
        else:
            value.append(cell)
        before = cell
    if name and value:
        yield name, value
