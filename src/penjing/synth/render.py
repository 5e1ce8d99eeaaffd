"""Training lines from a seed: text, face, setting, crop, look, camera, one picture 32 px high.

``LineRenderer(seed).render(index)`` depends on nothing but its arguments and the fetched fonts,
texts and photographs, so a data set is a seed and a range of numbers.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

import cv2
import numpy as np
import numpy.typing as npt

from penjing.charset import Charset
from penjing.errors import DataError
from penjing.synth import looks, wear
from penjing.synth.camera import Pose, View, view
from penjing.synth.dice import Dice, Wheel
from penjing.synth.draw import SIZES, GlyphBook, Ink, Setting, set_line
from penjing.synth.fonts import CHARSET, load_faces
from penjing.synth.text import TextSampler

Gray = npt.NDArray[np.uint8]
Rack = tuple[list[int], list[float]]
Floats = npt.NDArray[np.float32]

LEAST_PITCH = 4.3
"""Least distance of two centres in final pixels: a recogniser frame is 4 px wide."""

LEAST_CONTRAST = 35.0
"""Least difference of gray between the ink and what lies just around it, in every part."""

LEAST_LIKENESS = {"plate": 0.5, "subtitle": 0.5}
"""Least correlation of the picture's detail with the ink's; a frame or rim costs some."""

LOOKS: dict[str, looks.Look] = {
    "screen": looks.screen,
    "printed": looks.printed,
    "scanned": looks.scanned,
    "thermal": looks.thermal,
    "needle": looks.needle_printed,
    "subtitle": looks.subtitle,
    "photo": looks.over_photograph,
    "sign": looks.signboard,
    "plate": looks.plate,
    "tag": looks.engraved,
    "card": looks.embossed,
    "terminal": looks.terminal,
    "segments": looks.lit_segments,
}

# How often a topic is seen in a look. Unnamed topics take "running".
_MIX: dict[str, dict[str, float]] = {
    "running": {
        "screen": 30, "printed": 28, "scanned": 14, "subtitle": 10, "photo": 7, "thermal": 4,
        "sign": 3, "terminal": 2, "needle": 1, "tag": 1,
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
    "label": {"screen": 34, "printed": 34, "tag": 12, "photo": 10, "sign": 5, "scanned": 5},
    "receipt": {"thermal": 38, "scanned": 26, "printed": 20, "needle": 3, "screen": 13},
    "english": {
        "screen": 20, "printed": 22, "scanned": 22, "thermal": 18, "photo": 5, "sign": 6,
        "subtitle": 3, "terminal": 2, "tag": 2,
    },
    "digits": {
        "screen": 15, "printed": 18, "scanned": 20, "thermal": 19, "tag": 10, "card": 7,
        "needle": 3, "segments": 2, "sign": 2, "photo": 2, "terminal": 2,
    },
    "plate": {"plate": 90, "printed": 5, "screen": 5},
    "tag": {"tag": 76, "printed": 14, "scanned": 5, "sign": 5},
    "card": {"card": 84, "printed": 10, "tag": 6},
    "code": {"terminal": 45, "screen": 40, "printed": 15},
    "sign": {"sign": 46, "photo": 22, "printed": 14, "screen": 12, "tag": 6},
    "subtitle": {"subtitle": 85, "photo": 10, "screen": 5},
}  # fmt: skip
TOPICS = {topic: Wheel(mix) for topic, mix in _MIX.items()}

_MACHINE = (
    "hei", "song", "kai", "fangsong", "mono", "pixel", "latin", "latin-condensed", "latin-serif",
    "latin-mono", "typewriter", "ocr", "dot",
)  # fmt: skip
STYLES: dict[str, tuple[str, ...]] = {
    "plate": ("latin-condensed", "hei"),
    "card": ("ocr", "latin", "latin-condensed"),
    "tag": ("latin", "latin-condensed", "latin-mono", "hei"),
    "terminal": ("latin-mono", "mono", "hei"),
    "subtitle": ("hei", "latin"),
    "segments": ("segment",),
    "thermal": _MACHINE,
    "scanned": _MACHINE,
    "needle": ("hei", "song", "mono", "latin-mono", "dot", "typewriter", "latin"),
}
"""Styles a look is mostly printed in; brushes and hands rarely survive coarse printing."""


@dataclass(frozen=True)
class Line:
    """One training line.

    ``image`` (32, W) uint8 gray; ``text`` its characters; ``centres`` (len(text),) float32, the
    x in ``image`` of each character's middle, increasing; a space's is the middle of its gap.
    """

    image: Gray
    text: str
    centres: Floats


class LineRenderer:
    """Draws line number ``index`` of the endless set called ``seed``.

    ``held_out`` draws with the faces kept for validation instead of the training ones. Raises
    DataError when nothing has been fetched to draw with.
    """

    def __init__(
        self, seed: int, held_out: bool = False, height: int = 32, max_width: int = 768
    ) -> None:
        self.seed = seed
        self.height = height
        self.max_width = max_width
        self._book = GlyphBook(load_faces(held_out))
        self._texts = TextSampler(Charset.load(CHARSET))
        self._wardrobe = Wardrobe(self._book)

    def render(self, index: int) -> Line:
        """Line number ``index``, the same one at every call. Raises DataError if the faces
        lack nearly every text's characters."""
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, index])))
        dice = Dice(rng)
        for _ in range(50):
            sample = self._texts.sample(rng)
            text = " ".join(sample.string.split())
            if sample.topic == "plate":
                text = text.replace("·", "")  # seen on every plate, in no data set's labels
            look = TOPICS.get(sample.topic, TOPICS["running"]).spin(dice)
            if look == "segments" and not set(text) <= SEGMENT_CHARACTERS:
                look = "screen"
            faces = self._wardrobe.dress(dice, text, look) if text else None
            if faces is not None:
                return self._draw(dice, text, faces, look)
        raise DataError("no fetched face covers the texts: run `penjing data fetch` again")

    def _draw(self, dice: Dice, text: str, faces: list[int], look: str) -> Line:
        chinese = _chinese(text)
        native = look in ("screen", "terminal") and dice.chance(0.75)
        setting = _setting(dice, text, look, native)
        pose = _pose(dice, look, native, len(text))
        loose = dice.uniform(0, 1) if dice.chance(0.6) else 0.0
        if len(text) == 1 and not text.isalnum():
            loose = dice.uniform(0.4, 1)
        rows = None if native else _source_rows(dice, look)
        least = 15.0 if chinese and look != "plate" else 11.0
        ink, seen, text = self._frame(dice, text, faces, setting, pose, loose, rows, least)

        scene = looks.Scene(
            _coverage(seen.warp(ink.mask)),
            _coverage(seen.warp(_surroundings(dice, ink, look, setting.break_after is not None))),
            _coverage(seen.warp(_panel(ink))) if look == "plate" else _NOTHING,
            seen.text_height,
        )
        picture = LOOKS[look](dice, scene)
        light_wear = native or dice.chance(0.25)
        picture = _expose(dice, picture, seen.text_height, chinese, light_wear)
        if look != "card" and not _legible(picture, scene, look):
            picture = looks.screen(dice, scene)
        image = np.clip(picture, 0, 255).astype(np.uint8)
        if dice.chance(0.25 if light_wear else 0.55):
            image = wear.jpeg(image, dice.integer(35 if light_wear else 15, 92))
        width = max(4, round(seen.width * self.height / seen.height))
        how = cv2.INTER_AREA if seen.height > self.height else cv2.INTER_LINEAR
        if dice.chance(0.3):
            how = dice.pick((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA))
        image = cv2.resize(image, (width, self.height), interpolation=how)
        middle = 0.5 * (ink.box[1] + ink.box[3])
        centres = seen.across(ink.centres, middle) * (width / seen.width)
        return Line(image, text, np.clip(centres, 0, width - 1e-3).astype(np.float32))

    def _frame(
        self,
        dice: Dice,
        text: str,
        faces: list[int],
        setting: Setting,
        pose: Pose,
        loose: float,
        rows: int | None,
        least: float,
    ) -> tuple[Ink, View, str]:
        """Set ``text`` so that it stays readable: crop no wider than allowed, centres apart,
        characters at least ``least`` source pixels high.

        Too long a text loses its end, too dense a one is spaced, too low a one is enlarged.
        """
        while True:
            ink = set_line(self._book, text, faces, setting, dice)
            seen = view(ink, pose, loose, rows)
            if rows is not None and seen.text_height < least:
                rows = math.ceil(rows * least / seen.text_height)
                seen = view(ink, pose, loose, rows)
            final = self.height / seen.height
            if seen.width * final > self.max_width and len(text) > 1:
                keep = max(1, int(len(text) * self.max_width / (seen.width * final)) - 1)
                text = text[:keep].rstrip()
                continue
            centres = seen.across(ink.centres, 0.5 * (ink.box[1] + ink.box[3])) * final
            closest = float(np.diff(centres).min()) if len(text) > 1 else LEAST_PITCH
            if closest >= LEAST_PITCH:
                return ink, seen, text
            # Widening alone cannot part characters that overlap, tracking can.
            wanted = (LEAST_PITCH + 0.2 - closest) / (final * pose.aspect * setting.size)
            setting = replace(setting, tracking=setting.tracking + max(0.02, wanted))


