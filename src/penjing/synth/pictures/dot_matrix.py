"""Dot matrix: needles that strike through a ribbon draw each letter as rows of dots.

Ink is a float32 coverage (h, w) in 0..1, as in ``wear``.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from penjing.synth.arrays import Floats


@lru_cache(maxsize=16)
def _dot(size: int, fill: float) -> Floats:
    axis = np.arange(size, dtype=np.float32) - (size - 1) / 2
    radius = np.hypot(axis[:, None], axis[None, :])
    return np.clip(fill * size - radius + 0.5, 0, 1).astype(np.float32)


def needles(ink: Floats, rows: int, fill: float) -> Floats:
    """Dot matrix: the ink sampled on a grid of ``rows`` rows, each hit a round dot."""
    height, width = ink.shape
    columns = max(4, round(width * rows / height))
    grid = cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA)
    hit = np.clip((grid - 0.2) * 4, 0, 1)
    cell = max(2, round(2 * height / rows))
    dots = cv2.resize(hit, (columns * cell, rows * cell), interpolation=cv2.INTER_NEAREST)
    dots *= np.tile(_dot(cell, fill), grid.shape)
    printed = cv2.resize(dots, (width, height), interpolation=cv2.INTER_AREA)
    return np.maximum(printed, 0.4 * ink)


def ribbon(ink: Floats, rows: int, shape: tuple[float, float], weakest: float) -> Floats:
    """Nine needles and a ribbon: letters of some ten rows of dots, three quarters as wide as high.

    ``shape`` is how wide a dot is to its row's height, and how much of the ink is left between
    two rows. Dots side by side overprint and go dark, so bars are black and upright strokes a
    ladder of ``weakest`` or more of their ink.
    """
    height, width = ink.shape
    columns = max(4, round(width * rows / (shape[0] * height)))
    grid = cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA)
    strongest = cv2.dilate(grid, np.ones((3, 3), np.uint8))  # a thin stroke must hit some needle
    hit = np.clip((grid - 0.5 * np.minimum(strongest, 0.8)) * 5 + 0.5, 0, 1) * (grid > 0.12)
    bars = np.clip(cv2.blur(hit, (3, 1)) / 0.6 - 0.57, 0, 1)
    hit = hit * (weakest + (1 - weakest) * bars)
    dots = cv2.resize(hit, (columns, 4 * rows), interpolation=cv2.INTER_NEAREST)
    dots *= np.tile(np.array([shape[1], 1, 1, shape[1]], np.float32), rows)[:, None]
    return cv2.resize(dots, (width, height), interpolation=cv2.INTER_AREA)
