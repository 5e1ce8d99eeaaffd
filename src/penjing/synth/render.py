"""Training lines from a seed: text, face, setting, crop, look, camera, one picture 32 px high.

``LineRenderer(seed).render(index)`` depends on nothing but its arguments and the fetched fonts,
texts and photographs, so a data set is a seed and a range of numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from penjing.charset import DEFAULT, Charset
from penjing.errors import DataError
from penjing.synth.arrays import Gray
from penjing.synth.assets.fonts import load_faces
from penjing.synth.assets.traditional import OLD_PRINT
from penjing.synth.dice import Dice
from penjing.synth.pictures import looks, street_looks, wear
from penjing.synth.pictures.camera import Pose, View, view
from penjing.synth.pictures.legibility import legible
from penjing.synth.pictures.surroundings import panel, surroundings
from penjing.synth.presentation import (
    TOPICS,
    change_of_face,
    choose_pose,
    choose_rows,
    choose_setting,
)
from penjing.synth.texts.sampler import TextSampler
from penjing.synth.typesetting.draw import GlyphBook, Ink, Setting, set_line
from penjing.synth.typesetting.embossing import set_card
from penjing.synth.typesetting.faces import SEGMENTS_SHOW, Wardrobe, chinese
from penjing.synth.typesetting.plates import set_plate

Floats = npt.NDArray[np.float32]

LEAST_PITCH = 4.3
"""Least distance of two characters' centres in pixels of the final picture, since a frame of the
recogniser is 4 px wide."""

WIDEST = 3.0
"""Most extra space between characters, in em; a text that wants more loses its end instead."""

STRAIGHT = str.maketrans("“”‘’", "\"\"''")
"""Latin faces draw both kinds of quotation marks alike, and much Chinese is typed with these."""

SPELT = {"℃": "°C"}
"""Signs that print shows as one character or as several; the label is always the one."""

LOOKS: dict[str, looks.Look] = {
    "screen": looks.screen,
    "printed": looks.printed,
    "scanned": looks.scanned,
    "thermal": looks.thermal,
    "carbon": looks.carbon,
    "needle": looks.needle_printed,
    "subtitle": looks.subtitle,
    "photo": looks.over_photograph,
    "sign": street_looks.signboard,
    "plate": street_looks.plate,
    "tag": looks.engraved,
    "card": looks.embossed,
    "terminal": looks.terminal,
    "segments": street_looks.lit_segments,
}


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

    ``held_out`` draws with the faces kept for validation instead of the training ones; ``charset``
    (by default that of new networks) holds all that is written. Raises DataError when nothing has
    been fetched to draw with, or no text is within the charset.
    """

    def __init__(
        self,
        seed: int,
        held_out: bool = False,
        height: int = 32,
        max_width: int = 768,
        charset: Charset | None = None,
    ) -> None:
        self.seed = seed
        self.height = height
        self.max_width = max_width
        faces = load_faces(held_out)
        self._book = GlyphBook(faces)
        charset = charset or Charset.load(DEFAULT)
        self._texts = TextSampler(charset)
        self._signs = {spelt: sign for sign, spelt in SPELT.items() if sign in charset}
        self._wardrobe = Wardrobe(faces)

    def render(self, index: int) -> Line:
        """Line number ``index``, the same one at every call. Raises DataError if the faces
        lack nearly every text's characters."""
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, index])))
        dice = Dice(rng)
        for _ in range(50):
            sample = self._texts.sample(rng)
            text = " ".join(sample.string.split())
            for spelt, sign in self._signs.items():
                text = text.replace(spelt, sign)
            if sample.topic == "plate":
                text = text.replace("·", "")  # seen on every plate, in no data set's labels
            if not chinese(text) or dice.chance(0.4):
                text = text.translate(STRAIGHT)
            look = TOPICS.get(sample.topic, TOPICS["running"]).spin(dice)
            if look == "segments" and not set(text) <= SEGMENTS_SHOW:
                look = "screen"
            drawn = [SPELT[c] if c in SPELT and dice.chance(0.7) else c for c in text]
            if sample.topic == "traditional" and dice.chance(0.2):
                drawn = [OLD_PRINT.get(c, c) for c in drawn]
            faces = self._wardrobe.dress(dice, drawn, look) if text else None
            start = change_of_face(dice, text, look)
            if faces is not None and start:
                other = self._wardrobe.dress(dice, drawn, look) or faces
                faces = faces[:start] + other[start:]
            if faces is not None:
                return self._draw(dice, text, drawn, faces, look)
        raise DataError("no fetched face covers the texts: run `penjing data fetch` again")

    def _draw(self, dice: Dice, text: str, drawn: list[str], faces: list[int], look: str) -> Line:
        han = chinese(text)
        native = look in ("screen", "terminal") and dice.chance(0.75)
        setting = choose_setting(dice, text, look, native)
        pose = choose_pose(dice, look, native, text, setting.bullet)
        loose = dice.uniform(0, 1) if dice.chance(0.6) else 0.0
        if len(text) == 1 and not text.isalnum():
            loose = dice.uniform(0.4, 1)
        rows = None if native else choose_rows(dice, look)
        least = 15.0 if han and look != "plate" else 11.0
        ink, seen = self._frame(dice, drawn, faces, setting, pose, loose, rows, least)
        text = text[: len(ink.centres)]

        scene = looks.Scene(
            _coverage(seen.warp(ink.mask)),
            _coverage(seen.warp(surroundings(dice, ink, look, setting))),
            _coverage(seen.warp(panel(ink))) if look in ("plate", "subtitle") else _NOTHING,
            seen.text_height,
            han,
        )
        picture = LOOKS[look](dice, scene)
        light_wear = native or dice.chance(0.4)
        dense = han and look != "plate"
        picture = wear.expose(dice, picture, seen.text_height, dense, light_wear)
        picture = np.clip(picture, 0, 255)
        if not legible(picture, scene, look):
            picture = np.clip(looks.screen(dice, scene), 0, 255)
        image = picture.astype(np.uint8)
        if dice.chance(0.25 if light_wear else 0.55):
            image = wear.jpeg(image, dice.integer(35 if light_wear else 15, 92))
        width = max(4, round(seen.width * self.height / seen.height))
        how = cv2.INTER_AREA if seen.height > self.height else cv2.INTER_LINEAR
        if dice.chance(0.3):
            how = dice.pick((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA))
        shape = width, self.height
        image = np.asarray(cv2.resize(image, shape, interpolation=how), np.uint8)
        middle = 0.5 * (ink.box[1] + ink.box[3])
        centres = seen.across(ink.centres, middle) * (width / seen.width)
        return Line(image, text, np.clip(centres, 0, width - 1e-3).astype(np.float32))

    def _frame(
        self,
        dice: Dice,
        text: list[str],
        faces: list[int],
        setting: Setting,
        pose: Pose,
        loose: float,
        rows: int | None,
        least: float,
    ) -> tuple[Ink, View]:
        """Set ``text`` so that it stays readable: crop no wider than allowed, centres apart,
        characters at least ``least`` source pixels high.

        Too long a text loses its end, too dense a one is spaced, too low a one is enlarged. One
        that no spacing parts, as a steep line is the higher the wider it is, loses its end too.
        """
        first = setting
        while True:
            if setting.cells == "card":
                ink = set_card(text, dice)
            elif setting.cells == "plate":
                ink = set_plate(self._book, text, faces, dice)
            else:
                ink = set_line(self._book, text, faces, setting, dice)
            seen = view(ink, pose, loose, rows)
            if rows is not None and seen.text_height < least:
                rows = math.ceil(rows * least / seen.text_height)
                seen = view(ink, pose, loose, rows)
            final = self.height / seen.height
            if seen.width * final > self.max_width and len(text) > 1:
                keep = max(1, int(len(text) * self.max_width / (seen.width * final)) - 1)
                text = _beginning(text, keep)
                continue
            centres = seen.across(ink.centres, 0.5 * (ink.box[1] + ink.box[3])) * final
            closest = float(np.diff(centres).min()) if len(text) > 1 else LEAST_PITCH
            if closest >= LEAST_PITCH:
                return ink, seen
            # Widening alone cannot part characters that overlap, tracking can.
            wanted = (LEAST_PITCH + 0.2 - closest) / (final * pose.aspect * setting.size)
            wider = max(0.02, wanted)
            if setting.tracking + wider > WIDEST and len(text) > 1:
                setting, text = first, _beginning(text, len(text) - 1)
            elif setting.small and setting.small_tracking < 0.2:
                setting = replace(setting, small_tracking=setting.small_tracking + wider)
            else:
                tracking = setting.tracking + wider
                setting = replace(setting, tracking=tracking, small=frozenset())


def _beginning(text: list[str], keep: int) -> list[str]:
    """The first ``keep`` characters, without a space at their end."""
    return text[: keep - (text[keep - 1] == " ")]


_NOTHING = np.zeros((1, 1), np.float32)


def _coverage(mask: Gray) -> Floats:
    return mask.astype(np.float32) * np.float32(1 / 255)
