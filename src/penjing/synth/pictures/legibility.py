"""Whether a picture still shows its text: a label that nobody could read teaches wrong things."""

from __future__ import annotations

import cv2
import numpy as np

from penjing.synth.arrays import Floats
from penjing.synth.pictures.looks import Scene

LEAST_CONTRAST = {"plate": 25.0, "subtitle": 60.0, "thermal": 28.0, "carbon": 25.0, "tag": 28.0}
"""By look: the least difference of gray between the ink and its surroundings, in every part."""

LEAST_LIKENESS = {
    "plate": 0.38, "subtitle": 0.5, "thermal": 0.55, "carbon": 0.45, "tag": 0.55,
}  # fmt: skip
"""By look: the least correlation of the picture's detail with the ink's. Frames, rims and JPEG
blocks lower it, so looks that have these are allowed less."""

LEAST_RELIEF = 1.4
"""Least ratio of detail at embossed strokes to that beside them."""

REACH = 0.5
"""How far beyond ink and ground, in shares of their difference, another gray still counts."""


def legible(picture: Floats, scene: Scene, look: str) -> bool:
    """Whether enough of the strokes is left. Signs may have rims: gray alone judges them."""
    if look == "card":
        return relief(picture, scene.ink, scene.em) > LEAST_RELIEF
    if contrast(picture, scene.ink) < LEAST_CONTRAST.get(look, 35.0):
        return False
    return look == "sign" or likeness(picture, scene.ink, scene.em) > LEAST_LIKENESS.get(look, 0.62)


def relief(picture: Floats, ink: Floats, em: float) -> float:
    """How much more detail there is at raised strokes, which may be as gray as their ground."""
    detail = np.abs(picture - cv2.blur(picture, (max(3, round(0.5 * em)),) * 2))
    near = (cv2.dilate(ink, np.ones((3, 3), np.uint8)) > 0.5).view(np.uint8)
    return cv2.mean(detail, near)[0] / (cv2.mean(detail, 1 - near)[0] + 3.0)


def contrast(picture: Floats, ink: Floats) -> float:
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


def likeness(picture: Floats, ink: Floats, em: float) -> float:
    """Correlation, 0..1, of the picture's detail with the ink's: what is left of the strokes.

    What is farther than a quarter of an em from every stroke is ignored. Grays far beyond those of
    ink and ground, as of a pen's stroke, count as if they were nearer.
    """
    size = (max(3, round(0.5 * em)),) * 2
    near = cv2.dilate(ink, np.ones(size, np.uint8))
    around = near - ink
    strokes = float(np.vdot(picture, ink)) / (cv2.sumElems(ink)[0] + 1e-6)
    ground = float(np.vdot(picture, around)) / (cv2.sumElems(around)[0] + 1e-6)
    low, high = sorted((strokes - REACH * (ground - strokes), ground + REACH * (ground - strokes)))
    picture = np.clip(picture, low, high)
    seen = (picture - cv2.blur(picture, size)) * near
    meant = ink - cv2.blur(ink, size)
    norm = float(np.sqrt(np.vdot(seen, seen) * np.vdot(meant, meant)))
    return abs(float(np.vdot(seen, meant))) / (norm + 1e-6)
