"""Decoding of pictures: one door for paths, bytes, NumPy arrays and PIL images.

Every limit is in ``PictureLimits``. Size and format are judged from the header, before any pixel
is decoded.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from penjing.errors import (
    BrokenPicture,
    EmptyPicture,
    MissingPicture,
    PictureError,
    PictureTooLarge,
    PictureTooSmall,
    UnsupportedFormat,
)
from penjing.runtime.pixels import Pixels, flatten, narrow, upright


@dataclass(frozen=True)
class PictureLimits:
    """What is refused. Sides and areas are in pixels of the picture as stored."""

    bytes: int = 64 * 1024 * 1024
    pixels: int = 89_000_000  # just under the area at which Pillow starts to warn
    side: int = 60_000
    smallest_side: int = 4
    frames: int = 1_000
    animation: int = 4_000_000_000  # pixels of all the frames that one is drawn on


@dataclass(frozen=True)
class Picture:
    """A decoded, upright picture.

    ``pixels`` is uint8, (height, width) gray or (height, width, 3) RGB. ``warnings`` says what
    was left out, such as the later frames of an animation. ``dpi`` is the resolution at which
    paper was scanned, where the file says one that may be meant.
    """

    pixels: Pixels
    warnings: tuple[str, ...] = ()
    dpi: float | None = None

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
_LEAST_DPI, _MOST_DPI = 100.0, 1_200.0  # cameras and screens write 72 or 96, and mean nothing
_PAGED = ("TIFF", "GIF", "WEBP", "PNG")  # the second picture in a JPEG is no second page
_SUBFILE = 254  # TIFF 6.0: what a page is to the others
_PREVIEW_OR_MASK = 0b101


def decode(source: Source, limits: PictureLimits = DEFAULT_LIMITS) -> Picture:
    """The picture in ``source``: a path, an encoded file as bytes, an array or a PIL image.

    Arrays are (H, W) or (H, W, 1) gray, (H, W, 3) RGB or (H, W, 4) RGBA; uint8, uint16 or bool.
    EXIF orientation is obeyed, transparency is laid on a ground that contrasts with what is
    opaque, 16-bit samples become 8-bit. Of several frames in a file the first is taken, and of a
    PIL image the one that it is at, where it stays.

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


class Frames:
    """The pictures in a file one by one: pages of a TIFF, frames of an animation.

    A context manager; ``len`` says how many there are, one for most files. Previews and masks in
    a TIFF are not counted. Raises what ``decode`` raises.
    """

    def __init__(
        self, source: str | os.PathLike[str] | bytes, limits: PictureLimits = DEFAULT_LIMITS
    ) -> None:
        data = source if isinstance(source, bytes) else _read_file(Path(source), limits)
        self._limits = limits
        self._image = _open(data, limits)
        try:
            with _typed_errors():
                self._places = _places(self._image, limits)
        except PictureError:
            self.close()
            raise

    def __len__(self) -> int:
        return len(self._places)

    def __enter__(self) -> Frames:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._image.close()

    def picture(self, number: int) -> Picture:
        """Number ``number``, from 0. Raises PictureError if it is damaged or too large."""
        with _typed_errors():
            self._check_way_to(number)
            self._image.seek(self._places[number])
            return _from_image(self._image, self._limits)

    def _check_way_to(self, number: int) -> None:
        """A page of a TIFF stands alone; an animation's frame is drawn on all those before it."""
        below = 0 if isinstance(self._image, TiffImageFile) else number
        pixels = below * self._image.width * self._image.height
        if pixels > self._limits.animation:
            raise PictureTooLarge(
                f"frame {number + 1} is drawn on frames of {pixels:,} pixels together; "
                f"at most {self._limits.animation:,}"
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
        raise MissingPicture.at(path, error) from error


def _from_bytes(data: bytes, limits: PictureLimits) -> Picture:
    with Frames(data, limits) as frames:
        first = frames.picture(0)
    several = (f"only the first of {len(frames)} frames is read",) if len(frames) > 1 else ()
    return replace(first, warnings=several)


def _open(data: bytes, limits: PictureLimits) -> Image.Image:
    """A picture whose header is known, and nothing more."""
    if not data:
        raise EmptyPicture("the picture is empty (0 bytes)")
    if len(data) > limits.bytes:
        raise PictureTooLarge(f"the file is larger than {limits.bytes:,} bytes")
    kind = sniff(data)
    if kind == "GIF":
        _check_gif_blocks(data, limits)
    with _typed_errors():
        return Image.open(io.BytesIO(data), formats=[kind])


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
        array = narrow(array)
    elif array.dtype != np.uint8:
        raise UnsupportedFormat(f"an array must be uint8, uint16 or bool, not {array.dtype}")
    if array.ndim == 3 and array.shape[2] == 4:
        array = flatten(Image.fromarray(np.ascontiguousarray(array), "RGBA"))
    return Picture(np.ascontiguousarray(array))


def _from_image(image: Image.Image, limits: PictureLimits) -> Picture:
    _check_size(image.width, image.height, limits)
    return Picture(upright(image), dpi=_dpi(image))


def _dpi(image: Image.Image) -> float | None:
    try:
        across, down = map(float, image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    least, most = sorted((across, down))
    return across if least >= _LEAST_DPI and most <= min(_MOST_DPI, 1.05 * least) else None


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


def _count_frames(image: Image.Image, limits: PictureLimits) -> int:
    if isinstance(image, TiffImageFile):
        count = _count_tiff_pages(image, limits.frames + 1)
    else:
        count = getattr(image, "n_frames", 1)
    if count > limits.frames:
        raise PictureTooLarge(f"more than {limits.frames:,} frames")
    return count


def _places(image: Image.Image, limits: PictureLimits) -> list[int]:
    """Which of the frames are pages of their own."""
    if image.format not in _PAGED or not getattr(image, "is_animated", False):
        return [0]
    if not isinstance(image, TiffImageFile):
        return list(range(_count_frames(image, limits)))
    kinds = []
    for frame in range(_count_frames(image, limits)):
        image.seek(frame)
        kinds.append(int(image.tag_v2.get(_SUBFILE, 0)))
    return [frame for frame, kind in enumerate(kinds) if not kind & _PREVIEW_OR_MASK] or [0]


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
