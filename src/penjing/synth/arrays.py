"""Types of the arrays that pictures and ink are kept in."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[Any]  # of float32; OpenCV's and NumPy's stubs lose that on the way
