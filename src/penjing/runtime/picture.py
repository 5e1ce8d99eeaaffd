"""What a decoded picture is, and what is refused. Size is judged before any pixel is decoded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from penjing.errors import BrokenPicture, EmptyPicture, PictureTooLarge, PictureTooSmall
from penjing.runtime.caution import Caution
from penjing.runtime.pixels import Pixels, upright

_LEAST_DPI, _MOST_DPI = 100.0, 1_200.0  # cameras and screens write 72 or 96, and mean nothing


@dataclass(frozen=True)
class PictureLimits:
    """What is refused. Sides and areas are in pixels of the picture as stored."""

    bytes: int = 64 * 1024 * 1024
    pixels: int = 89_000_000  # just under the area at which Pillow starts to warn
    side: int = 60_000
    smallest_side: int = 4
    frames: int = 1_000
    animation: int = 4_000_000_000  # pixels of all the frames that one is drawn on


DEFAULT_LIMITS = PictureLimits()


@dataclass(frozen=True)
class Picture:
    """A decoded, upright picture.

    ``pixels`` is uint8, (height, width) gray or (height, width, 3) RGB. ``warnings`` says what
    was left out, such as the later frames of an animation. ``dpi`` is the resolution at which
    paper was scanned, where the file says one that may be meant.
    """

    pixels: Pixels
    warnings: tuple[Caution, ...] = ()
    dpi: float | None = None

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


def of_image(image: Image.Image, limits: PictureLimits) -> Picture:
    """Pillow's picture, at the frame that it is at."""
    check_size(image.width, image.height, limits)
    return Picture(upright(image), dpi=_dpi(image))


def _dpi(image: Image.Image) -> float | None:
    try:
        across, down = map(float, image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    least, most = sorted((across, down))
    return across if least >= _LEAST_DPI and most <= min(_MOST_DPI, 1.05 * least) else None


def check_size(width: int, height: int, limits: PictureLimits) -> None:
    """Raises PictureTooLarge, PictureTooSmall or EmptyPicture."""
    size = f"{width:,} × {height:,} pixels"
    if width * height > limits.pixels or max(width, height) > limits.side:
        raise PictureTooLarge(
            f"{size} is too large; at most {limits.pixels:,} pixels, {limits.side:,} to a side"
        )
    if width * height == 0:
        raise EmptyPicture(f"{size}: there is nothing in the picture")
    if min(width, height) < limits.smallest_side:
        raise PictureTooSmall(f"{size} is too small; at least {limits.smallest_side} to a side")


@contextmanager
def typed_errors() -> Iterator[None]:
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
