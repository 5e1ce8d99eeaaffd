"""Pillow's pictures as upright uint8 arrays: orientation, transparency, palettes, deep samples.

Pixels are converted in strips, so that a picture costs little more than itself.
"""

from __future__ import annotations

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
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        return flatten(image)
    if image.mode in ("L", "RGB"):
        return np.array(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _narrow(image)
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


def _narrow(image: Image.Image) -> Pixels:
    """8 bits from 16, 32 or floating: the top byte, or the range that is used if it is smaller."""
    if image.mode == "I;16B":  # Pillow finds no extremes of what is not in its own byte order
        image = image.convert("I")
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    if image.mode.startswith("I") and low >= 0 and high <= 65535:
        low, high = 0.0, (65535.0 if high > 4095 else 4095.0 if high > 255 else 255.0)
    scale = 255.0 / max(1e-12, high - low)

    def squeeze(strip: Image.Image) -> Pixels:
        values = (np.asarray(strip).astype(np.float32) - low) * scale
        return np.clip(np.nan_to_num(values), 0, 255).astype(np.uint8)

    return _by_strips(image, squeeze, "L")


def _by_strips(image: Image.Image, convert: Any, mode: str) -> Pixels:
    shape = (image.height, image.width) + ((3,) if mode == "RGB" else ())
    pixels = np.empty(shape, np.uint8)
    rows = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        bottom = min(image.height, top + rows)
        pixels[top:bottom] = convert(image.crop((0, top, image.width, bottom)))
    return pixels
