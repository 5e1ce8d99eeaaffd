"""A source of lines that need no fonts: each character is a tall pattern of dark bands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH = 16
LETTERS = "0123456789"


@dataclass(frozen=True)
class Stripes:
    image: NDArray[np.uint8]
    text: str
    centres: NDArray[np.float32]


class StripeSource:
    """Digits as four-bit bar codes; pure in (seed, index)."""

    def __init__(self, seed: int = 0, longest: int = 6) -> None:
        self.seed, self.longest = seed, longest

    def render(self, index: int) -> Stripes:
        rng = np.random.default_rng([self.seed, index])
        digits = rng.integers(0, 10, rng.integers(1, self.longest + 1))
        image = np.full((32, WIDTH * len(digits) + 8), 230, np.uint8)
        for k, digit in enumerate(digits):
            for bit in range(4):
                if (digit + 1) >> bit & 1:
                    x = 4 + WIDTH * k + 2
                    image[bit * 8 : bit * 8 + 7, x : x + WIDTH - 4] = 30
        noise = rng.normal(0, 12, image.shape)
        centres = 4 + WIDTH * (np.arange(len(digits)) + 0.5)
        return Stripes(
            np.clip(image + noise, 0, 255).astype(np.uint8),
            "".join(map(str, digits)),
            centres.astype(np.float32),
        )


def written(folder: Path, count: int, seed: int = 0) -> Path:
    """``folder``, with that many labelled pictures of stripes in it."""
    rows = ["image\ttext"]
    for i in range(count):
        line = StripeSource(seed).render(i)
        cv2.imwrite(str(folder / f"{i}.png"), line.image)
        rows.append(f"{i}.png\t{line.text}")
    (folder / "labels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
