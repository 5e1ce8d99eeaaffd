"""Lines of a page that leans, or is seen in perspective, as they lie on a level one.

On a page tilted by one degree a row of 1,000 pixels ends 17 lower than it begins: neither rows nor
the gaps between columns can be told there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Polygons = np.ndarray[Any, Any]  # float (N, 4, 2): quadrilaterals, each from its text's top left
Floats = np.ndarray[Any, Any]  # of float64

_ALIKE = 0.05  # slopes that differ by more are not of the same page
_LONG = 5.0  # times as wide as high: of such a line the slope is sure
_FEWEST = 6  # of these tell how the slope changes down the page


def levelled(polygons: Polygons) -> Floats:
    """(N, 4, 2) turned as a whole so that rows are level; their slope may change down the page.

    Slopes are those of lines that run to the right, weighted by their width: a short one says
    little. Without any, all stays as it is.
    """
    quads = np.asarray(polygons, np.float64)
    across = (quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3]) / 2
    lying = across[:, 0] > np.abs(across[:, 1])
    if not lying.any():
        return quads
    widths = across[lying, 0]
    slopes = across[lying, 1] / widths
    typical = _median(slopes, widths)
    centre = quads[lying].mean(axis=(0, 1))
    offset = quads - centre
    long = widths > _LONG * np.linalg.norm(quads[lying, 3] - quads[lying, 0], axis=1)
    sure = long & (np.abs(slopes - typical) < _ALIKE)
    fall = typical + _change(offset[lying][sure], slopes[sure] - typical) * offset[:, :, 1]
    level = quads.copy()
    level[:, :, 1] -= fall * offset[:, :, 0]
    level[:, :, 0] += typical * offset[:, :, 1]
    return level


def _change(offset: Floats, beyond: Floats) -> float:
    """How much slopes grow by with each pixel down the page, from how far they lie ``beyond`` the
    typical one; 0 for few lines."""
    if len(beyond) < _FEWEST:
        return 0.0
    down = offset[:, :, 1].mean(axis=1)
    width = offset[:, 1, 0] - offset[:, 0, 0]
    spread = float((width * down**2).sum())
    return float((width * down * beyond).sum()) / spread if spread > 0 else 0.0


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
