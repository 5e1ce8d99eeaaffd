"""Making faint, dark, noisy or tilted pictures easier to read, where that helps.

A network trained on gray pictures loses by much of what helps the eye: what each step is worth is
measured by ``penjing robustness`` and published in docs/robustness.md, and the limits of the gate
below are set by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels
from penjing.runtime.rectify import to_gray

_LEVEL = 0.2  # degrees: less is not worth turning a picture for
_TILTED = 0.7  # degrees from which the gate turns a picture
_DISTINCT = 1.3  # times as distinct must the rows be when turned: a short line has no direction
_NOISY = 12.0  # gray levels of noise from which the gate takes it away
_DULL = 50.0  # gray levels between ground and ink below which the gate stretches them


@dataclass(frozen=True)
class Enhancement:
    """Steps, done in the order stretch, denoise, clahe, binarise, deskew.

    ``stretch`` spreads the gray levels that are there over all there could be; ``denoise``
    averages similar patches (non-local means, Buades 2005); ``clahe`` evens out contrast
    (Zuiderveld 1994); ``binarise`` compares each pixel with its neighbourhood's Gaussian mean;
    ``deskew`` levels a line picture, or a page with one tilt. ``auto`` lets the gate add what
    the picture seems to need.
    """

    clahe: bool = False
    binarise: bool = False
    deskew: bool = False
    denoise: bool = False
    stretch: bool = False
    auto: bool = False

    def __bool__(self) -> bool:
        return self != NO_ENHANCEMENT


NO_ENHANCEMENT = Enhancement()


def enhance(pixels: Pixels, steps: Enhancement) -> Pixels:
    """The picture after ``steps``: uint8 gray (H, W), or unchanged when there are none."""
    if not steps:
        return pixels
    gray = to_gray(pixels)
    if steps.auto:
        steps = advised(gray, steps)
    if steps.stretch:
        gray = stretched(gray)
    if steps.denoise:
        gray = denoised(gray)
    if steps.clahe:
        gray = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(gray)
    if steps.binarise:
        block = max(3, min(gray.shape) // 16 * 2 + 1, 31)
        way = cv2.ADAPTIVE_THRESH_GAUSSIAN_C
        gray = cv2.adaptiveThreshold(gray, 255, way, cv2.THRESH_BINARY, block, 10)
    return deskewed(gray) if steps.deskew else gray


def advised(gray: Pixels, asked: Enhancement = NO_ENHANCEMENT) -> Enhancement:
    """The gate: ``asked`` and the steps that help pictures as tilted, noisy or dull as this."""
    angle, distinct = tilt_and_gain(gray)
    stretch = asked.stretch or contrast(gray) < _DULL
    seen = stretched(gray) if stretch else gray  # with its noise
    return replace(
        asked,
        auto=False,
        deskew=asked.deskew or (abs(angle) >= _TILTED and distinct >= _DISTINCT),
        denoise=asked.denoise or noise(seen) >= _NOISY,
        stretch=stretch,
    )


def stretched(gray: Pixels) -> Pixels:
    """The darkest hundredth becomes black, the brightest white."""
    dark, bright = np.percentile(gray, (1, 99))
    spread = (gray - dark) * (255.0 / max(1.0, bright - dark))
    return np.clip(spread, 0, 255).astype(np.uint8)


def denoised(gray: Pixels) -> Pixels:
    strength = max(3.0, noise(gray))
    return cv2.fastNlMeansDenoising(gray, None, strength, templateWindowSize=5, searchWindowSize=11)


def deskewed(gray: Pixels) -> Pixels:
    """The picture turned level by the tilt at which its rows of ink are most distinct."""
    angle = tilt(gray)
    if abs(angle) < _LEVEL:
        return gray
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(
        gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def text_rows(gray: Pixels) -> tuple[int, int]:
    """First row, and the one after the last, of the text in a level picture of one line."""
    height = gray.shape[0]
    ink = np.abs(cv2.Sobel(gray, cv2.CV_32F, 1, 0)).sum(axis=1)
    inside = np.flatnonzero(ink > ink.min() + 0.05 * (ink.max() - ink.min()))
    if not len(inside):
        return 0, height
    margin = round(0.15 * (inside[-1] + 1 - inside[0])) + 1
    return max(0, int(inside[0]) - margin), min(height, int(inside[-1]) + 1 + margin)


def noise(gray: Pixels) -> float:
    """Standard deviation of the noise in gray levels (Immerkær 1996).

    The median in the place of the mean: strokes are edges too, but few.
    """
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(gray, cv2.CV_32F, kernel))
    return float(np.median(response)) / (6 * 0.6745)


def contrast(gray: Pixels) -> float:
    """Gray levels between the darkest and the brightest twentieth."""
    dark, bright = np.percentile(gray, (5, 95))
    return float(bright - dark)


def tilt(gray: Pixels, most: float = 12.0) -> float:
    """Degrees, clockwise on the screen, by which text is tilted: the projection profile's peak."""
    return tilt_and_gain(gray, most)[0]


def tilt_and_gain(gray: Pixels, most: float = 12.0) -> tuple[float, float]:
    """The tilt, and how many times as distinct the rows are at it than as they stand."""
    scale = min(1.0, 600 / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = np.abs(cv2.Sobel(small, cv2.CV_32F, 0, 1))
    height, width = edges.shape

    def distinct(angle: float) -> float:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        return float(cv2.warpAffine(edges, matrix, (width, height)).sum(axis=1).var())

    coarse = max(np.arange(-most, most + 0.1, 1.0), key=distinct)
    angle = float(max(np.arange(coarse - 0.8, coarse + 0.9, 0.2), key=distinct))
    return angle, distinct(angle) / max(1e-6, distinct(0.0))
