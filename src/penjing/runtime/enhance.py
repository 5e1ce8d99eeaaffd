"""Making faint, dark or tilted pictures easier to read. All of it is off unless asked for:
a network trained on gray pictures loses by binarising clean ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels
from penjing.runtime.rectify import to_gray


@dataclass(frozen=True)
class Enhancement:
    """Steps, in the order in which they are done.

    ``clahe`` evens out contrast (Zuiderveld 1994); ``binarise`` compares each pixel with its
    neighbourhood's Gaussian mean; ``deskew`` levels a line picture, or a page with one tilt.
    """

    clahe: bool = False
    binarise: bool = False
    deskew: bool = False

    def __bool__(self) -> bool:
        return self.clahe or self.binarise or self.deskew


NO_ENHANCEMENT = Enhancement()


def enhance(pixels: Pixels, steps: Enhancement) -> Pixels:
    """The picture after ``steps``: uint8 gray (H, W), or unchanged when there are none."""
    if not steps:
        return pixels
    gray = to_gray(pixels)
    if steps.clahe:
        gray = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(gray)
    if steps.binarise:
        block = max(3, min(gray.shape) // 16 * 2 + 1, 31)
        way = cv2.ADAPTIVE_THRESH_GAUSSIAN_C
        gray = cv2.adaptiveThreshold(gray, 255, way, cv2.THRESH_BINARY, block, 10)
    return deskewed(gray) if steps.deskew else gray


def deskewed(gray: Pixels) -> Pixels:
    """The picture turned level by the tilt at which its rows of ink are most distinct."""
    angle = tilt(gray)
    if abs(angle) < 0.2:
        return gray
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(
        gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def tilt(gray: Pixels, most: float = 12.0) -> float:
    """Degrees, clockwise on the screen, by which text is tilted: the projection profile's peak."""
    scale = min(1.0, 600 / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = np.abs(cv2.Sobel(small, cv2.CV_32F, 0, 1))
    height, width = edges.shape

    def distinct(angle: float) -> float:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        return float(cv2.warpAffine(edges, matrix, (width, height)).sum(axis=1).var())

    coarse = max(np.arange(-most, most + 0.1, 1.0), key=distinct)
    return float(max(np.arange(coarse - 0.8, coarse + 0.9, 0.2), key=distinct))
