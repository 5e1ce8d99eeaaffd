"""A flat paper as a telephone's camera sees it: on a table, aslant, unevenly lit, compressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from penjing.synth.arrays import Floats
from penjing.synth.dice import Dice
from penjing.synth.pictures import backgrounds, wear

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Photograph:
    """``pixels`` uint8 (H, W, 3) RGB; ``matrix`` float64 (3, 3) from the paper to them."""

    pixels: Picture
    matrix: npt.NDArray[np.float64]

    def seen(self, points: Any) -> npt.NDArray[np.float64]:
        """Where points (N, 2) of the paper are in the picture."""
        moved = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        return np.asarray(moved[:, :2] / moved[:, 2:])


def photograph(
    paper: Picture,
    rng: np.random.Generator,
    ground: Callable[[Dice, int, int], Floats] = backgrounds.photograph,
) -> Photograph:
    """Tilted by up to 3°, with up to 5 % of perspective, a soft focus, noise, shade and JPEG.

    ``ground`` gives what lies under the paper, gray (H, W); by default a fetched photograph.
    """
    dice = Dice(rng)
    height, width = paper.shape[:2]
    margin = dice.uniform(0.03, 0.08)
    size = (round(width * (1 + 2 * margin)), round(height * (1 + 2 * margin)))
    matrix = _pose(dice, width, height, size)
    table = ground(dice, size[1], size[0])[..., None] * np.float32(dice.uniform(0.35, 0.8))
    cover = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)[..., None]
    seen = cv2.warpPerspective(paper.astype(np.float32), matrix, size, flags=cv2.INTER_AREA)
    picture: Floats = (seen + (1 - cover) * table) * _light(dice, size)[..., None]
    if dice.chance(0.7):
        picture = wear.blurred(picture, dice.uniform(0.3, 0.9))
    else:
        picture = wear.motion(dice, picture, dice.uniform(1.5, 2.5))
    noise = rng.standard_normal(picture.shape[:2], np.float32)[..., None]
    picture = picture + dice.uniform(1, 6) * noise
    return Photograph(_compressed(picture, dice.integer(55, 92)), matrix)


def _pose(dice: Dice, width: int, height: int, size: tuple[int, int]) -> npt.NDArray[Any]:
    """The paper's corners, turned and each a little displaced, in the middle of the picture."""
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    angle = np.radians(dice.uniform(-3, 3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = corners.mean(axis=0)
    slant = dice.rng.uniform(-0.025, 0.025, (4, 2)) * [width, height]
    seen = (corners - middle) @ turn.T * dice.uniform(0.92, 1.0) + np.array(size) / 2 + slant
    return cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))


def _light(dice: Dice, size: tuple[int, int]) -> Floats:
    ones = np.ones((size[1] // 8, size[0] // 8), np.float32)
    shaded = wear.shade(dice, ones) if dice.chance(0.8) else ones
    lit = cv2.resize(shaded, size) * np.float32(dice.uniform(0.75, 1.0))
    return np.asarray(lit)


def _compressed(picture: Floats, quality: int) -> Picture:
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", pixels[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, quality))
    seen: Any = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(seen[..., ::-1])
