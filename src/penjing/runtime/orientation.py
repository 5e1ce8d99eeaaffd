"""Which way the text of a page runs, and points turned so that it runs to the right.

Lines are turned one by one where they read more surely so (``second_look``). Where most of a page's
text is, the page is: its lines are then better found, ordered and read with the page turned as a
whole than one by one. Columns of upright characters are read from the right: to order them as
lines, a page is thought of as turned, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Points = np.ndarray[Any, Any]  # float (..., 2): x, y


def prevailing(turns: Sequence[int], characters: Sequence[int]) -> int:
    """The number of quarter turns (``np.rot90``), 0 to 3, that most ``characters`` need.

    Each line has its number of turns and of characters. 0 where no turn has the majority.
    """
    tally = np.bincount(turns, weights=characters, minlength=4)
    most = int(tally.argmax())
    return most if 2 * tally[most] > tally.sum() else 0


def direction(polygon: Points) -> int:
    """How many quarter turns let text run to the right whose corners these (4, 2) are, from its
    own top left: 0 if it does, 1 if it runs down."""
    x, y = polygon[1] - polygon[0]
    return round(np.arctan2(y, x) / (np.pi / 2)) % 4


def turned(points: Points, turns: int, width: float, height: float) -> Points:
    """Where ``points`` of a picture (``width`` x ``height``) are after ``np.rot90(_, turns)``."""
    x, y = points[..., 0], points[..., 1]
    places = ((x, y), (y, width - x), (width - x, height - y), (height - y, x))
    return np.stack(places[turns % 4], -1)
