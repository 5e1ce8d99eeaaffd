"""Round seals over the text of papers, as tax offices and firms put them there."""

from __future__ import annotations

import cv2
import numpy as np

from penjing.synth.arrays import Floats
from penjing.synth.dice import Dice


def stamp(dice: Dice, picture: Floats, level: float, opacity: float) -> Floats:
    """The rings of a seal and some of its writing, see-through so that the text is readable."""
    height, width = picture.shape
    layer = np.zeros_like(picture)
    radius = height * dice.uniform(0.9, 3.0)
    centre = dice.uniform(0, width), height * dice.uniform(-1.5, 2.5)
    axes = radius * dice.uniform(1.0, 1.5), radius
    _ring(layer, centre, axes, height * dice.uniform(0.02, 0.09))
    if dice.chance(0.5):
        share = dice.uniform(0.75, 0.9)
        _ring(layer, centre, (share * axes[0], share * axes[1]), height * dice.uniform(0.02, 0.04))
    if dice.chance(0.6):
        _script(dice, layer, centre, axes)
    layer *= opacity
    return np.minimum(picture, picture * (1 - layer) + level * layer)


def _ring(
    layer: Floats, centre: tuple[float, float], axes: tuple[float, float], thick: float
) -> None:
    middle = round(centre[0]), round(centre[1])
    shape = max(2, round(axes[0])), max(2, round(axes[1]))
    cv2.ellipse(layer, middle, shape, 0, 0, 360, 1.0, max(1, round(thick)), cv2.LINE_AA)


def _script(
    dice: Dice, layer: Floats, centre: tuple[float, float], axes: tuple[float, float]
) -> None:
    """What looks like small characters, five strokes each, along the inside of the ring."""
    rows, columns = layer.shape
    share, size = dice.uniform(0.6, 0.85), axes[1] * dice.uniform(0.05, 0.09)
    along = np.array([-size, size])
    for angle in np.arange(dice.uniform(0, 0.3), 2 * np.pi, 3.2 * size / axes[1]):
        x = centre[0] + share * axes[0] * np.cos(angle)
        y = centre[1] + share * axes[1] * np.sin(angle)
        if not (-size < x < columns + size and -size < y < rows + size):
            continue
        strokes = []
        for _ in range(5):
            turn = angle + 0.5 * np.pi * dice.integer(0, 1)
            aside = dice.uniform(-size, size)
            cos, sin = np.cos(turn), np.sin(turn)
            ends = np.stack([x + along * cos - aside * sin, y + along * sin + aside * cos], 1)
            strokes.append(ends.astype(np.int32))
        cv2.polylines(layer, strokes, False, 1.0, max(1, round(0.3 * size)), cv2.LINE_AA)
