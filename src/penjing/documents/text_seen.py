"""Which of a PDF page's characters are seen: those without which it would look different.

What lies outside the page, in a layer that is switched off, behind a picture, beyond a clipping
path or in the colour of its ground is text for PDFium, but not for those who see the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from penjing.documents.page_space import moved, to_pixels
from penjing.documents.text_layer import Glyphs, text_objects

_FAINTEST = 8  # of 255: so much a character that is seen changes some pixel at least


def seen(found: Glyphs, page: Any, scale: float) -> Glyphs:
    """``found`` on a pypdfium2 page, with those only drawn that mark it at ``scale`` pixels to a
    point; it is rendered with and without its text. What is outside does not count as hidden, as
    a page cut out of a larger one has all of that one's text."""
    marked = (np.abs(_rendered(page, scale) - _without_text(page, scale)) >= _FAINTEST).any(axis=2)
    height, width = marked.shape
    boxes = moved(found.boxes, to_pixels(page, scale))
    left, top = np.floor(boxes[:, :2]).clip(0, (width, height)).astype(int).T
    right, bottom = np.ceil(boxes[:, 2:]).clip(0, (width, height)).astype(int).T
    above = np.zeros((height + 1, width + 1), np.int64)  # marked pixels above and to the left
    above[1:, 1:] = marked.cumsum(axis=0).cumsum(axis=1)
    marks = above[bottom, right] - above[top, right] - above[bottom, left] + above[top, left]
    inside = found.drawn & (left < right) & (top < bottom)
    drawn = inside & (marks > 0)
    return replace(found, drawn=drawn, hidden=int(inside.sum() - drawn.sum()))


def _without_text(page: Any, scale: float) -> np.ndarray[Any, Any]:
    from pypdfium2 import raw

    texts = list(text_objects(page))
    try:
        for text in texts:
            raw.FPDFPageObj_SetIsActive(text, False)
        return _rendered(page, scale)
    finally:
        for text in texts:
            raw.FPDFPageObj_SetIsActive(text, True)


def _rendered(page: Any, scale: float) -> np.ndarray[Any, Any]:
    """int16 (H, W, 3)."""
    bitmap = page.render(scale=scale)
    pixels: np.ndarray[Any, Any] = bitmap.to_numpy().astype(np.int16)
    bitmap.close()
    return pixels
