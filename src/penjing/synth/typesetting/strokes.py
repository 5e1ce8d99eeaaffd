"""Letters drawn from the middle lines of their strokes, where no free face has their forms.

A letter is a string of strokes with spaces between. A stroke is a path of points ``xy``, digits 0
to 8 on a grid, joined by ``-``, or by ``~`` if its corners are to be rounded: ``40-48`` is an
upright bar, ``40~80~88~08~00~40`` an oval.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from penjing.synth.arrays import Gray

Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=1024)
def letter(strokes: str, rows: int, columns: int, thick: float) -> Gray:
    """(rows, columns) uint8 coverage by ``strokes``, each ``thick`` pixels wide."""
    # Drawn four times as large: OpenCV's own smooth lines have whole pixels for their width.
    mask = np.zeros((4 * rows, 4 * columns), np.uint8)
    rim = 2 * thick
    step = np.array([4 * columns - 1 - 2 * rim, 4 * rows - 1 - 2 * rim]) / 8
    for stroke in strokes.split():
        grid = np.array([(int(p[0]), int(p[1])) for p in stroke.replace("~", "-").split("-")])
        points = rim + grid * step
        if "~" in stroke:
            points = _rounded(points, 2.2 * columns)
        cv2.polylines(mask, [np.rint(points).astype(np.int32)], False, 255, round(4 * thick))
    mask = np.asarray(cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
    mask.flags.writeable = False
    return mask


def _rounded(points: Floats, largest: float) -> Floats:
    """The polyline with a quadratic Bézier curve in place of each corner."""
    path = [points[:1]]
    t = np.linspace(0, 1, 9)[:, None]
    last = len(points) - 2
    for k in range(1, last + 1):
        before, corner, after = points[k - 1 : k + 2]
        sides = before - corner, after - corner
        lengths = [float(np.hypot(*side)) for side in sides]
        # Two corners share the piece between them.
        radius = min(largest, lengths[0] / (1 + (k > 1)), lengths[1] / (1 + (k < last)))
        start, end = (
            corner + side * (radius / length) for side, length in zip(sides, lengths, strict=True)
        )
        path.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.concatenate([*path, points[-1:]])
