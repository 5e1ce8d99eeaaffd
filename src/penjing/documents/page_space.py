"""From the space of a PDF page, in points from its lower left, to pixels of its upright picture."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

Matrix = np.ndarray[Any, Any]  # float64 (2, 3)
Boxes = np.ndarray[Any, Any]  # float64 (N, 4): two opposite corners


def to_pixels(page: Any, scale: float) -> Matrix:
    """For a pypdfium2 page rendered at ``scale`` pixels to a point."""
    from pypdfium2 import raw

    width, height = page.get_size()
    fine = 1000  # PDFium answers in whole pixels
    size = (round(width * fine), round(height * fine))

    def place(x: float, y: float) -> np.ndarray[Any, Any]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(
            page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )  # fmt: skip
        return np.array([across.value, down.value]) * scale / fine

    origin = place(0, 0)
    return np.stack([(place(100, 0) - origin) / 100, (place(0, 100) - origin) / 100, origin], 1)


def moved(boxes: Boxes, matrix: Matrix) -> Boxes:
    """Left, top, right, bottom in pixels."""
    ends = [np.column_stack([boxes[:, [x, y]], np.ones(len(boxes))]) for x, y in ((0, 1), (2, 3))]
    first, second = (end @ matrix.T for end in ends)
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)
