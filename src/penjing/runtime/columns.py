"""Vertical writing: a column is cut into its characters, which are set side by side as a line.

The recogniser has learnt lines that run to the right and needs to learn nothing more. Characters of
a column are as wide as it and evenly spaced, so where they part is a shortest path through its
rows: cuts lie where there is no ink, one pitch apart, at the pitch for which that goes best.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels

Floats = np.ndarray[Any, Any]  # of float64
Array = np.ndarray[Any, Any]  # bool or int

SIDE = 32  # a line's height in pixels
_EM = 27  # of it that a character and the gap after it take
_PITCHES = np.arange(0.8, 1.75, 0.05)  # tried, in widths of the column's ink
_USUAL = 1.1  # of these
_COARSE = 2  # rows are searched in steps of so many
_NARROWEST = 8  # column of ink: what is left of dust is no writing
_NEAR = 3  # rows beside it that a cut may be moved to
_INK = 2.0  # what cutting all across ink costs
_UNEVEN = 3.0  # what a character would of twice the pitch; a tenth more costs a hundredth of it
_UNUSUAL = 0.2  # what a pitch costs that is a column's width away from the usual one
_CHARACTER = 0.08  # shared by all characters: few of them must part as well as many
_FEWEST_ROWS = 12  # of ink, in a column 32 wide: less is no column
_MARK = 0.45  # of the column's width: marks are smaller than that both ways


@dataclass(frozen=True)
class Column:
    """A column as a line: ``line`` uint8 (32, W) gray, of squares as wide as each other; ``edges``
    (characters + 1,) say where they part in the column, in fractions of its height."""

    line: Pixels
    edges: Floats

    def along(self, centres: Floats) -> Floats:
        """Where in the column is what lies at ``centres`` of the line, both in fractions."""
        return np.interp(centres, np.linspace(0, 1, len(self.edges)), self.edges)


def laid_out(gray: Pixels) -> Column | None:
    """The characters of a column, uint8 (H, W) gray, side by side.

    None if it has fewer than two.
    """
    column = _scaled(gray, SIDE / gray.shape[1])
    cuts = _cuts(*_filled(_ink(column)))
    if len(cuts) < 3:
        return None
    edges = np.array(cuts) / len(column)
    pitch = float(np.diff(cuts).mean())
    column = _scaled(gray, SIDE / gray.shape[1] * _EM / pitch)
    ink = _ink(column)
    rows = _at_gaps(np.rint(edges * len(column)).astype(int), ink.sum(axis=1))
    across = np.flatnonzero(ink.any(axis=0))
    sides = slice(max(0, across[0] - _NEAR), across[-1] + _NEAR)
    ground = int(np.median(column[~ink]))
    cells = [_cell(column[a:b, sides], ink[a:b, sides], ground) for a, b in pairwise(rows)]
    return Column(np.hstack(cells), edges)


def _scaled(gray: Pixels, scale: float) -> Pixels:
    height, width = (max(2, round(side * scale)) for side in gray.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, (width, height), interpolation=how), np.uint8)


def _ink(column: Pixels) -> Array:
    """bool (H, W): which pixels are ink. Ground is what the column has at its sides."""
    soft = cv2.GaussianBlur(column, (3, 3), 0)
    _, light = cv2.threshold(soft, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ground = light[:, [0, 1, -2, -1]].mean() > 0.5
    return np.asarray(light != ground)


def _filled(ink: Array) -> tuple[Floats, int]:
    """How much of each row is filled, in shares of the width of a column's ``ink``, and that."""
    columns = np.flatnonzero(ink.sum(axis=0) > 0.02 * len(ink))
    width = int(columns[-1] - columns[0]) + 1 if len(columns) else 1
    return ink.sum(axis=1) / width, width


