"""Characters into ink: glyph masks in a bounded cache, and lines typeset from them.

The layout is our own, not a shaping engine's, because training needs to know where every character
stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFont

from penjing.synth.arrays import Gray
from penjing.synth.assets.fonts import Face
from penjing.synth.dice import Dice

SIZES = (13, 16, 20, 24, 30, 38)
"""Font sizes in pixels per em. They are few, so that the cache is hit; warping makes all others."""

PACKED_SIZE = 38
"""FreeType unpacks a whole .woff2 for every size: such faces are opened at this one only."""

MARKS = "，。、"
LYING = frozenset("「」『』（）〈〉《》【】〔〕ー—…～")
"""Characters that vertical writing lays on their sides; columns are read as lines of characters."""

_MIDDLE = 0.36  # of the em square above the baseline


@dataclass(frozen=True, slots=True)
class Glyph:
    """Coverage of one character, cut to its ink.

    ``mask`` (h, w) uint8; ``left`` and ``top`` place it from the pen on the baseline (top is
    negative above the baseline); ``advance`` moves the pen. All in pixels.
    """

    mask: Gray
    left: int
    top: int
    advance: float


def lying(glyph: Glyph, em: int) -> Glyph:
    """``glyph`` turned clockwise about the middle of its em square."""
    height, width = glyph.mask.shape
    across = glyph.left + 0.5 * width - 0.5 * em
    down = glyph.top + 0.5 * height + _MIDDLE * em
    left, top = 0.5 * em - down - 0.5 * height, across - _MIDDLE * em - 0.5 * width
    return Glyph(np.rot90(glyph.mask, -1), round(left), round(top), float(em))


class GlyphBook:
    """Glyphs of ``faces``, by face number, size and character; the ``limit`` last used are kept."""

    def __init__(self, faces: Sequence[Face], limit: int = 60_000) -> None:
        self.faces = tuple(faces)
        self._packed = tuple(face.path.suffix == ".woff2" for face in faces)
        self.glyph = lru_cache(maxsize=limit)(self._draw)
        self._font = lru_cache(maxsize=512)(self._open)

    def _open(self, number: int, size: int) -> ImageFont.FreeTypeFont:
        face = self.faces[number]
        return ImageFont.truetype(
            str(face.path), size, index=face.index, layout_engine=ImageFont.Layout.BASIC
        )

    def _draw(self, number: int, size: int, character: str) -> Glyph:
        packed = self._packed[number]
        drawn = PACKED_SIZE if packed else size
        font = self._font(number, drawn)
        core, (left, top) = font.getmask2(character, mode="L", anchor="ls")
        advance = font.getlength(character)
        width, height = core.size
        if not width or not height:
            return Glyph(np.zeros((1, 1), np.uint8), 0, 0, advance * size / drawn)
        picture = Image.Image()._new(core)
        mask = np.frombuffer(picture.tobytes("raw", "L"), np.uint8).reshape(height, width)
        if packed and drawn != size:
            scale = size / drawn
            shape = max(1, round(width * scale)), max(1, round(height * scale))
            mask = np.asarray(cv2.resize(mask, shape, interpolation=cv2.INTER_AREA), np.uint8)
            left, top, advance = round(left * scale), round(top * scale), advance * scale
        x, y, width, height = cv2.boundingRect(mask)
        if not width:
            return Glyph(np.zeros((1, 1), np.uint8), 0, 0, advance)
        mask = mask[y : y + height, x : x + width].copy()
        return Glyph(mask, left + x, top + y, advance)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a line is typeset. ``size`` is in pixels per em, all other lengths are in em."""

    size: int
    tracking: float = 0.0
    word_gap: float | None = 0.3
    """Width of a space. None is the face's own, which letterspacing widens too."""
    shake: float = 0.0
    """Uneven glyph heights, as typewriters and hands leave them."""
    bend: float = 0.0
    """Height of the arc the baseline follows."""
    small: frozenset[int] = field(default_factory=frozenset)
    """Positions set smaller, and not spaced out with the others."""
    small_share: float = 0.66
    """The size of the small characters, in shares of ``size``; the nearest of SIZES is taken."""
    small_tracking: float = 0.0
    """Extra space between the small characters."""
    raised: float = 0.0
    """How far the small characters stand above the baseline."""
    marks: float | None = None
    """Height above the baseline at which the middles of ``MARKS`` stand, where it is not the
    face's own: much print of Taiwan has them above the middle."""
    spread: tuple[int, float] = (0, 0.0)
    """How many characters at the beginning are spaced out, as the name of a form's field often is,
    and by how much."""
    pale: frozenset[int] = field(default_factory=frozenset)
    """Positions in a paler ink."""
    pale_share: float = 1.0
    """How much of the ink the pale characters have."""
    break_after: int | None = None
    """Position followed by a wider gap, as after the second character of a licence plate."""
    column: bool = False
    """Whether the line comes from a column, where the characters of LYING lie on their sides."""
    bullet: bool = False
    """Whether the dot of a list stands before the line; it is no part of the text."""
    cells: Literal["", "plate", "card"] = ""
    """Whether plates.py or embossing.py sets it, each character in its own cell; empty: fonts."""


