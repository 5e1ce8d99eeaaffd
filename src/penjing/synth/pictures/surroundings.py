"""What a crop shows beside its text, drawn on the text's canvas so that it is warped with it.

Masks are uint8 coverage (H, W), as that of ``Ink``.
"""

from __future__ import annotations

import cv2
import numpy as np

from penjing.synth.arrays import Gray
from penjing.synth.dice import Dice
from penjing.synth.typesetting.draw import Ink, Setting


def panel(ink: Ink) -> Gray:
    """The board of a licence plate, the box of a subtitle."""
    board = np.zeros_like(ink.mask)
    left, top, right, bottom = ink.box
    rim = round(0.22 * (bottom - top))
    board[max(0, top - rim) : bottom + rim, max(0, left - rim) : right + rim] = 255
    return board


def surroundings(dice: Dice, ink: Ink, look: str, setting: Setting) -> Gray:
    """What a crop shows beside its text: rules, frames, slices of the lines above and below.

    A licence plate has a frame, screws, and the dot after its second character, which labels omit.
    """
    lines = np.zeros_like(ink.mask)
    left, top, right, bottom = ink.box
    height = bottom - top
    if look == "plate":
        if dice.chance(0.8):
            rim = max(2, round(height * dice.uniform(0.1, 0.2)))
            corners = (left - rim, top - rim), (right + rim, bottom + rim)
            cv2.rectangle(lines, *corners, 255, max(1, round(height * 0.04)))
            if dice.chance(0.4):  # screws between the frame and the characters
                row = round(dice.pick((top - 0.4 * rim, bottom + 0.4 * rim)))
                for share in (0.25, 0.75):
                    place = (
                        round(left + share * (right - left) + dice.uniform(-0.1, 0.1) * height),
                        row,
                    )
                    cv2.circle(lines, place, max(1, round(0.05 * height)), 255, -1, cv2.LINE_AA)
        if setting.break_after is not None and len(ink.centres) > 2 and dice.chance(0.85):
            gap = round(0.5 * (ink.centres[1] + ink.centres[2])), round(0.5 * (top + bottom))
            radius = max(1, round(height * dice.uniform(0.04, 0.07)))
            cv2.circle(lines, gap, radius, 255, -1, cv2.LINE_AA)
        return lines
    if look in ("subtitle", "card", "segments"):
        return lines
    if dice.chance(0.32 if look == "sign" else 0.22):
        _neighbours(dice, lines, ink)
    if dice.chance(0.13):
        _rules(dice, lines, ink)
    elif dice.chance(0.16):
        _ends(dice, lines, ink)
    if setting.bullet:
        _bullet(dice, lines, ink)
    return lines


def _neighbours(dice: Dice, lines: Gray, ink: Ink) -> None:
    """The lines above and below, of which a loose crop shows a slice."""
    _, top, _, bottom = ink.box
    rows, columns = lines.shape
    body = np.roll(ink.mask[top:bottom], dice.integer(0, columns), 1)
    height = bottom - top
    if dice.chance(0.6):
        end = top - max(2, round(height * dice.uniform(0.06, 0.35)))
        room = max(0, min(end, height))
        lines[end - room : end] = body[height - room :]
    if dice.chance(0.6):
        start = bottom + max(2, round(height * dice.uniform(0.06, 0.35)))
        room = max(0, min(rows - start, height))
        lines[start : start + room] = body[:room]


def _rules(dice: Dice, lines: Gray, ink: Ink) -> None:
    """An underline, a table's rule or a whole box, sometimes dashed, never through the text."""
    left, top, right, bottom = ink.box
    height, columns = bottom - top, lines.shape[1]
    thick = max(1, round(height * dice.uniform(0.02, 0.07)))
    gap = max(2, round(height * dice.uniform(0.05, 0.3)))
    strength = dice.integer(110, 255)
    below, above = bottom + gap, max(0, top - gap - thick)
    kind = dice.uniform(0, 1)
    if kind < 0.45 or kind > 0.75:
        lines[below : below + thick] = strength
    if kind > 0.35:
        lines[above : above + thick] = strength
    if kind > 0.75:
        side = max(3, round(height * dice.uniform(0.15, 0.5)))
        first = max(0, left - side - thick)
        lines[:, first : first + thick] = strength
        lines[:, right + side : right + side + thick] = strength
    if dice.chance(0.25):
        dash = max(4, round(height * dice.uniform(0.2, 0.5)))
        lines[: above + thick, np.arange(columns) % dash < dash // 3] = 0
        lines[below:, np.arange(columns) % dash < dash // 3] = 0
        beside = lines[above + thick : below]
        beside[np.arange(len(beside)) % dash < dash // 3] = 0


def _bullet(dice: Dice, lines: Gray, ink: Ink) -> None:
    """The dot before an item of a list: seen, and no part of its text."""
    left, top, _, bottom = ink.box
    height = bottom - top
    radius = height * dice.uniform(0.1, 0.3)
    x = left - radius - height * dice.uniform(0.15, 0.7)
    y = 0.5 * (top + bottom) + height * dice.uniform(-0.1, 0.15)
    strength = dice.integer(110, 255)
    cv2.circle(lines, (round(x), round(y)), round(radius), strength, -1, cv2.LINE_AA)


def _ends(dice: Dice, lines: Gray, ink: Ink) -> None:
    """What a table, a frame or dirt leaves beside the text, too far from it to be a character."""
    left, top, right, bottom = ink.box
    height, columns = bottom - top, lines.shape[1]
    for side in (-1, 1):
        if dice.chance(0.35):
            continue
        away = round(height * dice.uniform(0.15, 0.5))
        x = left - away if side < 0 else right + away
        if not 0 <= x < columns:
            continue
        thick = max(1, round(height * dice.uniform(0.02, 0.12)))
        strength = dice.integer(90, 255)
        ends = (x, top - height), (x + dice.integer(-2, 2), bottom + height)
        kind = dice.uniform(0, 1)
        if kind < 0.5:
            cv2.line(lines, *ends, strength, thick, cv2.LINE_AA)
        elif kind < 0.8:  # the corner of a frame
            corner = x, top - thick if dice.chance(0.6) else bottom + thick
            cv2.line(lines, corner, (x, round(0.5 * (top + bottom))), strength, thick)
            cv2.line(lines, corner, (corner[0] - side * height, corner[1]), strength, thick)
        else:
            speck = x, round(dice.uniform(top, bottom))
            cv2.circle(lines, speck, max(1, round(0.06 * height)), strength, -1, cv2.LINE_AA)
        if dice.chance(0.4):
            dash = max(4, round(0.3 * height))
            rows = np.arange(lines.shape[0]) % dash < dash // 3
            lines[rows, max(0, x - thick) : x + thick + 1] = 0
