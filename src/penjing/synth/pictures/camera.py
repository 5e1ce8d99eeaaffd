"""From a typeset line on its canvas to the crop that a picture would show: one projective warp.

The same matrix carries the ink, what stands around it and the characters' centres.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from penjing.synth.typesetting.draw import Ink

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pose:
    """How the crop sees the line: margins in shares of the text's height, ``angle`` in radians."""

    top: float
    bottom: float
    left: float
    right: float
    aspect: float = 1.0
    shear: float = 0.0
    angle: float = 0.0
    tilt: tuple[float, float] = (0.0, 0.0)
    """Perspective: the change of size along and across the line."""


@dataclass(frozen=True, slots=True)
class View:
    """A matrix from canvas to crop, and the crop's (height, width)."""

    matrix: Matrix
    height: int
    width: int
    text_height: float

    def warp(self, mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """(height, width) what the crop shows of ``mask``, which covers the canvas."""
        size = self.width, self.height
        if self.matrix[2, 0] == 0 and self.matrix[2, 1] == 0:
            return cv2.warpAffine(mask, self.matrix[:2], size)  # type: ignore[return-value]
        return cv2.warpPerspective(mask, self.matrix, size)  # type: ignore[return-value]

    def across(self, x: npt.NDArray[np.float64], y: float) -> npt.NDArray[np.float64]:
        """Crop x of canvas points (x, y)."""
        m = self.matrix
        return (m[0, 0] * x + m[0, 1] * y + m[0, 2]) / (m[2, 0] * x + m[2, 1] * y + m[2, 2])


def reference(ink: Ink, loose: float) -> tuple[float, float]:
    """The rows (top, bottom) that a crop is measured by: from the ink's own, with ``loose`` = 0, to
    those of the em square, with 1.
    """
    top = min(ink.box[1], ink.box[1] + loose * (ink.body[0] - ink.box[1]))
    bottom = max(ink.box[3], ink.box[3] + loose * (ink.body[1] - ink.box[3]))
    return top, bottom


def view(ink: Ink, pose: Pose, loose: float, height: int | None) -> View:
    """The crop of ``ink`` in ``pose``, ``height`` rows high, or unscaled if that is None.

    The turned ink stays whole inside the crop.
    """
    left, _, right, _ = ink.box
    top, bottom = reference(ink, loose)
    cx, cy = 0.5 * (left + right), 0.5 * (top + bottom)
    cos, sin = np.cos(pose.angle), np.sin(pose.angle)
    a = pose.aspect
    turn = np.array(
        [
            [cos * a, cos * pose.shear - sin, 0.0],
            [sin * a, sin * pose.shear + cos, 0.0],
            [pose.tilt[0] / (right - left), pose.tilt[1] / (bottom - top), 1.0],
        ]
    )
    turn = turn @ np.array([[1.0, 0, -cx], [0, 1, -cy], [0, 0, 1]])
    corners = turn @ np.array(
        [[left, right, right, left], [top, top, bottom, bottom], [1, 1, 1, 1]], np.float64
    )
    xs, ys = corners[0] / corners[2], corners[1] / corners[2]
    seen = ys.max() - ys.min()
    total = seen * (1 + pose.top + pose.bottom)
    scale = 1.0 if height is None else height / total
    rows = max(4, round(total * scale))
    wide = (xs.max() - xs.min()) * scale + seen * (pose.left + pose.right) * scale
    shift_x = -xs.min() * scale + seen * pose.left * scale
    shift_y = -ys.min() * scale + seen * pose.top * scale
    if height is None:
        # Unscaled means pixel for pixel: undo the half pixels the centring brought in.
        shift_x, shift_y = shift_x - (shift_x - cx) % 1.0, shift_y - (shift_y - cy) % 1.0
    place = np.array([[scale, 0, shift_x], [0, scale, shift_y], [0, 0, 1.0]])
    return View(place @ turn, rows, max(4, round(wide)), float(bottom - top) * scale)
