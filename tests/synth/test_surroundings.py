"""What a crop shows beside its text."""

from __future__ import annotations

import cv2
import numpy as np

from penjing.synth.dice import Dice
from penjing.synth.pictures.surroundings import surroundings
from penjing.synth.typesetting.draw import GlyphBook, Setting, set_line


def test_the_dot_of_a_list_stands_clear_before_its_line(book: GlyphBook) -> None:
    face = next(k for k, face in enumerate(book.faces) if set("abc") <= face.drawable)
    plain, listed = Setting(size=38), Setting(size=38, bullet=True)
    for seed in range(60):
        ink = set_line(book, "abc", [face] * 3, plain, Dice(np.random.default_rng(seed)))
        without = surroundings(Dice(np.random.default_rng(seed)), ink, "printed", plain)
        dotted = surroundings(Dice(np.random.default_rng(seed)), ink, "printed", listed)
        dot = np.where(without > 0, 0, dotted)
        left, top, _, bottom = ink.box
        assert dot.any()
        assert not dot[:, left:].any()
        x, y, width, height = cv2.boundingRect(dot)
        assert x + width < left
        assert top < y + 0.5 * height < bottom
        assert height < 0.75 * (bottom - top)
