"""The drawing shows the picture, its boxes and the text."""

from __future__ import annotations

import io
from pathlib import Path

import bands
import numpy as np
from PIL import Image

from penjing import Reader
from penjing.runtime.draw import draw_page
from penjing.runtime.reader import ReadOptions


def test_picture_on_the_left_text_on_the_right(bands_model: Path) -> None:
    pixels = bands.draw("abcab", scale=2)
    page = Reader(bands_model, 1, detector=None).read(pixels, ReadOptions(line=True))
    sheet = np.asarray(Image.open(io.BytesIO(draw_page(pixels, page))))
    height, width = pixels.shape
    assert sheet.shape == (height, 2 * width, 3)
    left, right = sheet[:, :width], sheet[:, width:]
    assert np.array_equal(left[10:-10, 10:-10, 0], pixels[10:-10, 10:-10])
    assert (right < 128).any()
    nothing = Reader(bands_model, 1, None).read(np.full((40, 90), 255, np.uint8), ReadOptions(True))
    empty = np.asarray(Image.open(io.BytesIO(draw_page(np.full((40, 90), 255, np.uint8), nothing))))
    assert (empty == 255).all()
