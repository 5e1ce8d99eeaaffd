"""What printing, age and cameras do to a line: effects on ink and effects on the picture.

Ink is a float32 coverage (h, w) in 0..1; a picture is float32 (h, w) in 0..255. Effects return
new arrays or change their argument in place and return it. Strengths are bounded where more
would make the label a lie.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from penjing.synth.arrays import Floats
from penjing.synth.dice import Dice
from penjing.synth.pictures.backgrounds import cloud, noise, slope


def blurred(picture: Floats, sigma: float) -> Floats:
    return cv2.GaussianBlur(picture, (0, 0), sigma)


# --- ink ---------------------------------------------------------------------------------------


def bleed(ink: Floats, amount: float) -> Floats:
    """Fatter (amount > 0) or thinner strokes, by about ``amount`` pixels (-0.6..1.2)."""
    soft = blurred(ink, 0.5 + 0.5 * abs(amount))
    threshold = 0.5 - 0.32 * min(1.0, amount) if amount > 0 else 0.5 + 0.3 * -amount
    spread = np.clip((soft - threshold) * 2.4 + 0.5, 0, 1)
    if amount < 0:  # a hairline must not vanish
        np.maximum(spread, 0.55 * ink, out=spread)
    return spread


def ragged(dice: Dice, ink: Floats, roughness: float, softness: float) -> Floats:
    """The hard broken edges of a scan turned black and white."""
    height, width = ink.shape
    soft = blurred(ink, softness)
    # Thin strokes are gray, not black: what counts as ink is measured on the strokes themselves.
    stroke = max(1e-3, float(np.vdot(soft, ink) / (ink.sum() + 1e-6)))  # of a lost point, 0
    soft += noise(dice, height, width) * np.float32(stroke * roughness / 32)
    edge = stroke * dice.uniform(0.4, 0.7)
    return np.clip((soft - edge) * (3 / stroke) + 0.5, 0, 1)


def picked(ink: Floats, rows: int) -> Floats:
    """A black and white scan made ``rows`` rows high by leaving rows and columns out.

    Hairlines that lie on them are gone; the strokes that are left stand in steps.
    """
    height, width = ink.shape
    black = (ink > 0.4).astype(np.float32)
    size = max(3, round(width * rows / height)), rows
    small = cv2.resize(black, size, interpolation=cv2.INTER_NEAREST)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def fade(dice: Dice, ink: Floats, floor: float) -> Floats:
    """Thermal print: patches, streaks and lost rows, nowhere below ``floor`` of the ink."""
    height, width = ink.shape
    keep = 1 - 0.3 * np.abs(cloud(dice, height, width, dice.uniform(2, 14)))
    if dice.chance(0.5):
        keep += 0.18 * cloud(dice, 1, width, dice.uniform(1, 4))[:1]
    if dice.chance(0.5):
        rows = 0.22 * np.abs(noise(dice, height, 1)) / 32
        keep -= rows
    return ink * np.clip(keep, floor, 1)


def dead_columns(dice: Dice, ink: Floats, em: float) -> Floats:
    """Thermal heads with dead or dirty elements: upright slices of the line are nearly lost."""
    width = ink.shape[1]
    keep = np.ones((1, width), np.float32)
    for _ in range(max(1, round(dice.uniform(0.2, 0.7) * width / em))):
        start = dice.integer(0, width - 1)
        keep[:, start : start + max(1, round(em * dice.uniform(0.03, 0.12)))] = dice.uniform(0, 0.4)
    # A letter that is all upright stroke must not go without a trace.
    return ink * np.maximum(cv2.blur(keep, (3, 1)), 0.22)


def gnawed(dice: Dice, ink: Floats, em: float) -> Floats:
    """Print rubbed off or never heated in spots of about a stroke's size, a tenth of it or less.

    The spots are round, or lie along the line or across it: bars go pale, or uprights do.
    """
    height, width = ink.shape
    grain = max(1.5, em * dice.uniform(0.07, 0.16))
    across, down = dice.pick(((1, 1), (3, 1), (1, 3)))
    spots: Floats = cloud(dice, max(2, height // down), max(2, width // across), grain)
    if spots.shape != ink.shape:
        spots = cv2.resize(spots, (width, height))
    lost = np.clip((spots - dice.uniform(0.75, 1.2)) * 3, 0, dice.uniform(0.6, 0.85))
    return ink * (1 - lost)


def hollow(ink: Floats, thickness: int) -> Floats:
    """Only the outline of the strokes."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thickness + 1,) * 2)
    return cv2.dilate(ink, kernel) - ink