@dataclass(frozen=True, slots=True)
class Ink:
    """A typeset line on a canvas with a free border of ``pad`` pixels on all sides.

    ``mask`` (H, W) uint8 coverage; ``centres`` (characters,) float64, x on the canvas; ``box``
    the ink's (left, top, right, bottom); ``body`` the rows (top, bottom) of the em square.
    """

    mask: Gray
    centres: npt.NDArray[np.float64]
    box: tuple[int, int, int, int]
    body: tuple[int, int]
    pad: int


def nearest(size: float) -> int:
    """The prepared size nearest to ``size``."""
    return min(SIZES, key=lambda s: abs(s - size))


def set_line(
    book: GlyphBook, characters: Sequence[str], faces: Sequence[int], setting: Setting, dice: Dice
) -> Ink:
    """Set ``characters``, the k-th in face number ``faces[k]``, on one baseline.

    One that is drawn as several glyphs, as ℃ may be as ° and C, has one centre.
    """
    em = setting.size
    pen = 0.0
    right = -1000
    centres = []
    placed = []
    # The arc spans the line as it is spaced out: beyond its ends a parabola has no bounds.
    middle = 0.5 * em * (1 + max(0.0, setting.tracking)) * len(characters)
    bend = setting.bend * em
    for k, character in enumerate(characters):
        if character.isspace():
            gap = max(2.0, em * _space(book, faces[k], setting, dice))
            centres.append(pen + 0.5 * (gap - setting.tracking * em))
            pen += gap
            continue
        size = nearest(setting.small_share * em) if k in setting.small else em
        glyph = book.glyph(faces[k], size, character)
        if setting.column and character in LYING:
            glyph = lying(glyph, size)
        height, width = glyph.mask.shape
        # Ink may touch its neighbour and never covers it: a covered glyph has no right label.
        x = max(round(pen) + glyph.left, right - (1 if em > 20 else 0))
        pen = max(pen, x - glyph.left)
        y = glyph.top - (round(setting.raised * em) if k in setting.small else 0)
        if setting.marks is not None and character in MARKS:
            y = -round(setting.marks * em + 0.5 * height)
        if bend:
            y += round(bend * ((pen / middle - 1.0) ** 2 - 0.5))
        if setting.shake:
            y += round(em * setting.shake * dice.uniform(-1, 1))
        covered = glyph.mask
        if k in setting.pale:
            covered = (covered * setting.pale_share).astype(np.uint8)
        placed.append((x, y, covered))
        right = x + width
        centres.append(x + 0.5 * width)
        pen += glyph.advance + em * (
            setting.small_tracking if k in setting.small else setting.tracking
        )
        if k == setting.break_after:
            pen += 0.4 * em
        if k < setting.spread[0] - 1:
            pen += setting.spread[1] * em
    left = min(x for x, _, _ in placed)
    top = min(y for _, y, _ in placed)
    bottom = max(y + m.shape[0] for _, y, m in placed)
    pad = em
    mask = np.zeros((bottom - top + 2 * pad, right - left + 2 * pad), np.uint8)
    for x, y, glyph_mask in placed:
        height, width = glyph_mask.shape
        row, column = y - top + pad, x - left + pad
        part = mask[row : row + height, column : column + width]
        np.maximum(part, glyph_mask, out=part)
    box = (pad, pad, pad + right - left, pad + bottom - top)
    baseline = pad - top
    body = (round(baseline - 0.84 * em), round(baseline + 0.12 * em))
    return Ink(mask, np.asarray(centres) - left + pad, box, body, pad)


def _space(book: GlyphBook, face: int, setting: Setting, dice: Dice) -> float:
    """Width of a space in em. Some faces' own would close the gap, or tear the line apart."""
    if setting.word_gap is not None:
        return setting.word_gap * dice.uniform(0.85, 1.15)
    own = book.glyph(face, setting.size, " ").advance / setting.size + setting.tracking
    return min(1.2, max(0.18, own))
