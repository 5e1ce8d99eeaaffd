"""What a PDF page shows besides its own text, and may hold more text: pictures, shapes, notes.

PDFium places what is inside a form XObject in the form's own space; here all lies on the page.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np

from penjing.errors import PictureTooLarge

_POINTS = 72.0  # to an inch
DEPTH = 6  # of forms within forms
_THINNEST = 1.0  # points: rules and dots are thinner, most letters are not
_LARGEST = 72.0  # points: a single shape that is longer is no letter


@dataclass(frozen=True)
class Embedded:
    """A picture on a page: the area of the page under it in square points, and its resolution."""

    area: float
    dpi: float


def pictures(page: Any, most: int) -> list[Embedded]:
    """Of a pypdfium2 page. Raises PictureTooLarge for one of more than ``most`` pixels, before
    PDFium would unpack it."""
    from pypdfium2 import raw

    found = []
    left, bottom, right, top = page.get_bbox()
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=DEPTH):
        across, down = thing.get_px_size()
        if across * down > most:
            raise PictureTooLarge(
                f"a picture of {across:,} × {down:,} pixels is inside; at most {most:,} pixels"
            )
        matrix = _matrix(thing)
        area = abs(matrix.a * matrix.d - matrix.b * matrix.c)  # a picture is a unit square, placed
        corners = np.array([matrix.on_point(x, y) for x in (0, 1) for y in (0, 1)])
        seen = np.minimum(corners.max(axis=0), (right, top))
        seen -= np.maximum(corners.min(axis=0), (left, bottom))
        under = min(area, float(seen.clip(0).prod()))
        found.append(Embedded(under, _POINTS * (across * down / max(area, 1e-6)) ** 0.5))
    return found


def shapes(page: Any, enough: int) -> int:
    """How many shapes there are that may be letters drawn as outlines or as strokes; counting ends
    at ``enough``.

    A letter is one shape or a few, and a path may hold a whole line of them. Rules, the dots of
    dotted ones, areas, and frames, as around the cells of a table, are not counted.
    """
    from pypdfium2 import raw

    found = 0
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=DEPTH):
        if not _is_mark(thing):
            continue
        left, bottom, right, top = thing.get_bounds()
        scale = 1.0
        if thing.container is not None:
            matrix = _matrix(thing.container)
            scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        thin, long = (scale * side for side in sorted((right - left, top - bottom)))
        if thin < _THINNEST or thin > _LARGEST:
            continue
        parts = _parts(thing)
        if parts > 1 or long <= _LARGEST:
            found += parts
        if found >= enough:
            break
    return min(found, enough)


def notes(page: Any) -> int:
    """How many fields of forms, stamps, and notes written on the page bear text of their own."""
    from pypdfium2 import raw

    bearing = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET)
    found = 0
    for k in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, k)
        found += raw.FPDFAnnot_GetSubtype(note) in bearing
        raw.FPDFPage_CloseAnnot(note)
    return found


def placed(thing: Any) -> np.ndarray[Any, Any]:
    """float (4, 2): the corners of its bounds in the page's space."""
    left, bottom, right, top = thing.get_bounds()
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    if thing.container is not None:
        matrix = _matrix(thing.container)
        corners = [matrix.on_point(x, y) for x, y in corners]
    return np.array(corners)


def _matrix(thing: Any) -> Any:
    """From an object's space to the page's, through the forms that it is in."""
    matrix = thing.get_matrix()
    while (thing := thing.container) is not None:
        matrix = matrix.multiply(thing.get_matrix())
    return matrix


def is_filled(path: Any) -> bool:
    return _drawn(path)[0]


def _is_mark(path: Any) -> bool:
    """Whether it is filled, or stroked and no frame."""
    filled, stroked = _drawn(path)
    return filled or (stroked and not is_frame(path))


def _drawn(path: Any) -> tuple[bool, bool]:
    """Whether it is filled, and whether it is stroked."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke)):
        return False, False
    return fill.value != raw.FPDF_FILLMODE_NONE, bool(stroke.value)


def is_frame(path: Any) -> bool:
    """Whether a path is one rectangle that stands level."""
    from pypdfium2 import raw

    count = raw.FPDFPath_CountSegments(path)
    if count not in (4, 5):
        return False
    x, y = ctypes.c_float(), ctypes.c_float()
    points = []
    for k in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, k)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        points.append((round(x.value, 2), round(y.value, 2)))
    return len(set(points)) == 4 and all(len(set(side)) == 2 for side in zip(*points, strict=True))


def _parts(path: Any) -> int:
    """Of which a path consists: two for an o, its ring and its hole."""
    from pypdfium2 import raw

    segments = (
        raw.FPDFPath_GetPathSegment(path, k) for k in range(raw.FPDFPath_CountSegments(path))
    )
    kinds = map(raw.FPDFPathSegment_GetType, segments)
    return sum(kind == raw.FPDF_SEGMENT_MOVETO for kind in kinds)
