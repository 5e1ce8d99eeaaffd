"""Graded damage to line pictures: blur, noise, tilt, low light, JPEG, perspective, few pixels.

Every kind comes in four severities, from what is barely seen to what people can hardly read.
Lengths are shares of the line's height, so that a severity means the same for all pictures; the
same random numbers are drawn for all four, so that only the severity differs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels

Dice: TypeAlias = np.random.Generator
Degradation: TypeAlias = Callable[[Pixels, int, Dice], Pixels]  # of gray (H, W) and a severity

SEVERITIES = (1, 2, 3, 4)
_SOURCE_HEIGHT = 48  # higher pictures are first brought to this, as a camera further away would

# What severities 1, 2, 3 and 4 are.
_BLUR = (0.02, 0.04, 0.06, 0.09)  # deviation of the Gaussian, of the height
_NOISE = (10.0, 20.0, 35.0, 55.0)  # deviation, in gray levels
_TILT = (1.0, 2.0, 4.0, 7.0)  # degrees, to either side
_LIGHT = (0.4, 0.2, 0.1, 0.05)  # of the light; what is left is noisy, and rounded to gray levels
_JPEG = (30, 15, 8, 4)  # quality
_SQUEEZE = (0.85, 0.7, 0.55, 0.4)  # height of the far end, of the near end's
_ROWS = (24, 16, 12, 9)  # of pixels


def blur(gray: Pixels, severity: int, dice: Dice) -> Pixels:
    return cv2.GaussianBlur(gray, (0, 0), _BLUR[severity - 1] * gray.shape[0])


def noise(gray: Pixels, severity: int, dice: Dice) -> Pixels:
    return _clipped(gray + dice.normal(0, _NOISE[severity - 1], gray.shape))


def tilt(gray: Pixels, severity: int, dice: Dice) -> Pixels:
    """The whole line stays inside: the picture grows."""
    angle = _TILT[severity - 1] * dice.choice((-1, 1))
    height, width = gray.shape
    rise = round(width * abs(np.sin(np.radians(angle))) / 2)
    tall = cv2.copyMakeBorder(gray, rise, rise, 0, 0, cv2.BORDER_CONSTANT, value=_ground(gray))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2 + rise), angle, 1.0)
    return _warped(tall, np.vstack([matrix, [0, 0, 1]]))


def low_light(gray: Pixels, severity: int, dice: Dice) -> Pixels:
    """Few photons (Poisson) and a sensor's own noise; nothing is amplified."""
    photons = dice.poisson(gray * _LIGHT[severity - 1] * 4.0) / 4.0
    return _clipped(photons + dice.normal(0, 1.0, gray.shape))


def jpeg(gray: Pixels, severity: int, dice: Dice) -> Pixels:
    _, packed = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, _JPEG[severity - 1]])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def perspective(gray: Pixels, severity: int, dice: Dice) -> Pixels:
    """One end further away than the other: lower, and its characters narrower."""
    height, width = gray.shape
    inset = (1 - _SQUEEZE[severity - 1]) / 2 * height
    from_left = np.array([[0, inset], [width, 0], [width, height], [0, height - inset]], np.float32)
    mirrored = np.array([[0, 0], [width, inset], [width, height - inset], [0, height]], np.float32)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = from_left if dice.random() < 0.5 else mirrored
    return _warped(gray, cv2.getPerspectiveTransform(corners, seen))


def few_pixels(gray: Pixels, severity: int, dice: Dice) -> Pixels:
    height, width = gray.shape
    rows = min(height, _ROWS[severity - 1])
    size = max(1, round(width * rows / height)), rows
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA)


DEGRADATIONS: dict[str, Degradation] = {
    "blur": blur,
    "noise": noise,
    "tilt": tilt,
    "low light": low_light,
    "jpeg": jpeg,
    "perspective": perspective,
    "few pixels": few_pixels,
}


def degraded(gray: Pixels, name: str, severity: int, seed: tuple[int, ...]) -> Pixels:
    """``gray``, uint8 (H, W), with the damage ``name`` in ``severity`` 1 to 4; with 0 undamaged.

    High pictures are first scaled to 48 rows, with any severity. The same ``seed`` damages alike.
    """
    height, width = gray.shape
    if height > _SOURCE_HEIGHT:
        size = max(1, round(width * _SOURCE_HEIGHT / height)), _SOURCE_HEIGHT
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    if not severity:
        return gray
    way = list(DEGRADATIONS).index(name)
    return DEGRADATIONS[name](gray, severity, np.random.default_rng((*seed, way)))


def _warped(gray: Pixels, matrix: np.ndarray) -> Pixels:
    height, width = gray.shape
    return cv2.warpPerspective(
        gray,
        matrix,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_ground(gray),
    )


def _ground(gray: Pixels) -> int:
    """The gray level of the ground around the text."""
    return int(np.median(np.concatenate([gray[0], gray[-1]])))


def _clipped(values: np.ndarray) -> Pixels:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