def grown(ink: Floats, radius: float) -> Floats:
    """The ink and everything within ``radius`` pixels of it, soft at the rim."""
    size = 2 * max(1, round(radius)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate(ink, kernel)


def relief(ink: Floats, angle: float, depth: float) -> Floats:
    """Light falling from ``angle`` on raised (depth > 0) or sunken strokes, about -1..1."""
    soft = blurred(ink, 0.8)
    dx, dy = depth * np.cos(angle), depth * np.sin(angle)
    shift = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    back = np.array([[1, 0, -dx], [0, 1, -dy]], np.float32)
    size = soft.shape[1], soft.shape[0]
    return cv2.warpAffine(soft, shift, size) - cv2.warpAffine(soft, back, size)


# --- picture -----------------------------------------------------------------------------------


def shade(dice: Dice, picture: Floats) -> Floats:
    """Uneven light: a slope, the edge of a shadow, or the dark rims of something round."""
    height, width = picture.shape
    turn = dice.uniform(0, 1)
    if turn < 0.55:
        return picture * (1 + slope(dice, height, width, dice.uniform(0.1, 0.6)))
    if turn < 0.8:
        columns = np.arange(width, dtype=np.float32)[None, :]
        rows = np.arange(height, dtype=np.float32)[:, None]
        lean, place = dice.uniform(-1.5, 1.5), dice.uniform(0, width)
        soft = dice.uniform(1.5, 12)
        edge = 1 / (1 + np.exp(np.clip((columns + lean * rows - place) / soft, -30, 30)))
        return picture * (1 - dice.uniform(0.15, 0.45) * edge)
    return round_light(dice, picture)


def round_light(dice: Dice, picture: Floats) -> Floats:
    """A cylinder lying along the line, or standing across it."""
    height, width = picture.shape
    if dice.chance(0.6):
        across = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    else:
        across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    fall = (across - np.float32(dice.uniform(-0.5, 0.5))) ** 2
    return picture * (1 - np.float32(dice.uniform(0.1, 0.5)) / fall.max() * fall)


def sleeve_end(dice: Dice, picture: Floats, darkest: float = 0.75) -> Floats:
    """The dark gap beyond a sleeve's or tape's rim, slanting along the crop's top or bottom.

    At most ``darkest`` of the light is gone there: faint print would look empty beside black.
    """
    height, width = picture.shape
    rows = np.arange(height, dtype=np.float32)[:, None]
    rim = height * (
        dice.uniform(0.02, 0.12) + dice.uniform(-0.06, 0.06) * np.linspace(-1, 1, width)
    )
    gap = np.clip((rim[None, :] - rows) / dice.uniform(0.7, 2.5) + 0.5, 0, 1).astype(np.float32)
    if dice.chance(0.5):
        gap = gap[::-1]
    return picture * (1 - np.float32(min(darkest, dice.uniform(0.3, 0.75))) * gap)


def sharpened(dice: Dice, picture: Floats) -> Floats:
    """The unsharp mask of scanners, telephones and web sites, with its pale rims."""
    soft = blurred(picture, dice.uniform(0.7, 2.0))
    return picture + np.float32(dice.uniform(0.3, 1.5)) * (picture - soft)


def moire(dice: Dice, picture: Floats) -> Floats:
    """The beating of a screen's raster with the camera's."""
    height, width = picture.shape
    fx, fy = dice.uniform(-1.2, 1.2), dice.uniform(-1.2, 1.2)
    phase = fx * np.arange(width, dtype=np.float32)[None, :]
    phase = phase + fy * np.arange(height, dtype=np.float32)[:, None]
    return picture * (1 + dice.uniform(0.02, 0.09) * np.sin(phase))


def motion(dice: Dice, picture: Floats, length: float) -> Floats:
    """A camera or hand moving ``length`` pixels during the exposure."""
    size = max(3, 2 * round(length / 2) + 1)
    kernel = np.zeros((size, size), np.float32)
    lean = dice.uniform(-0.5, 0.5) * size
    centre = size // 2
    ends = ((0, round(centre - lean)), (size - 1, round(centre + lean)))
    if dice.chance(0.3):
        ends = ((ends[0][1], 0), (ends[1][1], size - 1))
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA)
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def grain(dice: Dice, picture: Floats, deviation: float) -> Floats:
    """Sensor noise, fine or clotted."""
    height, width = picture.shape
    if dice.chance(0.3):
        picture += deviation * cloud(dice, height, width, dice.uniform(1.3, 2.5))
    else:
        picture += noise(dice, height, width) * np.float32(deviation / 32)
    return picture


