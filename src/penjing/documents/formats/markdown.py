"""Markdown: paragraphs, headings by height, and tables where rows share their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from statistics import median

from penjing.documents.leaf import Leaf, box
from penjing.runtime.level import levelled
from penjing.runtime.result import Line, Page

_HEADING = 1.5  # times the usual height of a line
_PARAGRAPH = 0.8  # times the height of a line: a wider gap begins another paragraph
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_LEADING = re.compile(r"^(\s*)([-+=:]|\d+[.)](?=\s|$))")

Row = list[Line]


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    for k, leaf in enumerate(leaves):
        rule = "\n---\n\n" if k else ""
        yield (rule + "\n".join(_blocks(_rows(leaf.page)))).encode()


def _rows(page: Page) -> list[Row]:
    """Upright, and level: on a page that leans, the box around a long line is a high one."""
    page = page.level
    places = levelled(page.polygons).tolist()
    lines = zip(page.lines, places, strict=True)
    made = tuple(replace(line, polygon=(a, b, c, d)) for line, (a, b, c, d) in lines)
    return replace(page, lines=made).rows


def escape(text: str) -> str:
    """``text`` so that Markdown shows it as it is."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _LEADING.sub(lambda m: m[1] + m[2][:-1] + "\\" + m[2][-1], escaped)


def _blocks(read: list[Row]) -> Iterator[str]:
    usual = median(_height(row) for row in read) if read else 0
    start = 0
    while start < len(read):
        stop = start + 1
        while stop < len(read) and _columns(read[start : stop + 1]):
            stop += 1
        if stop - start > 1:
            yield _table(read[start:stop])
        elif _height(read[start]) > _HEADING * usual:
            yield f"## {_plain(read[start])}\n"
        else:
            while stop < len(read) and _goes_on(read, stop, usual):
                stop += 1
            yield "\\\n".join(_plain(row) for row in read[start:stop]) + "\n"
        start = stop


def _goes_on(read: list[Row], k: int, usual: float) -> bool:
    """Whether row ``k`` belongs to the paragraph of the row before it."""
    above, row = read[k - 1], read[k]
    gap = min(box(line.polygon)[1] for line in row) - max(box(line.polygon)[3] for line in above)
    if gap > _PARAGRAPH * usual or gap < -usual or _height(row) > _HEADING * usual:
        return False
    return not (k + 1 < len(read) and _columns(read[k : k + 2]))


def _columns(block: list[Row]) -> list[tuple[int, int]]:
    """The columns of a table: stretches of x that no two cells of one row share; else empty."""
    if any(len(row) < 2 for row in block):
        return []
    columns: list[tuple[int, int]] = []
    for left, _, right, _ in sorted(box(line.polygon) for row in block for line in row):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    apart = all(len({_column(line, columns) for line in row}) == len(row) for row in block)
    return columns if apart and len(columns) > 1 else []


def _column(line: Line, columns: list[tuple[int, int]]) -> int:
    left = box(line.polygon)[0]
    return next(k for k, (start, stop) in enumerate(columns) if start <= left < stop)


def _table(block: list[Row]) -> str:
    columns = _columns(block)
    written = []
    for row in block:
        cells = [""] * len(columns)
        for line in row:
            cells[_column(line, columns)] = escape(line.text)
        written.append("| " + " | ".join(cells) + " |")
    written.insert(1, "|" + " --- |" * len(columns))
    return "\n".join(written) + "\n"


def _plain(row: Row) -> str:
    return escape("  ".join(line.text for line in row))


def _height(row: Row) -> float:
    """Of the text of a row's first line, in pixels; turned lines are as high as they are narrow."""
    left, top, right, bottom = box(row[0].polygon)
    return float(min(right - left, bottom - top) if len(row[0].text) > 1 else bottom - top)
