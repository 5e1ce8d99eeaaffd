"""Decoding of pictures: one door for paths, bytes, NumPy arrays and PIL images.

Every limit is in ``PictureLimits``. Size and format are judged from the header, before any pixel
is decoded; pixels are converted in strips, so that a picture costs little more than itself.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from penjing.errors import (
    BrokenPicture,
    EmptyPicture,
    MissingPicture,
    PictureTooLarge,
    PictureTooSmall,
    UnsupportedFormat,
)

Pixels: TypeAlias = "np.ndarray[Any, Any]"  # uint8, always


@dataclass(frozen=True)
class PictureLimits:
    """What is refused. Sides and areas are in pixels of the picture as stored."""

    bytes: int = 64 * 1024 * 1024
    pixels: int = 89_000_000  # just under the area at which Pillow starts to warn
    side: int = 60_000
    smallest_side: int = 4
    frames: int = 1_000


@dataclass(frozen=True)
class Picture:
    """A decoded, upright picture.

    ``pixels`` is uint8, (height, width) gray or (height, width, 3) RGB. ``warnings`` says what
    was left out, such as the later frames of an animation.
    """

    pixels: Pixels
    warnings: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


Source: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview"
    " | np.ndarray[Any, Any] | Image.Image | Picture"
)

DEFAULT_LIMITS = PictureLimits()

# Magic bytes: offset, bytes, and the Pillow plug-in that may open what starts so.
_FORMATS = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (8, b"WEBP", "WEBP"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
)
_EXIF_ORIENTATION = 0x0112
_STRIP_PIXELS = 1 << 22


def decode(source: Source, limits: PictureLimits = DEFAULT_LIMITS) -> Picture:
    """The picture in ``source``: a path, an encoded file as bytes, an array or a PIL image.

    Arrays are (H, W) or (H, W, 1) gray, (H, W, 3) RGB or (H, W, 4) RGBA; uint8, uint16 or bool.
    EXIF orientation is obeyed, transparency is laid on a ground that contrasts with what is
    opaque, 16-bit samples become 8-bit, of several frames the first is taken.

    Raises a subclass of PictureError: MissingPicture, EmptyPicture, PictureTooLarge,
    PictureTooSmall, UnsupportedFormat or BrokenPicture.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source, limits)
    if isinstance(source, Image.Image):
        with _typed_errors():
            return _from_image(source, limits)
    if isinstance(source, (str, os.PathLike)):
        source = _read_file(Path(source), limits)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _from_bytes(bytes(source), limits)
    raise UnsupportedFormat(
        f"a picture must be a path, bytes, a NumPy array or a PIL image, not {type(source)}"
    )


def sniff(data: bytes) -> str:
    """The format that the first bytes announce. Raises UnsupportedFormat if it is none of ours."""
    for offset, magic, name in _FORMATS:
        if data[offset : offset + len(magic)] == magic:
            return name
    known = ", ".join(dict.fromkeys(name for _, _, name in _FORMATS))
    raise UnsupportedFormat(f"not a picture of a known format; its first bytes must be of {known}")


def _read_file(path: Path, limits: PictureLimits) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise MissingPicture(f"cannot open {str(path)!r}: {reason}") from error


def _from_bytes(data: bytes, limits: PictureLimits) -> Picture:
    if not data:
        raise EmptyPicture("the picture is empty (0 bytes)")
    if len(data) > limits.bytes:
        raise PictureTooLarge(f"the file is larger than {limits.bytes:,} bytes")
    kind = sniff(data)
    if kind == "GIF":
        _check_gif_blocks(data, limits)
    with _typed_errors(), Image.open(io.BytesIO(data), formats=[kind]) as image:
        return _from_image(image, limits)


def _from_array(array: np.ndarray[Any, Any], limits: PictureLimits) -> Picture:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        raise UnsupportedFormat(
            f"an array must be (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), not {array.shape}"
        )
    _check_size(array.shape[1], array.shape[0], limits)
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    elif array.dtype == np.uint16:
        array = (array >> 8).astype(np.uint8)
    elif array.dtype != np.uint8:
        raise UnsupportedFormat(f"an array must be uint8, uint16 or bool, not {array.dtype}")
    if array.ndim == 3 and array.shape[2] == 4:
        array = _flatten(Image.fromarray(np.ascontiguousarray(array), "RGBA"))
    return Picture(np.ascontiguousarray(array))


def _from_image(image: Image.Image, limits: PictureLimits) -> Picture:
    _check_size(image.width, image.height, limits)
    warnings = _check_frames(image, limits)
    orientation = _orientation(image)
    image.load()
    return Picture(_turn(_to_pixels(image), orientation), warnings)


def _check_size(width: int, height: int, limits: PictureLimits) -> None:
    size = f"{width:,} × {height:,} pixels"
    if width * height > limits.pixels or max(width, height) > limits.side:
        raise PictureTooLarge(
            f"{size} is too large; at most {limits.pixels:,} pixels, {limits.side:,} to a side"
        )
    if width * height == 0:
        raise EmptyPicture(f"{size}: there is nothing in the picture")
    if min(width, height) < limits.smallest_side:
        raise PictureTooSmall(f"{size} is too small; at least {limits.smallest_side} to a side")


def _check_frames(image: Image.Image, limits: PictureLimits) -> tuple[str, ...]:
    if not getattr(image, "is_animated", False):
        return ()
    if isinstance(image, TiffImageFile):
        count = _count_tiff_pages(image, limits.frames + 1)
    else:
        count = getattr(image, "n_frames", 1)
    if count > limits.frames:
        raise PictureTooLarge(f"more than {limits.frames:,} frames")
    image.seek(0)
    return (f"only the first of {count} frames is read",)


def _count_tiff_pages(image: TiffImageFile, most: int) -> int:
    """Seeking in a TIFF decodes nothing; n_frames would walk a hostile chain to its end."""
    for page in range(1, most):
        try:
            image.seek(page)
        except EOFError:
            return page
    return most


def _check_gif_blocks(data: bytes, limits: PictureLimits) -> None:
    # Each further frame begins with these two bytes; chance alone gives far fewer than the limit.
    if data.count(b"\0,") > 8 * limits.frames:
        raise PictureTooLarge(f"more than {limits.frames:,} frames")


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
        return _flatten(image)
    if image.mode in ("L", "RGB"):
        return np.array(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _narrow(image)
    mode = "L" if image.mode == "1" else "RGB"
    return _by_strips(image, lambda strip: np.asarray(strip.convert(mode)), mode)


def _flatten(image: Image.Image) -> Pixels:
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


@contextmanager
def _typed_errors() -> Iterator[None]:
    """Whatever Pillow throws at a hostile file becomes one of our errors."""
    try:
        yield
    except (PictureTooLarge, PictureTooSmall, EmptyPicture):
        raise
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(str(error)) from error
    except MemoryError as error:
        raise PictureTooLarge("not enough memory for the picture") from error
    except UnidentifiedImageError as error:  # whose own words hold an address in memory
        raise BrokenPicture("the picture is damaged or cut short: no header was found") from error
    except Exception as error:
        raise BrokenPicture(f"the picture is damaged or cut short: {error}") from error
