"""The pictures in a file one by one: pages of a TIFF, frames of an animation, or only one."""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from penjing.errors import (
    EmptyPicture,
    MissingPicture,
    PictureError,
    PictureTooLarge,
    UnsupportedFormat,
)
from penjing.runtime.picture import DEFAULT_LIMITS, Picture, PictureLimits, of_image, typed_errors

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
_PAGED = ("TIFF", "GIF", "WEBP", "PNG")  # the second picture in a JPEG is no second page
_SUBFILE = 254  # TIFF 6.0: what a page is to the others
_PREVIEW_OR_MASK = 0b101


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
            with typed_errors():
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
        with typed_errors():
            self._check_way_to(number)
            self._image.seek(self._places[number])
            return of_image(self._image, self._limits)

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


def _open(data: bytes, limits: PictureLimits) -> Image.Image:
    """A picture whose header is known, and nothing more."""
    if not data:
        raise EmptyPicture("the picture is empty (0 bytes)")
    if len(data) > limits.bytes:
        raise PictureTooLarge(f"the file is larger than {limits.bytes:,} bytes")
    kind = sniff(data)
    if kind == "GIF":
        _check_gif_blocks(data, limits)
    with typed_errors():
        return Image.open(io.BytesIO(data), formats=[kind])


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
