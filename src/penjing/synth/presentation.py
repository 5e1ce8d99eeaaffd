"""Which look a topic is seen in, and how lines of a look are typeset and cropped."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Literal

from penjing.synth.dice import Dice, Wheel
from penjing.synth.pictures.camera import Pose
from penjing.synth.typesetting.draw import LYING, MARKS, Setting
from penjing.synth.typesetting.embossing import EMBOSSED
from penjing.synth.typesetting.faces import chinese

# For each topic (what a text is about) how often it is seen in each look (what a picture is of).
# A topic that is missing here has the mix of "running".
_MIX: dict[str, dict[str, float]] = {
    "running": {
        "screen": 30, "printed": 28, "scanned": 14, "subtitle": 10, "photo": 7, "thermal": 4,
        "sign": 3, "terminal": 2, "needle": 1, "tag": 1,
    },
    "traditional": {
        "screen": 24, "printed": 32, "scanned": 26, "subtitle": 6, "photo": 4, "thermal": 3,
        "sign": 5,
    },
    "address": {
        "screen": 28, "printed": 28, "scanned": 10, "sign": 10, "photo": 7, "thermal": 8,
        "needle": 4, "tag": 5,
    },
    "exam": {"screen": 34, "printed": 36, "scanned": 30},
    "interface": {"screen": 72, "terminal": 14, "photo": 6, "printed": 8},
    "invoice": {
        "screen": 36, "printed": 32, "needle": 7, "thermal": 10, "scanned": 10, "tag": 5,
    },
    "ticket": {"printed": 52, "thermal": 20, "needle": 8, "screen": 12, "scanned": 8},
    "slip": {"printed": 46, "thermal": 26, "needle": 8, "scanned": 12, "screen": 8},
    "caption": {"printed": 56, "scanned": 14, "thermal": 12, "screen": 12, "sign": 6},
    "label": {"screen": 34, "printed": 34, "tag": 12, "photo": 10, "sign": 5, "scanned": 5},
    "receipt": {
        "thermal": 36, "scanned": 26, "printed": 17, "needle": 7, "carbon": 21, "screen": 6,
    },
    "english": {
        "screen": 20, "printed": 22, "scanned": 22, "thermal": 18, "photo": 5, "sign": 6,
        "subtitle": 3, "terminal": 2, "tag": 2, "needle": 3, "carbon": 5,
    },
    "digits": {
        "screen": 15, "printed": 18, "scanned": 20, "thermal": 19, "tag": 10, "card": 7,
        "needle": 3, "segments": 2, "sign": 2, "photo": 2, "terminal": 2,
    },
    "plate": {"plate": 90, "printed": 5, "screen": 5},
    "tag": {"tag": 76, "printed": 14, "scanned": 5, "sign": 5},
    "card": {"card": 84, "printed": 10, "tag": 6},
    "code": {"terminal": 45, "screen": 40, "printed": 15},
    "board": {"sign": 62, "photo": 18, "printed": 8, "screen": 6, "tag": 6},
    "sign": {"sign": 46, "photo": 22, "printed": 14, "screen": 12, "tag": 6},
    "subtitle": {"subtitle": 85, "photo": 10, "screen": 5},
}  # fmt: skip

NARROW = frozenset(".,:;'\"`!|1iIljftrJ()[]{}/\\-_* ")
"""Characters so narrow that too little is left of them when a crop cuts into them."""

_CUT = {"card": 0.2, "tag": 0.14, "thermal": 0.06, "scanned": 0.06, "carbon": 0.06}
"""How often a look's crop cuts into its first or last character."""

_NAME = re.compile("([\u4e00-\u9fff]{2,4})(?:([:：])|$)")
"""The name of a form's field."""

_POINT = re.compile("(?<=[0-9])[.](?=[0-9]{2}(?![0-9]))")
"""Decimal points of amounts: where one is not printed, the gap that it leaves still tells of it."""

ROLLS = frozenset(("thermal", "scanned", "carbon", "needle"))
"""Looks of paper from a till."""

_COUNTED = re.compile("^[￥¥]?[0-9.]+[年月日元车号].{0,16}$")
"""Dates, seats and prices as tickets have them."""

TOPICS = {topic: Wheel(mix) for topic, mix in _MIX.items()}


