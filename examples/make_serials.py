"""Draw labelled pictures of serial numbers, dot by dot on brushed metal.

``python examples/make_serials.py FOLDER COUNT [FIRST]`` writes COUNT pictures, from number FIRST
on, and ``labels.tsv``. Stands in for pictures of your own in docs/train-your-own.md: the look is
none that penjing's weights were trained on, and they read its Ø as 0. Needs no fonts fetched.
Deterministic.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

PITCH = 3.2  # pixels from one dot of the needle to the next
ROWS = 15  # dots, with those of the empty rows above and below


def serial(rng: np.random.Generator) -> str:
    """For example ``PJ26-048151 Ø25``: maker and year, number, diameter in millimetres."""
    maker = "".join(rng.choice(list("ABCDEFGHJKLMNPRSTUVWXYZ"), 2))
    bore = rng.choice([8, 10, 12, 15, 20, 25, 32, 40, 50, 65, 80])
    return f"{maker}{rng.integers(14, 27)}-{rng.integers(0, 1_000_000):06} Ø{bore}"


def dots(text: str) -> np.ndarray:
    """Where the needle strikes: bool (ROWS, columns)."""
    font = ImageFont.load_default(14)
    advances = [int(font.getlength(c.replace("Ø", "O"))) + 1 for c in text]
    grid = Image.new("1", (sum(advances) + 6, ROWS))
    draw = ImageDraw.Draw(grid)
    x = 3
    for character, advance in zip(text, advances, strict=True):
        draw.text((x, ROWS - 3), character.replace("Ø", "O"), font=font, fill=1, anchor="ls")
        if character == "Ø":
            draw.line((x, ROWS - 3, x + advance - 2, 2), fill=1)
        x += advance
    return np.asarray(grid)


def picture(text: str, rng: np.random.Generator) -> np.ndarray:
    """A gray photograph of the struck plate, uint8."""
    struck = dots(text)
    height, width = (round(side * PITCH) for side in struck.shape)
    metal = rng.uniform(110, 190) + np.linspace(*rng.uniform(-30, 30, 2), width)[None]
    brushed = cv2.blur(rng.normal(0, 60, (height, width)), (41, 1))
    plate = (metal + brushed + rng.normal(0, 5, (height, width))).astype(np.float32)
    light = rng.choice([-1.0, 1.0])  # from above or below: which rim of a pit shines
    force = rng.uniform(45, 110)
    pits = np.zeros_like(plate)
    for row, column in np.argwhere(struck):
        place = (np.array([column, row]) + 0.5) * PITCH + rng.normal(0, 0.35, 2)
        x, y = (round(16 * p) for p in place)
        radius = round(16 * rng.uniform(1.1, 1.6))
        cv2.circle(pits, (x, y), radius, 1.0, -1, cv2.LINE_AA, shift=4)
    rims = np.roll(pits, round(light * 1.5), axis=0) - pits
    plate += force * (0.6 * np.maximum(rims, 0) - pits)
    lean, shear = rng.uniform(-0.012, 0.012), rng.uniform(-0.15, 0.15)
    tilt = np.array([[1, shear, -shear * height / 2], [lean, 1, -lean * width / 2]])
    plate = cv2.warpAffine(plate, tilt, (width, height), borderMode=cv2.BORDER_REPLICATE)
    plate = cv2.GaussianBlur(plate, (0, 0), rng.uniform(0.5, 1.4))
    scale = rng.uniform(0.6, 1.3)
    plate = cv2.resize(plate, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.clip(plate, 0, 255).astype(np.uint8)


def main(folder: Path, count: int, first: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["image\ttext"]
    for number in range(first, first + count):
        rng = np.random.default_rng(number)
        text = serial(rng)
        cv2.imwrite(str(folder / f"{number:04}.png"), picture(text, rng))
        rows.append(f"{number:04}.png\t{text}")
    (folder / "labels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:]))
