"""Numbers pressed out of bank cards, as ISO/IEC 7811 has them: digits of one pitch, one stroke.

The digits (Farrington 7B) are drawn from their strokes, since no free face has them: a 6 and a 9
with straight stems, a 4 that is open above, a 1 with a foot.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from penjing.synth.dice import Dice
from penjing.synth.typesetting.draw import Ink
from penjing.synth.typesetting.strokes import letter

ROWS = 40
"""Pixels of the canvas for the height of a digit."""

STROKES = {
    "0": ("40~80~88~08~00~40", "40~70~88~48~18~00~40"),
    "1": ("21-40-48 08-88", "11-41-40-48 08-88"),
    "2": ("00~80~84~04-08-88", "01~00~80~83-08-88"),
    "3": ("00-80~84~34 34~84~88~08", "00-80-43~84~88~08", "00-80-34~84~88~08~07"),
    "4": ("30-05-85 63-68", "20-05-85 62-68", "00-05-85 62-68"),
    "5": ("80-00-03~83~88~08", "80-10-03~83~88~08~07"),
    "6": ("00-08-88-83~03", "10-07~08~88~83~03", "20-04~08~88~83~03"),
    "7": ("01-00-80-88", "02-00-80-58", "01-00-80~83~58"),
    "8": ("40~70~74~14~10~40 44~84~88~08~04~44", "40~80~84~04~00~40 44~84~88~08~04~44"),
    "9": ("88-80-00~05~85", "78-71~80~00~05~85"),
    "/": ("80-08",),
}  # fmt: skip
"""For each character the forms that card makers press, in the notation of ``strokes.letter``."""

EMBOSSED = frozenset(STROKES) | {" "}


def set_card(characters: Sequence[str], dice: Dice) -> Ink:
    """Set ``characters``, all of ``EMBOSSED``, at one pitch; a space may be narrower."""
    columns = round(ROWS * dice.uniform(0.5, 0.62))
    pitch = columns + ROWS * dice.uniform(0.12, 0.32)
    thick = dice.pick((3.0, 4.0, 5.0, 6.0, 7.0))
    form = dice.integer(0, 5)  # of one maker: all of its 4s are alike
    gap = dice.uniform(0.5, 1.0)
    pad, pen = ROWS, float(ROWS)
    left = []
    for character in characters:
        left.append(round(pen))
        pen += pitch * (gap if character == " " else 1.0)
    right, bottom = left[-1] + columns, pad + ROWS
    mask = np.zeros((bottom + pad, right + pad), np.uint8)
    centres = np.array(left, np.float64) + 0.5 * columns
    for k, character in enumerate(characters):
        if character == " ":
            centres[k] -= 0.5 * pitch * (1 - gap)
            continue
        ways = STROKES[character]
        drawn = letter(ways[form % len(ways)], ROWS, columns, thick)
        mask[pad:bottom, left[k] : left[k] + columns] = drawn
    return Ink(mask, centres, (pad, pad, right, bottom), (pad, bottom), pad)
