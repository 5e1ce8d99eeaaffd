"""The ends of lines: a detector cuts before a last colon or bracket, and boxes are stretched to it.

A line goes on where, beyond its end, there is ink of the line's own colour after no more than a
space, followed by ground again. Neither another line's ground nor a table's rule is entered.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels
from penjing.runtime.rectify import HEIGHT, sides, straighten

_LONGEST = HEIGHT  # columns of a line 32 pixels high by which an end may be moved
_SPACE = 29  # columns of ground between a line and what still belongs to it
_GROUND = 4  # columns of ground that must follow, and that are left beside the ink
_ROWS = slice(3, HEIGHT - 3)  # without what reaches in from the lines above and below
_SPECK, _RULE = 2, 25  # pixels of ink in a column of these rows: fewer are dirt, more are a rule
_CONTRAST = 16  # gray levels below which nothing is told from the ground
_LEVEL = 1.2  # a box must be this many times wider than high: it is known how the line runs

Floats = np.ndarray[Any, Any]


def stretched(gray: Pixels, polygons: Floats) -> Floats:
    """Quadrilaterals (N, 4, 2) of lines on ``gray``, uint8 (H, W), with their ends where ink ends.

    The corners begin at the text's own top left. What is not wider than high stays as it is.
    """
    moved = polygons.copy()
    for k, polygon in enumerate(polygons):
        across, down = sides(polygon)
        if across < _LEVEL * down:
            continue
        along = (polygon[1] - polygon[0]) / across
        column = down / HEIGHT
        room = [int(min(_LONGEST, free / column)) for free in _free(k, polygons)]
        before, after = _missing(gray, _longer(polygon, along * column, *room), *room)
        moved[k] = _longer(polygon, along * column, before, after)
    return moved


def _longer(polygon: Floats, step: Floats, before: int, after: int) -> Floats:
    """``polygon`` with its ends moved outwards by so many steps."""
    return polygon + np.array([-before * step, after * step, after * step, -before * step])


def _free(k: int, polygons: Floats) -> tuple[float, float]:
    """Pixels from the ends of polygon ``k`` to the nearest other one in the same row."""
    origin, (across, down) = polygons[k, 0], sides(polygons[k])
    axes = [(polygons[k, 1] - origin) / across, (polygons[k, 3] - origin) / down]
    others = (np.delete(polygons, k, axis=0) - origin) @ np.stack(axes, axis=1)
    low, high = others.min(axis=1), others.max(axis=1)
    shared = np.minimum(high[:, 1], down) - np.maximum(low[:, 1], 0)
    beside = shared > 0.25 * np.minimum(high[:, 1] - low[:, 1], down)
    after = low[:, 0] + high[:, 0] > across
    left = -high[beside & ~after, 0].max(initial=-np.inf)
    right = low[beside & after, 0].min(initial=np.inf) - across
    return max(0.0, float(left)), max(0.0, float(right))


def _missing(gray: Pixels, polygon: Floats, before: int, after: int) -> tuple[int, int]:
    """How many of the columns ``before`` and ``after`` a line inside ``polygon`` belong to it."""
    if before == after == 0:
        return 0, 0
    picture = straighten(gray, polygon)
    end = picture.shape[1] - after
    inside = picture[:, before:end]
    if np.ptp(inside) < _CONTRAST:
        return 0, 0
    level, light = cv2.threshold(inside, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = cv2.mean(light)[0] > 127
    outside = picture[_ROWS, :before][:, ::-1], picture[_ROWS, end:]
    left, right = (((part <= level) == dark).sum(axis=0).tolist() for part in outside)
    return _reach(left), _reach(right)


def _reach(filled: list[int]) -> int:
    """Columns of a line beyond its end, from the pixels of ink in each column outwards."""
    last, reach = -1, 0
    for x, pixels in enumerate(filled):
        if pixels >= _RULE or x - last > _SPACE:
            break
        if pixels >= _SPECK:
            last = x
        elif last >= 0 and x - last >= _GROUND:
            reach = last + 1 + _GROUND
    return reach
