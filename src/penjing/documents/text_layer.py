"""The text that a born-digital PDF page carries: whether it is sound, and its lines.

It is relied on only where what is selected is what is seen: every character has a Unicode value,
none is invisible (as over a scan), and pictures, which may hold more text, cover little.
"""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from penjing.runtime.order import reading_order
from penjing.runtime.result import Character, Line, Point, Quad, Word

_MOST_UNMAPPED = 0.01  # of the characters
_MOST_PICTURES = 0.2  # of the page's area
_NEW_CELL = 1.2  # a gap of this many character heights begins another line, as between columns
_INVISIBLE = (3, 7)  # PDF text rendering modes

Boxes = np.ndarray[Any, Any]  # float64 (N, 4): left, top, right, bottom


@dataclass(frozen=True)
class Glyphs:
    """The characters of a page in the file's order.

    ``text`` holds N characters; ``boxes`` float64 (N, 4) is left, bottom, right, top in points of
    the page's own space; ``drawn`` bool (N,) is False for spaces and breaks that PDFium inferred.
    """

    text: str
    boxes: np.ndarray[Any, Any]
    drawn: np.ndarray[Any, Any]
    unmapped: int
    invisible: bool

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

    modes = (
        raw.FPDFTextObj_GetTextRenderMode(thing)
        for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=6)
    )
    invisible = any(mode in _INVISIBLE for mode in modes)
    layer = page.get_textpage()
    try:
        count = max(0, layer.count_chars())
        boxes = np.zeros((count, 4))
        drawn = np.zeros(count, bool)
        letters, unmapped = [], 0
        box = raw.FS_RECTF()
        for k in range(count):
            letter = _character(raw.FPDFText_GetUnicode(layer, k))
            letters.append(letter)
            drawn[k] = not raw.FPDFText_IsGenerated(layer, k) and not letter.isspace()
            unmapped += bool(drawn[k]) and (
                raw.FPDFText_HasUnicodeMapError(layer, k) == 1 or _means_nothing(letter)
            )
            if raw.FPDFText_GetLooseCharBox(layer, k, ctypes.byref(box)):
                boxes[k] = box.left, box.bottom, box.right, box.top
    finally:
        layer.close()
    return Glyphs("".join(letters), boxes, drawn, unmapped, invisible)


def objection(found: Glyphs) -> str:
    """Why the text is not to be relied on; empty if nothing speaks against it."""
    if found.invisible:
        return "the PDF's text is invisible, as over a scan; the page was read instead"
    if found.unmapped > _MOST_UNMAPPED * found.count:
        return (
            f"{found.unmapped} of the PDF's {found.count} characters have no Unicode value; "
            "the page was read instead"
        )
    return ""


def objection_to_pictures(covered: float) -> str:
    """The same for the share of the page that pictures cover."""
    if covered <= _MOST_PICTURES:
        return ""
    return f"pictures cover {min(1.0, covered):.0%} of the page; it was read instead"


def objection_to_notes(count: int) -> str:
    """The same for fields of a form and notes, whose text is not the page's own."""
    return f"{count} fields or notes are on the page; it was read instead" if count else ""


def to_pixels(page: Any, scale: float) -> np.ndarray[Any, Any]:
    """float64 (2, 3): from points of the page's own space to pixels of the upright picture."""
    from pypdfium2 import raw

    width, height = page.get_size()
    fine = 1000  # PDFium answers in whole pixels
    size = (round(width * fine), round(height * fine))

    def place(x: float, y: float) -> np.ndarray[Any, Any]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(
            page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )  # fmt: skip
        return np.array([across.value, down.value]) * scale / fine

    origin = place(0, 0)
    return np.stack([(place(100, 0) - origin) / 100, (place(0, 100) - origin) / 100, origin], 1)


def lines(found: Glyphs, matrix: np.ndarray[Any, Any]) -> tuple[Line, ...]:
    """Lines in reading order, in pixels by ``matrix`` (see ``to_pixels``); confidence is 1."""
    boxes = _moved(found.boxes, matrix)
    made = [_line(found, boxes, members) for members in _runs(found, boxes)]
    order = reading_order(np.array([line.polygon for line in made]).reshape(-1, 4, 2))
    return tuple(made[k] for k in order)


def _moved(boxes: np.ndarray[Any, Any], matrix: np.ndarray[Any, Any]) -> Boxes:
    ends = [np.column_stack([boxes[:, [x, y]], np.ones(len(boxes))]) for x, y in ((0, 1), (2, 3))]
    first, second = (end @ matrix.T for end in ends)
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)


def _runs(found: Glyphs, boxes: Boxes) -> list[list[int]]:
    """Indices of drawn characters, line by line; breaks and wide gaps part them."""
    runs: list[list[int]] = [[]]
    for k, letter in enumerate(found.text):
        if letter in "\r\n":
            runs.append([])
        elif found.drawn[k]:
            if runs[-1] and not _continues(boxes[runs[-1][-1]], boxes[k]):
                runs.append([])
            runs[-1].append(k)
    return [run for run in runs if run]


def _continues(a: Boxes, b: Boxes) -> bool:
    """Whether ``b`` follows ``a`` without a gap, along either axis."""
    size = max(1.0, float(max(a[3] - a[1], b[3] - b[1])))
    across = max(b[0] - a[2], a[0] - b[2])
    down = max(b[1] - a[3], a[1] - b[3])
    return bool(max(across, down) < _NEW_CELL * size)


def _line(found: Glyphs, boxes: Boxes, members: list[int]) -> Line:
    words: list[list[int]] = [[members[0]]]
    for before, k in pairwise(members):
        if k > before + 1:  # white space stood between
            words.append([])
        words[-1].append(k)
    made = tuple(_word(found, boxes, word) for word in words)
    return Line(" ".join(word.text for word in made), 1.0, _around(boxes[members]), made)


def _word(found: Glyphs, boxes: Boxes, members: list[int]) -> Word:
    letters = tuple(Character(found.text[k], 1.0, _centre(boxes[k])) for k in members)
    return Word("".join(x.text for x in letters), 1.0, _around(boxes[members]), letters)


def _around(boxes: Boxes) -> Quad:
    left, top = (round(float(value), 1) for value in boxes[:, :2].min(axis=0))
    right, bottom = (round(float(value), 1) for value in boxes[:, 2:].max(axis=0))
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _centre(box: Boxes) -> Point:
    return (round(float(box[0] + box[2]) / 2, 1), round(float(box[1] + box[3]) / 2, 1))


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _means_nothing(letter: str) -> bool:
    """Replacement, private use, unassigned and control characters."""
    return letter == "\ufffd" or unicodedata.category(letter) in ("Co", "Cn", "Cc")
