"""The text that a born-digital PDF page carries, and whether it is sound.

It is relied on only where what is selected is what is seen: every character has a Unicode value
and leaves its mark on the rendered page, none is invisible (as over a scan), and pictures, outlines
and notes, which may hold more text, are few.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from penjing.runtime.caution import Caution

_MOST_UNMAPPED = 0.01  # of the characters
_MOST_PICTURES = 0.2  # of the page's area
_MOST_SHAPES = 10  # to a character
_FEWEST_SHAPES = 100  # fewer are a logo
_INVISIBLE = (3, 7)  # PDF text rendering modes
_JOINING_HYPHEN = 2  # what PDFium gives for one that parts a word at a line's end
_DEPTH = 6  # of forms within forms


@dataclass(frozen=True)
class Glyphs:
    """The characters of a page in the file's order.

    ``text`` holds N characters; ``boxes`` float64 (N, 4) is left, bottom, right, top in points of
    the page's own space; ``along`` float64 (N, 2) is the direction in it that each one's line of
    writing takes. ``drawn`` bool (N,) is False for spaces and breaks that PDFium inferred, and for
    those that cannot be seen; ``hidden`` of them are covered, clipped or colourless.
    """

    text: str
    boxes: np.ndarray[Any, Any]
    along: np.ndarray[Any, Any]
    drawn: np.ndarray[Any, Any]
    unmapped: int
    invisible: bool
    hidden: int = 0

    @property
    def count(self) -> int:
        """Characters that leave ink."""
        return int(self.drawn.sum())

    @property
    def heights(self) -> np.ndarray[Any, Any]:
        """Of the characters that leave ink, in points: the longer side, however they are turned."""
        sides = self.boxes[self.drawn][:, 2:] - self.boxes[self.drawn][:, :2]
        longer: np.ndarray[Any, Any] = sides.max(axis=1)
        return longer


def glyphs(page: Any) -> Glyphs:
    """The characters of a pypdfium2 page, with their boxes as high as their font."""
    from pypdfium2 import raw

    modes = (raw.FPDFTextObj_GetTextRenderMode(thing) for thing in text_objects(page))
    invisible = any(mode in _INVISIBLE for mode in modes)
    layer = page.get_textpage()
    try:
        count = max(0, layer.count_chars())
        boxes = np.zeros((count, 4))
        along = np.zeros((count, 2))
        drawn = np.zeros(count, bool)
        letters, unmapped = [], 0
        box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        for k in range(count):
            letter = _character(raw.FPDFText_GetUnicode(layer, k))
            if ord(letter) == _JOINING_HYPHEN and raw.FPDFText_IsHyphen(layer, k) == 1:
                letter = "-"
            letters.append(letter)
            drawn[k] = not raw.FPDFText_IsGenerated(layer, k) and not letter.isspace()
            unmapped += bool(drawn[k]) and (
                raw.FPDFText_HasUnicodeMapError(layer, k) == 1 or _means_nothing(letter)
            )
            if raw.FPDFText_GetLooseCharBox(layer, k, ctypes.byref(box)):
                boxes[k] = box.left, box.bottom, box.right, box.top
            if drawn[k] and raw.FPDFText_GetMatrix(layer, k, ctypes.byref(matrix)):
                along[k] = matrix.a, matrix.b
    finally:
        layer.close()
    return Glyphs("".join(letters), boxes, along, drawn, unmapped, invisible)


def text_objects(page: Any) -> Iterator[Any]:
    """Of a pypdfium2 page, those inside forms too."""
    from pypdfium2 import raw

    yield from page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEPTH)


def objection(found: Glyphs) -> Caution | None:
    """Why the text is not to be relied on; None if nothing speaks against it."""
    if found.invisible:
        why = "the PDF's text is invisible, as over a scan; the page was read instead"
        return Caution("invisible_text", why)
    if found.unmapped > _MOST_UNMAPPED * found.count:
        return Caution(
            "no_unicode",
            f"{found.unmapped} of the PDF's {found.count} characters have no Unicode value; "
            "the page was read instead",
        )
    return None


def objection_to_pictures(covered: float) -> Caution | None:
    """The same for the share of the page that pictures cover."""
    if covered <= _MOST_PICTURES:
        return None
    why = f"pictures cover {min(1.0, covered):.0%} of the page; it was read instead"
    return Caution("pictures", why)


def too_many_shapes(found: Glyphs) -> int:
    """So many filled shapes on a page must be text, drawn as outlines, beside this little."""
    return max(_FEWEST_SHAPES, _MOST_SHAPES * found.count)


def objection_to_shapes(found: Glyphs, count: int) -> Caution | None:
    """The same for filled shapes that may be letters."""
    if count < too_many_shapes(found):
        return None
    beside = f"beside {found.count} characters"
    why = f"most of the page is drawn as shapes, {beside}; it was read instead"
    return Caution("shapes", why)


def objection_to_notes(count: int) -> Caution | None:
    """The same for fields of a form and notes, whose text is not the page's own."""
    if not count:
        return None
    return Caution("notes", f"{count} fields or notes are on the page; it was read instead")


def objection_to_hiding(found: Glyphs) -> Caution | None:
    """The same for text of which less is seen than not: who knows what is drawn over it."""
    if found.hidden <= found.count:
        return None
    every = found.hidden + found.count
    why = (
        f"{found.hidden} of the PDF's {every} characters cannot be seen; the page was read instead"
    )
    return Caution("hidden_text", why)


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _means_nothing(letter: str) -> bool:
    """Replacement, private use, unassigned and control characters."""
    return letter == "\ufffd" or unicodedata.category(letter) in ("Co", "Cn", "Cc")
