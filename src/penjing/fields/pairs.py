"""Rows like ``name: value``, whatever they are about; a row may hold several."""

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
    """Names and values; a value ends at a wide gap, unless nothing came before it, and where
    another name begins."""
    name: list[Cell] = []
    value: list[Cell] | None = None
    before: Cell | None = None
    for k, cell in enumerate(row.cells):
        wide = before is not None and cell.left - before.right > _GAP * row.height
        if wide and value != []:
            if name and value:
                yield name, value
            name, value = [], None
        colon = cell.text == ":" and not _within_hour(row.cells, k)
        if colon and value is None:
            value = [] if 0 < len(name) <= _LONGEST_NAME else None
            name = name if value is not None else []
        elif colon and value and (start := _another(value)):
            yield name, value[:start]
            name, value = value[start:], []
        elif value is None:
            name.append(cell)
        else:
            value.append(cell)
        before = cell
    if name and value:
        yield name, value


def _another(value: Sequence[Cell]) -> int:
    """Where in a value before a colon the name begins that the colon belongs to: a Chinese word, or
    a box of its own. 0 if it belongs to the value."""
    start = max((k for k, cell in enumerate(value) if cell.apart), default=0)
    name = value[start:]
    begins = name[0].line != value[start - 1].line or not name[0].text.isascii()
    return start if start and begins and len(name) <= _LONGEST_NAME else 0


def _within_hour(cells: Sequence[Cell], k: int) -> bool:
    """Whether the colon ``k`` stands between digits, as in 10:31."""
    return 0 < k < len(cells) - 1 and cells[k - 1].text.isdigit() and cells[k + 1].text.isdigit()
