"""Chinese licence plates as GA 36 lays them out: every character in a cell of its own.

Lengths are in mm of the standard. Letters and digits are drawn from their strokes, since no free
face has the plates' own: a 1 that is a bare bar in the middle of its cell, a 0 and a D of one
width, a Q with its tail inside.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from penjing.synth.dice import Dice
from penjing.synth.typesetting.draw import PACKED_SIZE, GlyphBook, Ink
from penjing.synth.typesetting.strokes import letter

SCALE = 0.45
"""Pixels of the canvas for a mm of the plate."""

HEIGHT, WIDTH, GAP, PARTING = 90.0, 45.0, 12.0, 34.0
"""Of a character; between two; between the second and the third, where the dot is."""

LONG_WIDTH, LONG_GAP = 43.0, 9.0
"""The same of new-energy plates, which have eight characters."""

STROKES = {
    "0": "40~80~88~08~00~40", "1": "40-48", "2": "02~00~80~83~08 08-88",
    "3": "01~00~80~84~44 44~84~88~08~07", "4": "40-06-86 63-68", "5": "80-10-04 04~03~83~88~08~07",
    "6": "50-05 43~83~88~08~03~43", "7": "00-80-28", "8": "40~70~74~14~10~40 44~84~88~08~04~44",
    "9": "38-83 45~05~00~80~85~45", "A": "08-40-88 16-76",
    "B": "40-00-08-48 04-44 40~70~74~44~84~88~48",
    "C": "82~80~00~08~88~86", "D": "48-08-00-40 40~80~88~48", "E": "80-00-08-88 04-64",
    "F": "80-00-08 04-64", "G": "82~80~00~08~88~84 84-54", "H": "00-08 80-88 04-84",
    "J": "80~88~08~06", "K": "00-08 80-05 24-88", "L": "00-08-88", "M": "08-00-45-80-88",
    "N": "08-00-88-80", "P": "40-00-08 05-45 40~80~85~45", "Q": "40~80~88~08~00~40 55-88",
    "R": "40-00-08 04-44 40~80~84~44 44-88", "S": "81~80~00~04~84~88~08~07", "T": "00-80 40-48",
    "U": "00~08~88~80", "V": "00-48-80", "W": "00-28-41-68-80", "X": "00-88 80-08",
    "Y": "00-44-80 44-48", "Z": "00-80-08-88",
}  # fmt: skip
"""As ``strokes.letter`` draws them."""


def set_plate(book: GlyphBook, characters: Sequence[str], faces: Sequence[int], dice: Dice) -> Ink:
    """Set ``characters``, those without strokes of their own in face number ``faces[k]``."""
    long = len(characters) > 7
    width, gap = (LONG_WIDTH, LONG_GAP) if long else (WIDTH, GAP)
    rows, columns = round(HEIGHT * SCALE), round(width * SCALE)
    thick = dice.pick((4.0, 4.5, 5.0, 5.5))
    slack = dice.uniform(0.85, 1.0)  # of Chinese, which fills its cell or nearly
    pad = rows
    left = [
        round(pad + SCALE * (k * (width + gap) + (PARTING - gap) * (k > 1)))
        for k in range(len(characters))
    ]
    right, bottom = left[-1] + columns, pad + rows
    mask = np.zeros((bottom + pad, right + pad), np.uint8)
    for k, character in enumerate(characters):
        if character in STROKES:
            drawn = letter(STROKES[character], rows, columns, thick)
            mask[pad:bottom, left[k] : left[k] + columns] = drawn
            continue
        glyph = book.glyph(faces[k], PACKED_SIZE, character).mask
        size = round(columns * slack), round(rows * slack)
        x, y = left[k] + (columns - size[0]) // 2, pad + (rows - size[1]) // 2
        mask[y : y + size[1], x : x + size[0]] = cv2.resize(glyph, size)
    centres = np.array(left, np.float64) + 0.5 * columns
    return Ink(mask, centres, (pad, pad, right, bottom), (pad, bottom), pad)