def low_resolution(dice: Dice, picture: Floats, rows: int) -> Floats:
    """Shrunk to ``rows`` rows and enlarged again, as small screenshots and far cameras do."""
    height, width = picture.shape
    columns = max(3, round(width * rows / height))
    how = cv2.INTER_AREA if dice.chance(0.7) else cv2.INTER_LINEAR
    small = cv2.resize(picture, (columns, rows), interpolation=how)
    how = dice.pick((cv2.INTER_LINEAR, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST))
    return cv2.resize(small, (width, height), interpolation=how)


def recompressed(dice: Dice, picture: Floats, rows: int) -> Floats:
    """A small web picture of ``rows`` rows, sharpened and packed hard, then enlarged again."""
    height, width = picture.shape
    rows = min(rows, height)
    size = max(3, round(width * rows / height)), rows
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    if dice.chance(0.4):  # pixels picked, not averaged: steps in the strokes and the baseline
        middle = round(1.4 * size[0]), round(1.4 * size[1])
        small = cv2.resize(picture, middle, interpolation=cv2.INTER_AREA)
        small = cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)
    soft = blurred(small, 0.8)
    small = small + np.float32(dice.uniform(0.4, 1.6)) * (small - soft)
    packed = jpeg(np.clip(small, 0, 255).astype(np.uint8), dice.integer(22, 65))
    how = dice.pick((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_CUBIC, cv2.INTER_NEAREST))
    return cv2.resize(packed, (width, height), interpolation=how).astype(np.float32)


def jpeg(picture: npt.NDArray[np.uint8], quality: int) -> npt.NDArray[np.uint8]:
    _, packed = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def pen(dice: Dice, picture: Floats) -> Floats:
    """A stroke of a pen across the line, thin enough to read through: struck out, ticked off."""
    height, width = picture.shape
    reach = min(width, round(height * dice.uniform(1.5, 5)))
    start = dice.integer(0, width - reach)
    knots = [dice.uniform(0.0, 1.0) for _ in range(3)]
    across = np.linspace(0, 1, 12)
    path = np.interp(across, (0, 0.5, 1), knots) + 0.04 * np.sin(9 * across)
    points = np.stack([start + across * reach, path * height], 1).astype(np.int32)
    thick = max(1, round(height * dice.uniform(0.02, 0.07)))
    layer = cv2.polylines(np.zeros_like(picture), [points], False, 1.0, thick)
    return picture * (1 - np.float32(dice.uniform(0.4, 0.85)) * blurred(layer, 0.6))


def expose(
    dice: Dice,
    picture: Floats,
    text_height: float,
    chinese: bool,
    lightly: bool,
) -> Floats:
    """What light and the camera do to a picture; little where it is ``lightly`` worn.

    ``text_height`` is in pixels; ``chinese`` spares dense strokes.
    """
    rows = picture.shape[0]
    if lightly:
        if dice.chance(0.2):
            picture = blurred(picture, dice.uniform(0.3, 0.6))
        if dice.chance(0.15):
            picture = grain(dice, picture, dice.uniform(1, 4))
        return sharpened(dice, picture) if dice.chance(0.08) else picture
    if dice.chance(0.35):
        picture = shade(dice, picture)
    if dice.chance(0.05):
        picture = moire(dice, picture)
    turn = dice.uniform(0, 1)
    strongest = text_height * (0.035 if chinese else 0.06)
    if turn < 0.38:
        picture = blurred(picture, dice.uniform(0.3, max(0.5, strongest)))
    elif turn < 0.48:
        picture = motion(dice, picture, dice.uniform(1.5, max(2.5, 2.2 * strongest)))
    least = (15 if chinese else 10) * rows / text_height
    if turn > 0.8 and least < rows:
        picture = low_resolution(dice, picture, round(dice.uniform(least, rows)))
    if dice.chance(0.35):
        deviation = dice.uniform(1, 7) if dice.chance(0.7) else dice.uniform(5, 16)
        picture = grain(dice, picture, deviation)
    if dice.chance(0.2):
        picture = sharpened(dice, picture)
    if dice.chance(0.25):
        middle = float(picture.mean())
        picture = middle + (picture - middle) * np.float32(dice.uniform(0.6, 1.4))
    return picture
