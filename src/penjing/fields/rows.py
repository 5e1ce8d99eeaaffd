"""A page as rows of characters: levelled, normalised, each still knowing where it came from.

Labels and values are looked for along rows, because a detector may cut a row anywhere: 名 and 称
into two boxes, or a label and its value into one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penjing.runtime.level import Floats, levelled
from penjing.runtime.result import Line, Page, Point, Quad

_UPRIGHT = 1.5  # text this many times higher than wide stands upright, in no row
_MOST_LINES, _MOST_CHARACTERS, _LONGEST = 1000, 20_000, 1000  # the last is of a row
_SHARED = 0.5  # of the lower height: what two pieces of a row have in common


@dataclass(frozen=True)
class Cell:
    """One character of a row, NFKC-normalised; several may come from one character read.

    ``line`` and ``at`` are its places on the page and in that line's text. ``left`` and ``right``
    are levelled pixels; ``apart`` says that a space or another box is before it.
    """

    text: str
    line: int
    at: int
    left: float
    right: float
    confidence: float
    apart: bool


@dataclass(frozen=True)
class Row:
    """``top`` and ``bottom`` are levelled pixels; ``text`` has one character for each cell."""

    cells: tuple[Cell, ...]
    top: float
    bottom: float

    @property
    def text(self) -> str:
        return "".join(cell.text for cell in self.cells)

    @property
    def folded(self) -> str:
        """``text`` without regard to case, still one character for each cell."""
        return "".join(cell.text.casefold()[:1] for cell in self.cells)

    @property
    def height(self) -> float:
        return self.bottom - self.top


def rows(page: Page) -> list[Row]:
    """Rows from the top, cells from the left."""
    lines = _within_limits(page.lines)
    quads = _turned(np.array([line.polygon for line in lines], np.float64).reshape(-1, 4, 2))
    lying = [k for k, quad in enumerate(quads) if _lies(quad)]
    if not lying:
        return []
    quads = levelled(quads[lying])
    extents = [_extent(quad) for quad in quads]
    groups: list[list[int]] = []
    for k in map(int, np.argsort(quads[:, :, 0].min(axis=1), kind="stable")):
        fits = [(_overlap(extents[group[-1]], extents[k]), group) for group in groups]
        best, group = max(fits, key=lambda fit: fit[0], default=(0.0, []))
        if best > _SHARED:
            group.append(k)
        else:
            groups.append([k])
    made = [_row([(lying[k], lines[lying[k]], quads[k]) for k in group]) for group in groups]
    return sorted((row for row in made if row.cells), key=lambda row: row.top + row.bottom)


def _within_limits(lines: Sequence[Line]) -> Sequence[Line]:
    """A form has far less text; a hostile file may have far more."""
    reached = np.cumsum([1 + len(line.text) for line in lines[:_MOST_LINES]])
    return lines[: int(np.searchsorted(reached, _MOST_CHARACTERS, side="right"))]


def _turned(quads: Floats) -> Floats:
    """Turned as a whole, so that most text runs from left to right."""
    along = (quads[:, 1] - quads[:, 0]).sum(axis=0)
    angle = -np.arctan2(along[1], along[0])
    cos, sin = np.cos(angle), np.sin(angle)
    return quads @ np.array([[cos, sin], [-sin, cos]])


def _lies(quad: Floats) -> bool:
    """Whether a line runs from left to right, and does not stand upright."""
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    length = float(np.hypot(*along))
    return bool(along[0] > abs(along[1]) and np.hypot(*down) < _UPRIGHT * length)


def _extent(quad: Floats) -> tuple[float, float]:
    """Mean top and bottom: corners alone exaggerate the height of a line that still leans."""
    return float(quad[:2, 1].mean()), float(quad[2:, 1].mean())


def _overlap(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Share of the lower one's height that two extents have in common."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / max(1e-6, min(a[1] - a[0], b[1] - b[0]))


def _row(pieces: Sequence[tuple[int, Line, Floats]]) -> Row:
    cells = [cell for piece in pieces for cell in _cells(*piece)]
    tops, bottoms = zip(*(_extent(quad) for *_, quad in pieces), strict=True)
    return Row(tuple(cells[:_LONGEST]), float(np.median(tops)), float(np.median(bottoms)))


def _cells(number: int, line: Line, quad: Floats) -> list[Cell]:
    places, confidences = edges(line), _confidences(line)
    left, right = quad[[0, 3], 0].mean(), quad[[1, 2], 0].mean()
    cells: list[Cell] = []
    apart = True
    for at, character in enumerate(line.text):
        if character.isspace():
            apart = True
            continue
        x0, x1 = (float(left + places[k] * (right - left)) for k in (at, at + 1))
        for c in unicodedata.normalize("NFKC", character).replace(" ", ""):
            cells.append(Cell(c, number, at, x0, x1, confidences[at], apart))
            apart = False
    return cells


def edges(line: Line) -> Floats:
    """Where the characters of a line part: (len(text) + 1,) fractions of its length.

    Half-way between the characters' centres where the reader gave them, otherwise by their widths.
    """
    centres = _centres(line)
    if centres is None:
        wide = [2.0 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in line.text]
        return np.concatenate([[0.0], np.cumsum(wide)]) / max(1.0, sum(wide))
    if len(centres) == 1:
        return np.array([0.0, 1.0])
    between = (centres[1:] + centres[:-1]) / 2
    ends = [2 * centres[0] - between[0]], between, [2 * centres[-1] - between[-1]]
    return np.maximum.accumulate(np.clip(np.concatenate(ends), 0.0, 1.0))


def _centres(line: Line) -> Floats | None:
    """Along the line, one for each character; spaces stand in the middle of their gaps."""
    found = [character for word in line.words for character in word.characters]
    letters = [k for k, c in enumerate(line.text) if not c.isspace()]
    if not found or len(found) != len(letters):
        return None
    corners = np.array(line.polygon, np.float64)
    start, end = corners[[0, 3]].mean(axis=0), corners[[1, 2]].mean(axis=0)
    along = end - start
    points = np.array([character.centre for character in found])
    fractions = (points - start) @ along / max(1e-6, float(along @ along))
    return np.interp(np.arange(len(line.text)), letters, np.maximum.accumulate(fractions))


def _confidences(line: Line) -> list[float]:
    found = iter([c.confidence for word in line.words for c in word.characters])
    return [0.0 if c.isspace() else next(found, line.confidence) for c in line.text]


def source(page: Page, cells: Sequence[Cell]) -> tuple[str, Quad]:
    """What was read for ``cells``, as it was read, and where it stands on the page."""
    spans: dict[int, list[int]] = {}
    for cell in cells:
        spans.setdefault(cell.line, []).append(cell.at)
    texts, quads = [], []
    for number, places in spans.items():
        line = page.lines[number]
        first, last = min(places), max(places) + 1
        texts.append(line.text[first:last])
        quads.append(_part(line, first, last))
    return " ".join(texts), quads[0] if len(quads) == 1 else _around(quads)


def _part(line: Line, first: int, last: int) -> Quad:
    places, corners = edges(line), np.array(line.polygon, np.float64)
    start = float(places[first]) if first else 0.0
    stop = float(places[last]) if last < len(line.text) else 1.0
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    ends = (
        corners[0] + start * top,
        corners[0] + stop * top,
        corners[3] + stop * bottom,
        corners[3] + start * bottom,
    )
    return tuple(_point(end) for end in ends)  # type: ignore[return-value]


def _around(quads: Sequence[Quad]) -> Quad:
    points = np.array(quads).reshape(-1, 2)
    (left, top), (right, bottom) = _point(points.min(axis=0)), _point(points.max(axis=0))
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _point(xy: Floats) -> Point:
    return (round(float(xy[0]), 1), round(float(xy[1]), 1))
