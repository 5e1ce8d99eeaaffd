"""Pages as detectors and cameras disturb them, with texts that are still right."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

import numpy as np

from penjing.fields import Form
from penjing.fields.rows import rows
from penjing.runtime.result import Line, Page
from penjing.synth.papers.specimen import Specimen, perfect_page, width


def disturbed(specimen: Specimen, r: Random) -> Page:
    """Lines joined with near neighbours, cut at spaces, in any order, and the paper turned."""
    page = perfect_page(specimen)
    lines = [
        part for line in page.lines for part in (_cut(line, r) if r.random() < 0.3 else [line])
    ]
    lines = _joined(lines, r)
    r.shuffle(lines)
    return turned(replace(page, lines=tuple(lines)), r.uniform(-4, 4))


def turned(page: Page, degrees: float) -> Page:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    lines = tuple(
        replace(line, polygon=tuple(map(tuple, np.array(line.polygon) @ turn)))
        for line in page.lines
    )
    return replace(page, lines=lines)


def typed(text: str) -> Page:
    """A page as it is typed: one line for each piece, pieces parted by two spaces or more.

    A letter is 10 pixels wide, a Chinese character 20, and 20 pixels high.
    """
    lines = []
    for k, row in enumerate(text.strip("\n").split("\n")):
        for piece in re.finditer(r"\S+(?: \S+)*", row):
            left = 20 * width(row[: piece.start()])
            right = left + 20 * width(piece[0])
            lines.append(_line(piece[0], left, 36 * k, right, 36 * k + 20))
    return Page(tuple(lines), 1400, 1000, "page", "none")


def _cut(line: Line, r: Random) -> list[Line]:
    """Parted at its first space, where a detector may see a gap."""
    head, space, tail = line.text.partition(" ")
    if not space or not tail:
        return [line]
    (left, top), (right, _), (_, bottom), _ = line.polygon
    share = len(head) / len(line.text)
    middle = left + share * (right - left)
    return [_line(head, left, top, middle, bottom), _line(tail, middle + 8, top, right, bottom)]


def _joined(lines: list[Line], r: Random) -> list[Line]:
    """Neighbours less than a character apart may be one line."""
    made: list[Line] = []
    for line in lines:
        (left, top), (right, _), (_, bottom), _ = line.polygon
        if made and r.random() < 0.5:
            (a, b), (c, _), (_, d), _ = made[-1].polygon
            if abs(b - top) < 3 and 0 <= left - c < bottom - top:
                made[-1] = _line(made[-1].text + line.text, a, b, right, d)
                continue
        made.append(line)
    return made


def _line(text: str, left: float, top: float, right: float, bottom: float) -> Line:
    return Line(text, 1.0, ((left, top), (right, top), (right, bottom), (left, bottom)))


def texts(page: Page) -> list[str]:
    return [row.text for row in rows(page)]


def misread(page: Page, right: str, wrong: str, at: int = 0) -> Page:
    """The ``at``-th line that holds ``right`` has ``wrong`` instead."""
    holders = [k for k, line in enumerate(page.lines) if right in line.text]
    number = holders[at]
    lines = list(page.lines)
    lines[number] = replace(lines[number], text=lines[number].text.replace(right, wrong, 1))
    return replace(page, lines=tuple(lines))


def values(form: Form) -> dict[str, str]:
    return {field.name: str(field.value) for field in form.fields}


def statuses(form: Form, *names: str) -> set[str]:
    return {form[name].status for name in names}