SLANTED = 0.3
"""Italics count for less than their upright sisters, as in print."""

SEGMENT_CHARACTERS = frozenset("0123456789.:- ")
_NOTHING = np.zeros((1, 1), np.float32)


class Wardrobe:
    """Which faces a text may wear, chosen by weight among those that can draw it."""

    def __init__(self, book: GlyphBook) -> None:
        self._faces = book.faces
        everything = {face.style for face in self._faces} - {"segment"}
        self._racks = {
            (look, han): self._rack(styles, han)
            for look, styles in {**STYLES, "": tuple(everything)}.items()
            for han in (False, True)
        }
        latin = tuple({face.style for face in self._faces if face.latin} - {"segment"})
        self._latin = self._rack(latin, han=False)

    def _rack(self, styles: Iterable[str], han: bool) -> Rack:
        """Faces of the styles with their running sum of weights; for Han text no Latin ones."""
        wanted = set(styles)
        numbers = [
            k
            for k, face in enumerate(self._faces)
            if face.style in wanted and not (han and face.latin)
        ]
        return numbers, list(accumulate(self._weight(k) for k in numbers))

    def _weight(self, number: int) -> float:
        face = self._faces[number]
        slanted = any(word in face.path.name.lower() for word in ("italic", "oblique"))
        return face.weight * (SLANTED if slanted else 1.0)

    def dress(self, dice: Dice, text: str, look: str) -> list[int] | None:
        """A face number for each character, or None if no face covers the text."""
        needed = set(text)
        han = _chinese(text)
        face = None
        if look in STYLES and dice.chance(0.93):
            face = self._choose(dice, needed, self._racks[look, han], tries=12)
        if face is None:
            face = self._choose(dice, needed, self._racks["", han], tries=60)
        if face is None:
            return None
        faces = [face] * len(text)
        # Typesetters and plates put Latin letters and digits of their own face among Chinese.
        if han and dice.chance(0.8 if look == "plate" else 0.45):
            western = {c for c in needed if "!" <= c <= "~"}
            if western:
                rack = self._racks["plate", False] if look == "plate" else self._latin
                second = self._choose(dice, western, rack, tries=6)
                if second is not None:
                    faces = [second if c in western else face for c in text]
        return faces

    def _choose(self, dice: Dice, needed: set[str], rack: Rack, tries: int) -> int | None:
        numbers, ends = rack
        if not numbers:
            return None
        for _ in range(tries):
            place = bisect(ends, dice.uniform(0, ends[-1]))
            number = numbers[min(place, len(numbers) - 1)]
            if needed <= self._faces[number].drawable:
                return number
        return None