def choose_setting(dice: Dice, text: str, look: str, native: bool) -> Setting:
    """How a line with this ``text`` in this ``look`` is typeset.

    ``native`` says that it is shown pixel by pixel, as screens do, and not warped.
    """
    size = dice.pick((13, 16, 16, 20, 20, 24, 30)) if native else dice.pick((24, 38))
    tracking = 0.0
    turn = dice.uniform(0, 1)
    if look in ("plate", "tag", "card"):
        tracking = dice.uniform(0.0, 0.35) if turn < 0.75 else 0.0
    elif turn < 0.12:
        close = len(text) > 7 or (look in ROLLS and not chinese(text))
        tracking = dice.uniform(0.1, 0.3 if close else 0.7)
    elif turn < 0.4:
        tracking = dice.uniform(-0.07, 0.08)
    small, small_share, raised = _smaller(dice, text, look)
    if "(" in text and small and dice.chance(0.5):
        tracking = dice.uniform(0.05, 0.6)  # forms space out the Chinese and not its translation
    spread, pale, pale_share = (0, 0.0), frozenset[int](), 1.0
    name = _NAME.match(text)
    if name and not small:
        if len(name[1]) < 5 and look != "subtitle" and dice.chance(0.15):
            spread = len(name[1]), dice.uniform(0.2, 1.0 if len(name[1]) > 2 else 3.0)
        if look in ("screen", "printed") and name[2] and dice.chance(0.2):
            pale, pale_share = frozenset(range(name.end())), dice.uniform(0.45, 0.8)
    if look in ROLLS and dice.chance(0.12):  # points too small to print, some lost
        pale = frozenset(found.start() for found in _POINT.finditer(text))
        pale_share = dice.uniform(0.0, 0.4)
    return Setting(
        size=size,
        tracking=tracking,
        word_gap=_word_gap(dice, text),
        shake=dice.uniform(0.01, 0.05) if not native and dice.chance(0.12) else 0.0,
        bend=_bend(dice, look) if not native and dice.chance(0.08) else 0.0,
        small=small,
        small_share=small_share,
        raised=raised,
        marks=dice.uniform(0.3, 0.7) if set(text) & set(MARKS) and dice.chance(0.12) else None,
        spread=spread,
        pale=pale,
        pale_share=pale_share,
        break_after=1 if look == "plate" and dice.chance(0.9) else None,
        column=not LYING.isdisjoint(text) and _ideographic(text) and dice.chance(0.25),
        bullet=_listed(text) and look in ("screen", "printed", "scanned") and dice.chance(0.05),
        cells=_cells(dice, text, look),
    )


def _ideographic(text: str) -> bool:
    """Whether a text is Chinese without Latin letters, for which columns have other rules."""
    return chinese(text) and not any(
        character.isascii() and character.isalpha() for character in text
    )


def _listed(text: str) -> bool:
    """Whether a text may be an item of a list: before a short code a dot may belong to the code."""
    return len(text) > 7 or chinese(text)


def _cells(dice: Dice, text: str, look: str) -> Literal["", "plate", "card"]:
    if look == "plate" and dice.chance(0.85):
        return "plate"
    if look == "card" and set(text) <= EMBOSSED and dice.chance(0.65):
        return "card"
    return ""


def _word_gap(dice: Dice, text: str) -> float | None:
    """Width of a space in em, or None for the face's own, as most typed lines have it."""
    if dice.chance(0.25 if chinese(text) else 0.55):
        return None
    return dice.uniform(0.2, 0.6) if dice.chance(0.8) else dice.uniform(0.6, 1.4)


def change_of_face(dice: Dice, text: str, look: str) -> int:
    """The place in ``text`` from which another face is used, or 0.

    Anywhere on signboards; on forms after the name of a field.
    """
    if look == "sign" and len(text) > 3 and dice.chance(0.15):
        return dice.integer(1, len(text) - 1)
    name = _NAME.match(text)
    return name.end() if name and name[2] and look != "subtitle" and dice.chance(0.25) else 0


def _smaller(dice: Dice, text: str, look: str) -> tuple[frozenset[int], float, float]:
    """Which characters are set smaller, their size in shares of the line's, how far up (em)."""
    length, none = len(text), (frozenset[int](), 0.66, 0.0)
    if "(" in text and ")" in text and dice.chance(0.55 if chinese(text) else 0.06):
        translation = frozenset(range(text.index("("), text.rindex(")") + 1))
        raised = dice.uniform(0.0, 0.2) if dice.chance(0.6) else 0.0
        return translation, dice.uniform(0.48, 0.7), raised
    if look in ("subtitle", "plate"):
        return none
    if look in ("sign", "photo") and length > 3 and dice.chance(0.12):
        cut = dice.integer(1, length - 1)
        part = range(cut) if dice.chance(0.5) else range(cut, length)
        return frozenset(part), dice.uniform(0.5, 0.9), dice.uniform(0.0, 0.25)
    if _COUNTED.search(text) and dice.chance(0.2):  # tickets: large figures, small units
        units = frozenset(k for k, c in enumerate(text) if chinese(c))
        return units, dice.uniform(0.5, 0.8), dice.uniform(0.0, 0.15)
    if 2 < length < 7 and chinese(text[-1]) and dice.chance(0.06):
        return frozenset((length - 1,)), 0.66, 0.0
    return none


def _bend(dice: Dice, look: str) -> float:
    """Height of the baseline's arc, in em; above doors it is high."""
    return dice.sign() * dice.uniform(0.02, 0.4 if look == "sign" else 0.16)


