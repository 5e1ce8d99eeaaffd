"""Scans that are no pictures on a PDF page but the paint of a rectangle: tiling patterns.

PDFium says of such a rectangle only that it has a colour. So large ones are drawn alone: what is
painted in one colour, or in colours that pass into one another, has no edges inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from penjing.documents.drawings import DEPTH, is_filled, is_frame, placed
from penjing.documents.page_space import moved, to_pixels

_LARGE = 0.05  # of the page's area: what is smaller is a logo at most
_MOST = 8  # rectangles to draw
_MARGIN = 2  # points beside a rectangle's own edges
_EDGE = 24  # gray levels from one point to the next
_EDGES = 0.003  # of the points: three lines of print have as many on a page


def patterned(page: Any) -> float:
    """The share of a pypdfium2 page that lies under rectangles painted with patterns."""
    from pypdfium2 import raw

    things = list(page.get_objects(max_depth=DEPTH))
    paths = (thing for thing in things if thing.type == raw.FPDF_PAGEOBJ_PATH)
    width, height = page.get_size()
    shares = 0.0
    drawn = 0
    for path in paths:
        if drawn == _MOST or not is_filled(path) or not is_frame(path):
            continue
        left, top, right, bottom = _on_page(path, page)
        share = (right - left) * (bottom - top) / (width * height)
        if share > _LARGE:
            drawn += 1
            inside = _alone(path, things, page)[top:bottom, left:right]
            shares += share * _has_edges(inside)
    return shares


def _on_page(path: Any, page: Any) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of its inside in points of the upright page."""
    corners = placed(path)
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)])[None]
    width, height = page.get_size()
    left, top, right, bottom = moved(box, to_pixels(page, 1.0))[0]
    left, right = (int(x) for x in np.clip([left + _MARGIN, right - _MARGIN], 0, width))
    top, bottom = (int(y) for y in np.clip([top + _MARGIN, bottom - _MARGIN], 0, height))
    return left, top, max(left, right), max(top, bottom)


def _alone(path: Any, things: Sequence[Any], page: Any) -> np.ndarray[Any, Any]:
    """uint8 (H, W): the page, a pixel to a point, with nothing but ``path``."""
    from pypdfium2 import raw

    others = [
        thing for thing in things if thing is not path and thing.type != raw.FPDF_PAGEOBJ_FORM
    ]
    try:
        for other in others:
            raw.FPDFPageObj_SetIsActive(other, False)
        bitmap = page.render(scale=1.0, grayscale=True, may_draw_forms=False)
        pixels: np.ndarray[Any, Any] = np.array(bitmap.to_numpy())
        bitmap.close()
    finally:
        for other in others:
            raw.FPDFPageObj_SetIsActive(other, True)
    return pixels.reshape(pixels.shape[:2])


def _has_edges(gray: np.ndarray[Any, Any]) -> bool:
    steps = (cv2.absdiff(gray[1:], gray[:-1]), cv2.absdiff(gray[:, 1:], gray[:, :-1]))
    edges = sum(int((step >= _EDGE).sum()) for step in steps)
    return edges > _EDGES * gray.size