def _chinese(text: str) -> bool:
    return any(c >= "⺀" for c in text)


def _setting(dice: Dice, text: str, look: str, native: bool) -> Setting:
    """Size, spacing and liveliness of the line."""
    if native:
        size = dice.pick((13, 16, 16, 20, 20, 24, 30))
    elif look in ("plate", "card", "tag"):
        size = dice.pick((24, 30, 38))
    else:
        size = dice.pick(SIZES[2:])
    tracking = 0.0
    turn = dice.uniform(0, 1)
    if look in ("plate", "tag", "card"):
        tracking = dice.uniform(0.0, 0.35) if turn < 0.75 else 0.0
    elif turn < 0.12:
        tracking = dice.uniform(0.1, 0.7 if len(text) < 8 else 0.3)
    elif turn < 0.4:
        tracking = dice.uniform(-0.07, 0.08)
    small: frozenset[int] = frozenset()
    if "(" in text and ")" in text and dice.chance(0.3):
        small = frozenset(range(text.index("("), text.rindex(")") + 1))
    elif 2 < len(text) < 7 and _chinese(text[-1]) and dice.chance(0.06):
        small = frozenset((len(text) - 1,))
    return Setting(
        size=size,
        tracking=tracking,
        word_gap=dice.uniform(0.2, 0.6) if dice.chance(0.8) else dice.uniform(0.6, 1.4),
        shake=dice.uniform(0.01, 0.05) if not native and dice.chance(0.12) else 0.0,
        bend=dice.sign() * dice.uniform(0.02, 0.16) if not native and dice.chance(0.08) else 0.0,
        small=small,
        break_after=1 if look == "plate" and dice.chance(0.9) else None,
    )


