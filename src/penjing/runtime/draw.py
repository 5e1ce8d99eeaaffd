"""What was read, drawn: the picture with its boxes, and beside it the text in its places."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from penjing import cache
from penjing.runtime.pictures import Pixels
from penjing.runtime.result import Line, Page

_SURE, _DOUBTFUL = (0, 120, 60), (200, 40, 30)
_LONGEST = 2400  # pixels; larger pictures are shrunk before drawing
# Any font with Chinese will do; these are what systems usually bring.
_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "PingFang.ttc",
    "msyh.ttc",
    "DroidSansFallbackFull.ttf",
)


def draw_page(pixels: Pixels, page: Page) -> bytes:
    """A PNG, twice as wide as the picture: boxes on the left, text on the right.

    Lines read with a confidence below 0.7 are red.
    """
    picture = Image.fromarray(pixels).convert("RGB")
    scale = min(1.0, _LONGEST / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    sheet = Image.new("RGB", (2 * width, height), "white")
    sheet.paste(picture.resize((width, height)), (0, 0))
    pen = ImageDraw.Draw(sheet)
    for line in page.lines:
        colour = _SURE if line.confidence >= 0.7 else _DOUBTFUL
        corners = np.array(line.polygon) * scale
        pen.polygon([tuple(corner) for corner in corners], outline=colour, width=2)
        _write(sheet, line, corners + np.array([width, 0]), colour)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _write(
    sheet: Image.Image, line: Line, corners: np.ndarray[Any, Any], colour: tuple[int, int, int]
) -> None:
    """The line's text, stretched over its quadrilateral."""
    font = _font(32)
    left, top, right, bottom = font.getbbox(line.text)
    text = Image.new("L", (max(1, int(right - left)), max(1, int(bottom - top))), 0)
    ImageDraw.Draw(text).text((-left, -top), line.text, fill=255, font=font)
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    size = [max(1, round(float(np.linalg.norm(side)))) for side in (across, down)]
    angle = -float(np.degrees(np.arctan2(across[1], across[0])))
    turned = text.resize((size[0], size[1])).rotate(angle, expand=True)
    x, y = corners.mean(axis=0) - np.array(turned.size) / 2
    sheet.paste(Image.new("RGB", turned.size, colour), (round(x), round(y)), turned)


@lru_cache(maxsize=2)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in (*_FONTS, *_fetched()):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _fetched() -> list[str]:
    """Such fonts among those that ``penjing data fetch`` brought, if it ran."""
    packages = cache.root() / "packages"
    return [str(file) for name in _FONTS for file in packages.rglob(name)]
