"""Reading order: columns from left to right, rows within them from top to bottom.

A recursive cut (Nagy and Seth 1984): a page is split at empty vertical gaps when every part is a
column of running text, otherwise at wide horizontal gaps; what cannot be split is read by rows,
so that tables and forms keep theirs. A page that leans is levelled first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from penjing.runtime.level import levelled

Polygons = np.ndarray[Any, Any]  # float (N, 4, 2): quadrilaterals, each from its text's top left
Boxes = np.ndarray[Any, Any]  # float (N, 4): left, top, right, bottom


def reading_order(polygons: Polygons) -> list[int]:
    """Indices of quadrilaterals in reading order."""
    if len(polygons) == 0:
        return []
    boxes = _boxes(polygons)
    return _order(boxes, np.arange(len(boxes)))


def rows(polygons: Polygons) -> list[list[int]]:
    """Indices of ordered quadrilaterals by row: one to the right of the last joins its row."""
    grouped: list[list[int]] = []
    for k, box in enumerate(boxes := _boxes(polygons)):
        if grouped and _beside(boxes[k - 1], box):
            grouped[-1].append(k)
        else:
            grouped.append([k])
    return grouped


def _order(boxes: Boxes, members: np.ndarray[Any, Any]) -> list[int]:
    height = float(np.median(boxes[members, 3] - boxes[members, 1]))
    columns = _split(boxes, members, axis=0, gap=1.0 * height)
    if len(columns) > 1 and all(_is_column(boxes, column) for column in columns):
        return [k for column in columns for k in _order(boxes, column)]
    bands = _split(boxes, members, axis=1, gap=0.6 * height)
    if len(bands) > 1:
        return [k for band in bands for k in _order(boxes, band)]
    return _by_rows(boxes, members)


def _split(
    boxes: Boxes, members: np.ndarray[Any, Any], axis: int, gap: float
) -> list[np.ndarray[Any, Any]]:
    """Members parted wherever nothing covers more than ``gap`` pixels along ``axis``."""
    members = members[np.argsort(boxes[members, axis], kind="stable")]
    reach = np.maximum.accumulate(boxes[members, axis + 2])
    cuts = np.flatnonzero(boxes[members[1:], axis] - reach[:-1] > gap) + 1
    return np.split(members, cuts)


def _is_column(boxes: Boxes, members: np.ndarray[Any, Any]) -> bool:
    """Running text: at least four lines, most of them long and about as wide as the column."""
    if len(members) < 4:
        return False
    width = float(np.median(boxes[members, 2] - boxes[members, 0]))
    height = float(np.median(boxes[members, 3] - boxes[members, 1]))
    whole = boxes[members, 2].max() - boxes[members, 0].min()
    return width > 0.6 * float(whole) and width > 8 * height


def _by_rows(boxes: Boxes, members: np.ndarray[Any, Any]) -> list[int]:
    """Rows from the top; a line belongs to a row whose middle it covers."""
    left = list(members[np.argsort(boxes[members, 1] + boxes[members, 3], kind="stable")])
    ordered: list[int] = []
    while left:
        first = left[0]
        row = [k for k in left if _same_row(boxes[first], boxes[k])]
        ordered += sorted((int(k) for k in row), key=lambda k: float(boxes[k, 0]))
        left = [k for k in left if k not in row]
    return ordered


def _same_row(a: Boxes, b: Boxes) -> bool:
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return bool(shared > 0.5 * min(a[3] - a[1], b[3] - b[1]))


def _beside(a: Boxes, b: Boxes) -> bool:
    return _same_row(a, b) and bool(b[0] >= (a[0] + a[2]) / 2)


def _boxes(polygons: Polygons) -> Boxes:
    """Around the quadrilaterals as they lie on a level page."""
    polygons = levelled(polygons)
    return np.concatenate([polygons.min(axis=1), polygons.max(axis=1)], axis=1)