def _pose(dice: Dice, look: str, native: bool, length: int) -> Pose:
    """Margins for every crop; squeeze, lean, turn and tilt where a camera or printer gives them."""
    turn = dice.uniform(0, 1)
    if turn < 0.3:
        top, bottom = dice.uniform(-0.02, 0.08), dice.uniform(-0.02, 0.08)
    elif turn < 0.75:
        top, bottom = dice.uniform(0.03, 0.22), dice.uniform(0.03, 0.22)
    else:
        top, bottom = dice.uniform(0.0, 0.4), dice.uniform(0.0, 0.4)
    reach = 0.15 if dice.chance(0.5) else 0.6
    sides = Pose(top, bottom, dice.uniform(0.0, reach), dice.uniform(0.0, reach))
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
        aspect = dice.uniform(0.75, 1.25)
        tilt = dice.uniform(-0.2, 0.2), dice.uniform(-0.1, 0.1)
        return replace(sides, aspect=aspect, angle=angle, shear=shear, tilt=tilt)
    if look in ("thermal", "scanned", "needle") and dice.chance(0.4):
        aspect = dice.uniform(0.5, 1.0) if dice.chance(0.75) else dice.uniform(1.0, 1.5)
    elif look in ("tag", "card"):
        aspect = dice.uniform(0.6, 1.5)
    elif dice.chance(0.15):
        aspect = dice.uniform(0.6, 1.35)
    if look in ("tag", "sign", "photo", "printed") and dice.chance(0.45):
        steep = max(steepest, 0.2 if look == "tag" and length < 8 else 0.0)
        angle = dice.uniform(-1, 1) * min(0.1 if look != "tag" else 0.15, steep)
        tilt = dice.uniform(-0.2, 0.2), dice.uniform(-0.12, 0.12)
    elif dice.chance(0.3):
        angle = dice.uniform(-1, 1) * min(0.03, steepest)
    if dice.chance(0.07):
        shear = dice.uniform(-0.32, 0.15)
    return replace(sides, aspect=aspect, angle=angle, shear=shear, tilt=tilt)


def _source_rows(dice: Dice, look: str) -> int:
    """Height of the crop in its source picture."""
    if look == "plate":
        return dice.integer(20, 34)
    if look == "needle":
        return dice.integer(34, 52)
    return dice.integer(14, 24) if dice.chance(0.25) else dice.integer(24, 50)


def _legible(picture: Floats, scene: looks.Scene, look: str) -> bool:
    """Whether enough of the strokes is left. Rims and raised letters are judged by gray alone."""
    if _contrast(picture, scene.ink) < LEAST_CONTRAST:
        return False
    return look == "sign" or _likeness(picture, scene.ink, scene.em) > LEAST_LIKENESS.get(
        look, 0.62
    )