def choose_pose(dice: Dice, look: str, native: bool, text: str, listed: bool = False) -> Pose:
    """How a line of this ``look`` is cropped: margins always, and unless it is ``native`` also
    squeezed, slanted, turned and tilted, as cameras and printers do.

    ``listed`` leaves room for the dot before an item of a list.
    """
    length = len(text)
    turn = dice.uniform(0, 1)
    if turn < 0.3:
        top, bottom = dice.uniform(-0.02, 0.08), dice.uniform(-0.02, 0.08)
    elif turn < 0.75:
        top, bottom = dice.uniform(0.03, 0.22), dice.uniform(0.03, 0.22)
    else:
        top, bottom = dice.uniform(0.0, 0.4), dice.uniform(0.0, 0.4)
    if look in ROLLS and not chinese(text) and dice.chance(0.65):
        top, bottom = dice.uniform(0.06, 0.32), dice.uniform(0.06, 0.32)  # whole lines of a roll
    if "(" in text and chinese(text) and dice.chance(0.4):  # forms have room between their lines
        top, bottom = dice.uniform(0.1, 0.5), dice.uniform(0.1, 0.5)
    if look == "tag" and dice.chance(0.3):  # a sleeve turns the edge of its text out of sight
        hidden = -dice.uniform(0.06, 0.3)
        top, bottom = dice.pick(((top, hidden), (hidden, bottom)))
    if look == "card" and dice.chance(0.7):  # its four digits fill the crop
        top, bottom = dice.uniform(0.0, 0.16), dice.uniform(0.0, 0.16)
    reach = 0.15 if dice.chance(0.5) else 0.6
    if look in ("subtitle", "photo", "screen") and dice.chance(0.15):
        reach = 3.0
    left, right = dice.uniform(0.0, reach), dice.uniform(0.0, reach)
    if listed:
        left = dice.uniform(0.4, 1.6)
    elif dice.chance(_CUT.get(look, 0.0)):
        # A box drawn too short: up to a third of the outermost character is cut off.
        if text[-1] not in NARROW and dice.chance(0.7):
            right = -dice.uniform(0.03, 0.18)
        elif text[0] not in NARROW:
            left = -dice.uniform(0.03, 0.15)
    sides = Pose(top, bottom, left, right)
    if native:
        return sides
    # A long line crossing its crop at a slope would leave no height for the characters.
    steepest = 0.35 / max(1.0, 0.7 * length)
    angle = shear = 0.0
    tilt = (0.0, 0.0)
    aspect = dice.uniform(0.85, 1.15) if dice.chance(0.5) else 1.0
    if look == "plate":
        angle = dice.uniform(-0.17, 0.17)
        shear = dice.uniform(-0.35, 0.35) if dice.chance(0.6) else 0.0
        aspect = dice.uniform(0.85, 1.55)
        tilt = dice.uniform(-0.2, 0.2), dice.uniform(-0.1, 0.1)
        left, right = dice.uniform(-0.05, 0.4), dice.uniform(-0.03, 0.4)
        sides = Pose(top, bottom, left, right)
        return replace(sides, aspect=aspect, angle=angle, shear=shear, tilt=tilt)
    if look in ("thermal", "scanned", "needle") and dice.chance(0.4 if chinese(text) else 0.55):
        aspect = dice.uniform(0.5, 1.0) if dice.chance(0.8) else dice.uniform(1.0, 1.5)
    elif look == "tag":  # label printers set narrow letters
        aspect = dice.uniform(0.55, 1.1) if dice.chance(0.65) else dice.uniform(0.9, 1.9)
    elif look == "card":
        aspect = dice.uniform(0.8, 1.25) if dice.chance(0.7) else dice.uniform(0.6, 1.5)
    elif dice.chance(0.15):
        aspect = dice.uniform(0.6, 1.35)
    if look in ("tag", "sign", "photo", "printed") and dice.chance(0.45):
        free = length < 8 and (look == "tag" or (look == "sign" and dice.chance(0.4)))
        steep = max(steepest, 0.2 if free else 0.0)
        angle = dice.uniform(-1, 1) * min(0.18 if free else 0.1, steep)
        tilt = dice.uniform(-0.2, 0.2), dice.uniform(-0.12, 0.12)
    elif dice.chance(0.3):
        angle = dice.uniform(-1, 1) * min(0.03, steepest)
    if look in ("sign", "photo") and length < 16 and not chinese(text) and dice.chance(0.35):
        # Along a wall that runs away from the camera: steep, and the letters' stems upright or not.
        angle = dice.uniform(-1, 1) * min(0.34, 1.7 / (0.6 * length))
        shear = math.tan(angle) if dice.chance(0.6) else 0.0
        return replace(sides, aspect=dice.uniform(0.6, 1.2), angle=angle, shear=shear, tilt=tilt)
    if dice.chance(0.35 if look == "tag" else 0.07):
        shear = dice.uniform(-0.32, 0.15)
    return replace(sides, aspect=aspect, angle=angle, shear=shear, tilt=tilt)


def choose_rows(dice: Dice, look: str) -> int:
    """Height of the crop in its source picture, in pixels."""
    if look == "plate":
        return dice.integer(20, 34)
    if look == "needle":
        return dice.integer(34, 52)
    if look == "tag" and dice.chance(0.25):
        return dice.integer(12, 18)
    return dice.integer(14, 24) if dice.chance(0.25) else dice.integer(24, 50)
