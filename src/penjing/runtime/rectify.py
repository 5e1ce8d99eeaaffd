"""From a quadrilateral on a page to a level line 32 pixels high, in one warp."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels

HEIGHT = 32  # of every line the recogniser sees
_MAX_WIDTH = 1 << 14  # of a line: 500 characters, and more than any page is wide

Polygon = np.ndarray[Any, Any]  # float32 (4, 2): x, y of the text's own top left, then clockwise


def to_gray(pixels: Pixels) -> Pixels:
    """uint8 (H, W) from gray or RGB."""
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def fit_height(gray: Pixels) -> Pixels:
    """A whole gray picture as one line: 32 pixels high, its proportions kept."""
    height, width = gray.shape
    size = (_width(width, height), HEIGHT)
    if size == (width, height):
        return gray
    shrinking = height > HEIGHT
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC)


def sides(polygon: Polygon) -> tuple[float, float]:
    """Width and height, in pixels, of a line's quadrilateral in its own direction."""
    top_left, top_right, bottom_right, bottom_left = polygon
    across = np.linalg.norm(top_right - top_left) + np.linalg.norm(bottom_right - bottom_left)
    down = np.linalg.norm(bottom_left - top_left) + np.linalg.norm(bottom_right - top_right)
    return float(across) / 2, float(down) / 2


def cut_out(gray: Pixels, polygon: Polygon) -> Pixels:
    """What ``polygon`` holds, level, its shorter side 32 pixels: text that stands stays so."""
    across, down = sides(polygon)
    if across >= down:
        return straighten(gray, polygon)
    return np.rot90(straighten(gray, np.roll(polygon, -1, axis=0)), -1)


def straighten(gray: Pixels, polygon: Polygon) -> Pixels:
    """The line inside ``polygon``, level, uint8 (32, W).

    The corners begin at the text's own top left, so a rolled polygon gives the line turned.
    A line much higher than 32 pixels is sampled more finely and averaged down.
    """
    across, down = sides(polygon)
    width = _width(across, down)
    finer = max(1, int(down / HEIGHT))
    size = (width * finer, HEIGHT * finer)
    right, bottom = size[0] - 0.5, size[1] - 0.5  # pixel centres lie on whole numbers
    corners = np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]], np.float32)
    matrix = cv2.getPerspectiveTransform(polygon.astype(np.float32) - 0.5, corners)
    line = cv2.warpPerspective(
        gray,
        matrix,
        size,
        flags=cv2.INTER_CUBIC if down < HEIGHT else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if finer > 1:
        line = cv2.resize(line, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    return line


def _width(across: float, down: float) -> int:
    return min(_MAX_WIDTH, max(1, round(across * HEIGHT / max(1.0, down))))
