"""A place whose value failed its checks is read once more, in other crops.

A recogniser at the edge of what it can tell reads 3 here and 8 there when the crop moves by a
pixel. Only check characters and sums can say which is right, so every reading is a proposal.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Recogniser
from penjing.runtime.rectify import Polygon, straighten, to_gray
from penjing.runtime.result import Quad

# How far the crop is grown above and below, at both ends, and moved down; in heights.
_CROPS = (
    (-0.12, 0.15, 0.0),
    (-0.06, 0.15, 0.0),
    (-0.06, 0.4, 0.0),
    (0.0, 0.4, 0.06),
    (0.0, 0.4, -0.06),
    (0.06, 0.15, 0.0),
    (0.12, 0.15, 0.0),
    (0.2, 0.4, 0.0),
)
_WIDTHS = 0.8, 0.9, 1.12, 1.3  # of other pictures of the place, in widths of its own


class Rereader:
    """Reads places of one picture, uint8 (H, W) or (H, W, 3), in several crops each."""

    def __init__(self, pixels: Pixels, recogniser: Recogniser) -> None:
        self._gray, self._recogniser = to_gray(pixels), recogniser

    def __call__(self, place: Quad) -> list[str]:
        """What the place may say, besides what was read first."""
        corners = np.array(place, np.float32)
        crops = [straighten(self._gray, _moved(corners, *crop)) for crop in _CROPS]
        crops += _filtered(straighten(self._gray, _moved(corners, 0.0, 0.2, 0.0)))
        return [reading.text for reading in self._recogniser.read(crops)]


def _moved(corners: Polygon, tall: float, wide: float, down: float) -> Polygon:
    above = corners[0] - corners[3]
    along = corners[1] - corners[0]
    along *= wide * np.linalg.norm(above) / max(1.0, float(np.linalg.norm(along)))
    return np.array(
        [
            corners[0] + above * (tall - down) - along,
            corners[1] + above * (tall - down) + along,
            corners[2] - above * (tall + down) + along,
            corners[3] - above * (tall + down) - along,
        ],
        np.float32,
    )


def _filtered(crop: Pixels) -> list[Any]:
    """Smoothed, evened out, enlarged and widened."""
    height, width = crop.shape
    return [
        cv2.GaussianBlur(crop, (0, 0), 0.7),
        cv2.createCLAHE(2.0, (2, 8)).apply(crop),
        cv2.resize(crop, (2 * width, 2 * height), interpolation=cv2.INTER_CUBIC),
        *(cv2.resize(crop, (round(share * width), height)) for share in _WIDTHS),
    ]
