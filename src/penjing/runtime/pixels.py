"""Pillow's pictures as upright uint8 arrays: orientation, transparency, palettes, deep samples.

Pixels are converted in strips, so that a picture costs little more than itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

Pixels: TypeAlias = "np.ndarray[Any, Any]"  # uint8, always

_EXIF_ORIENTATION = 0x0112
_STRIP_PIXELS = 1 << 22


def upright(image: Image.Image) -> Pixels:
    """uint8 (H, W) gray or (H, W, 3) RGB, turned as EXIF says. Raises whatever Pillow raises."""
    image.load()  # Pillow turns a TIFF itself, and then forgets how
    return _turn(_to_pixels(image), _orientation(image))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # broken EXIF must not cost the picture
        return 1


def _turn(pixels: Pixels, orientation: int) -> Pixels:
    """Upright pixels, given the EXIF orientation 1 … 8 (CIPA DC-008, 4.6.4 A)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def _to_pixels(image: Image.Image) -> Pixels:
    if image.mode.startswith("I") or image.mode == "F":
        return _narrow(image)  # one of whose grays may be transparent, and is shown all the same
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        return flatten(image)
    if image.mode in ("L", "RGB"):
        return np.array(image)
    mode = "L" if image.mode == "1" else "RGB"
    return _by_strips(image, lambda strip: np.asarray(strip.convert(mode)), mode)


def flatten(image: Image.Image) -> Pixels:
    """Lay a transparent picture on white, or on black if what is opaque is mostly bright."""
    sample = image.resize((min(image.width, 256), min(image.height, 256)), Image.Resampling.NEAREST)
    opaque = np.asarray(sample.convert("RGBA")).astype(np.float32)
    weight = opaque[:, :, 3]
    bright = (opaque[:, :, :3].mean(axis=2) * weight).sum() > 127.0 * max(1.0, weight.sum())
    ground = 0 if bright else 255

    def blend(strip: Image.Image) -> Pixels:
        rgba = np.asarray(strip.convert("RGBA")).astype(np.uint16)
        alpha = rgba[:, :, 3:]
        return ((rgba[:, :, :3] * alpha + ground * (255 - alpha) + 127) // 255).astype(np.uint8)

    return _by_strips(image, blend, "RGB")


def narrow(deep: np.ndarray[Any, Any]) -> Pixels:
    """uint8 from uint16 of any shape: the top byte of as many bits as are used, 8, 12 or 16."""
    highest = _highest(int(deep.max()))
    pixels = np.empty(deep.shape, np.uint8)
    rows = max(1, _STRIP_PIXELS // max(1, deep[0].size))
    for top in range(0, len(deep), rows):
        pixels[top : top + rows] = _squeezed(deep[top : top + rows], 0, highest)
    return pixels


def _narrow(image: Image.Image) -> Pixels:
    """8 bits from 16, 32 or floating: the top byte, or the range that is used if it is smaller."""
    if image.mode == "I;16B":  # Pillow finds no extremes of what is not in its own byte order
        image = image.convert("I")
    low, high = _extremes(image)
    if image.mode.startswith("I") and low >= 0 and high <= 65535:
        low, high = 0, _highest(high)
    return _by_strips(image, lambda strip: _squeezed(np.asarray(strip), low, high), "L")


def _highest(value: float) -> int:
    """The highest value that can be where ``value`` is the highest that is."""
    return 65535 if value > 4095 else 4095 if value > 255 else 255


def _extremes(image: Image.Image) -> tuple[float, float]:
    """The lowest and the highest number; NaN and infinities are none, and 0, 1 stand in for all."""
    if image.mode != "F":
        low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
        return low, high
    low, high = np.inf, -np.inf
    for _, strip in _strips(image):
        values = np.asarray(strip)
        finite = values[np.isfinite(values)]
        low, high = finite.min(initial=low), finite.max(initial=high)
    return (float(low), float(high)) if low <= high else (0.0, 1.0)


def _squeezed(values: np.ndarray[Any, Any], low: float, high: float) -> Pixels:
    """``low`` … ``high`` as 0 … 255; what lies beyond is clipped, and what is no number is 0."""
    with np.errstate(over="ignore"):  # to infinity, which is beyond
        scaled = (values.astype(np.float32) - low) * (255.0 / max(1e-12, high - low))
    return np.nan_to_num(scaled).clip(0, 255).astype(np.uint8)


def _by_strips(image: Image.Image, convert: Any, mode: str) -> Pixels:
    shape = (image.height, image.width) + ((3,) if mode == "RGB" else ())
    pixels = np.empty(shape, np.uint8)
    for top, strip in _strips(image):
        pixels[top : top + strip.height] = convert(strip)
    return pixels


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """The picture in pieces as wide as it is, each with the row that it begins at."""
    rows = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(image.height, top + rows)))