def _contrast(picture: Floats, ink: Floats) -> float:
    """How far the ink's gray is from its rim's, in the worst stretch of the line."""
    height, width = ink.shape
    inside = (ink > 0.6 * cv2.minMaxLoc(ink)[1]).view(np.uint8)
    rim = cv2.dilate(inside, np.ones((5, 5), np.uint8)) - inside
    worst = 255.0
    for start in range(0, width, max(2 * height, width // 5 + 1)):
        part = slice(start, start + max(2 * height, width // 5 + 1))
        if cv2.countNonZero(inside[:, part]) > height // 2:
            dark = cv2.mean(picture[:, part], inside[:, part])[0]
            light = cv2.mean(picture[:, part], rim[:, part])[0]
            worst = min(worst, abs(dark - light))
    return worst


def _likeness(picture: Floats, ink: Floats, em: float) -> float:
    """Correlation, 0..1, of the picture's detail with the ink's: what is left of the strokes."""
    size = (max(3, round(0.5 * em)),) * 2
    seen = picture - cv2.blur(picture, size)
    meant = ink - cv2.blur(ink, size)
    norm = float(np.sqrt(np.vdot(seen, seen) * np.vdot(meant, meant)))
    return abs(float(np.vdot(seen, meant))) / (norm + 1e-6)


def _coverage(mask: Gray) -> Floats:
    return mask.astype(np.float32) * np.float32(1 / 255)


def _panel(ink: Ink) -> Gray:
    """The board of a licence plate."""
    panel = np.zeros_like(ink.mask)
    left, top, right, bottom = ink.box
    rim = round(0.22 * (bottom - top))
    panel[max(0, top - rim) : bottom + rim, max(0, left - rim) : right + rim] = 255
    return panel


def _surroundings(dice: Dice, ink: Ink, look: str, parted: bool) -> Gray:
    """What a crop shows beside its text: rules, frames, slices of the lines above and below.

    A ``parted`` plate has its dot, which labels leave out, after the second character.
    """
    lines = np.zeros_like(ink.mask)
    left, top, right, bottom = ink.box
    height = bottom - top
    rows, columns = lines.shape
    if look == "plate":
        if dice.chance(0.8):
            rim = max(2, round(height * dice.uniform(0.1, 0.18)))
            corners = (left - rim, top - rim), (right + rim, bottom + rim)
            cv2.rectangle(lines, *corners, 255, max(1, round(height * 0.04)))
        if parted and len(ink.centres) > 2 and dice.chance(0.85):
            gap = round(0.5 * (ink.centres[1] + ink.centres[2])), round(0.5 * (top + bottom))
            radius = max(1, round(height * dice.uniform(0.04, 0.07)))
            cv2.circle(lines, gap, radius, 255, -1, cv2.LINE_AA)
        return lines
    if look in ("subtitle", "card", "segments"):
        return lines
    if dice.chance(0.22):
        shift = dice.integer(0, columns)
        body = np.roll(ink.mask[top:bottom], shift, 1)
        for above in (True, False):
            gap = max(2, round(height * dice.uniform(0.06, 0.35)))
            if dice.chance(0.6):
                if above:
                    room = min(top - gap, height)
                    lines[top - gap - room : top - gap] = body[height - room :]
                else:
                    room = min(rows - bottom - gap, height)
                    lines[bottom + gap : bottom + gap + room] = body[:room]
    if dice.chance(0.13):
        thick = max(1, round(height * dice.uniform(0.02, 0.07)))
        strength = dice.integer(110, 255)
        gap = max(2, round(height * dice.uniform(0.05, 0.3)))
        kind = dice.uniform(0, 1)
        if kind < 0.45:
            lines[bottom + gap : bottom + gap + thick] = strength
        if kind > 0.35:
            lines[max(0, top - gap - thick) : top - gap] = strength
        if kind > 0.75:
            lines[bottom + gap : bottom + gap + thick] = strength
            side = max(3, round(height * dice.uniform(0.15, 0.5)))
            lines[:, max(0, left - side - thick) : left - side] = strength
            lines[:, right + side : right + side + thick] = strength
        if dice.chance(0.2):
            dash = max(4, round(0.4 * height))
            lines[:, np.arange(columns) % dash < dash // 3] = 0
    return lines


def _expose(
    dice: Dice,
    picture: Floats,
    text_height: float,
    chinese: bool,
    lightly: bool,
) -> Floats:
    """What light and the camera add, little of it to ``lightly`` worn lines."""
    rows = picture.shape[0]
    if lightly:
        if dice.chance(0.2):
            picture = wear.blurred(picture, dice.uniform(0.3, 0.6))
        if dice.chance(0.15):
            picture = wear.grain(dice, picture, dice.uniform(1, 4))
        return picture
    if dice.chance(0.35):
        picture = wear.shade(dice, picture)
    if dice.chance(0.05):
        picture = wear.moire(dice, picture)
    turn = dice.uniform(0, 1)
    strongest = text_height * (0.035 if chinese else 0.06)
    if turn < 0.38:
        picture = wear.blurred(picture, dice.uniform(0.3, max(0.5, strongest)))
    elif turn < 0.48:
        picture = wear.motion(dice, picture, dice.uniform(1.5, max(2.5, 2.2 * strongest)))
    least = (15 if chinese else 10) * rows / text_height
    if turn > 0.8 and least < rows:
        picture = wear.low_resolution(dice, picture, round(dice.uniform(least, rows)))
    if dice.chance(0.35):
        deviation = dice.uniform(1, 7) if dice.chance(0.7) else dice.uniform(5, 16)
        picture = wear.grain(dice, picture, deviation)
    if dice.chance(0.25):
        middle = float(picture.mean())
        picture = middle + (picture - middle) * np.float32(dice.uniform(0.6, 1.4))
    return picture
