"""Pages that lie on a side or stand on their heads: told by their lines, and turned in points.

Lines are turned one by one where they read more surely so (``second_look``). Where most of a page's
text is, the page is: its lines are then better found, ordered and read with the page turned as a
whole than one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Points = np.ndarray[Any, Any]  # float (..., 2): x, y

FEWEST = 3  # turned lines that tell of a page


def quarter_turns(turns: Sequence[int], characters: Sequence[int]) -> int:
    """How many quarter turns (``np.rot90``) set a page upright, 0 to 3.

    Of each line, by how many it was turned to be read, and how many ``characters`` were read. A
    page is turned as most of its characters are.
    """
    tally = np.bincount(turns, weights=characters, minlength=4)
    most = int(tally.argmax())
    few = list(turns).count(most) < FEWEST
    return 0 if few or 2 * tally[most] <= tally.sum() else most


def turned(points: Points, turns: int, width: float, height: float) -> Points:
    """Where ``points`` of a picture (``width`` x ``height``) are after ``np.rot90(_, turns)``."""
    x, y = points[..., 0], points[..., 1]
    places = ((x, y), (y, width - x), (width - x, height - y), (height - y, x))
    return np.stack(places[turns % 4], -1)
