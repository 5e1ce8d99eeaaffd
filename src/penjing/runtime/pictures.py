"""Decoding of pictures: one door for paths, bytes, NumPy arrays and PIL images.

Every limit is in ``PictureLimits``. Size and format are judged from the header, before any pixel
is decoded.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from penjing.errors import UnsupportedFormat
from penjing.runtime.caution import Caution
from penjing.runtime.frames import Frames
from penjing.runtime.picture import (
    DEFAULT_LIMITS,
    Picture,
    PictureLimits,
    check_size,
    of_image,
    typed_errors,
)
from penjing.runtime.pixels import Pixels, flatten, narrow

__all__ = ["DEFAULT_LIMITS", "Picture", "PictureLimits", "Pixels", "Source", "decode"]

Source: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview"
    " | np.ndarray[Any, Any] | Image.Image | Picture"
)


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
        with typed_errors():
            return of_image(source, limits)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _from_file(bytes(source), limits)
    if isinstance(source, (str, os.PathLike)):
        return _from_file(Path(source), limits)
    raise UnsupportedFormat(
        f"a picture must be a path, bytes, a NumPy array or a PIL image, not {type(source)}"
    )


def _from_file(file: Path | bytes, limits: PictureLimits) -> Picture:
    with Frames(file, limits) as frames:
        first = frames.picture(0)
        count = len(frames)
    if count == 1:
        return first
    left_out = Caution("frames_left_out", f"only the first of {count} frames is read")
    return replace(first, warnings=(left_out,))


def _from_array(array: np.ndarray[Any, Any], limits: PictureLimits) -> Picture:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        raise UnsupportedFormat(
            f"an array must be (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), not {array.shape}"
        )
    check_size(array.shape[1], array.shape[0], limits)
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    elif array.dtype == np.uint16:
        array = narrow(array)
    elif array.dtype != np.uint8:
        raise UnsupportedFormat(f"an array must be uint8, uint16 or bool, not {array.dtype}")
    if array.ndim == 3 and array.shape[2] == 4:
        array = flatten(Image.fromarray(np.ascontiguousarray(array), "RGBA"))
    return Picture(np.ascontiguousarray(array))