def _cuts(filled: Floats, width: int) -> list[int]:
    """Rows at which characters part, from above the first to below the last; none if there is
    too little ink."""
    inked = np.flatnonzero(filled)
    if len(inked) < _FEWEST_ROWS or width < _NARROWEST:
        return []
    top, bottom = int(inked[0]), int(inked[-1]) + 1
    rows = np.pad(filled[top:bottom], (0, (top - bottom) % _COARSE), mode="edge")
    rows = rows.reshape(-1, _COARSE).min(axis=1)  # gaps may be one row high
    margin = round(0.5 * width / _COARSE)  # 一 leaves most of its square empty
    path = _cheapest(_INK * np.pad(rows, margin), _PITCHES * width / _COARSE, margin)
    return [min(bottom, max(0, top + _COARSE * (row - margin))) for row in path]


def _cheapest(cost_of_cut: Floats, pitches: Floats, margin: int) -> list[int]:
    """Rows of the cheapest cuts at the best of ``pitches``, the first and the last of which may be
    anywhere in the ``margin`` at either end."""
    every, end = np.arange(len(pitches)), len(cost_of_cut)
    lengths = np.arange(max(2, int(0.7 * pitches[0])), int(1.3 * pitches[-1]) + 1)
    unlike = lengths / pitches[:, None] - 1
    uneven = np.where(np.abs(unlike) <= 0.3, _UNEVEN * unlike**2, np.inf)
    longest = int(lengths[-1])
    cost = np.full((len(pitches), longest + end + 1), np.inf)  # row 0 stands after the longest
    cost[:, longest : longest + margin + 1] = 0
    length_to = np.zeros((len(pitches), end + 1), int)
    characters = np.zeros((len(pitches), longest + end + 1), int)
    for row in range(margin + 1, end + 1):
        ways = cost[:, longest + row - lengths] + uneven
        best = ways.argmin(axis=1)
        length_to[:, row] = lengths[best]
        cost[:, longest + row] = ways[every, best] + (cost_of_cut[row] if row < end else 0.0)
        characters[:, longest + row] = characters[every, longest + row - lengths[best]] + 1
    last = end - margin + cost[:, longest + end - margin :].argmin(axis=1)
    count = np.maximum(1, characters[every, longest + last])
    each = (cost[every, longest + last] + _CHARACTER) / count + _UNUSUAL * np.abs(_PITCHES - _USUAL)
    pitch = int(each.argmin())
    if not np.isfinite(each[pitch]):
        return []
    path = [int(last[pitch])]
    while path[-1] > margin:
        path.append(path[-1] - int(length_to[pitch, path[-1]]))
    return path[::-1]


def _at_gaps(rows: Array, inked: Array) -> list[int]:
    """``rows`` that cut, each moved to the middle of the least inked rows near it."""
    moved = [max(0, int(rows[0]) - _NEAR)]
    for row in rows[1:-1]:
        near = np.arange(max(0, row - _NEAR), min(len(inked), row + _NEAR + 1))
        moved.append(int(np.median(near[inked[near] == inked[near].min()])))
    return [*moved, min(len(inked), int(rows[-1]) + _NEAR)]


def _cell(part: Pixels, ink: Array, ground: int) -> Pixels:
    """A character on ``ground``, 32 pixels high; a mark where marks stand in lines."""
    if len(part) > SIDE:
        size = part.shape[1], SIDE
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        ink = cv2.resize(ink.astype(np.uint8), size) > 0
    cell = np.full((SIDE, part.shape[1]), ground, np.uint8)
    y, x = np.nonzero(ink)
    if _is_mark(y, x, part.shape[1]):
        rim = _NEAR  # the thin parts of a ring are paler than ink
        mark = part[max(0, y.min() - rim) : y.max() + rim, max(0, x.min() - rim) : x.max() + rim]
        cell[SIDE - 2 - len(mark) : SIDE - 2, 2 : 2 + mark.shape[1]] = mark
    else:
        above = (SIDE - len(part)) // 2
        cell[above : above + len(part)] = part
    return cell


def _is_mark(y: Array, x: Array, width: int) -> bool:
    """Whether ink is a comma or stop of vertical writing: small, above, on the right."""
    if not len(y) or max(np.ptp(y), np.ptp(x)) >= _MARK * min(width, SIDE):
        return False
    return bool(x.mean() > 0.5 * width and y.mean() < 0.5 * width)
