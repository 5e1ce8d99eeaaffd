"""The pages of a file, one by one: which are meant, and those of a TIFF or an animation drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from penjing.documents.page_range import page_numbers
from penjing.errors import PageRangeError, PenjingError, PictureError
from penjing.runtime.caution import Caution
from penjing.runtime.frames import Frames
from penjing.runtime.picture import Picture
from penjing.runtime.result import Page
from penjing.service.errors import OutOfMemory
from penjing.service.jobs import Deadline
from penjing.service.memory import enough_memory


@dataclass(frozen=True)
class DrawnPage:
    """``number`` is from 1, None for a picture alone; ``count`` is of the whole file; ``own`` is
    its own text, if sound.
    """

    number: int | None
    count: int
    picture: Picture
    own: Page | None = None


@dataclass(frozen=True)
class LostPage:
    """A page that costs only itself, and why it cannot be read."""

    number: int
    count: int
    error: PenjingError


def chosen(pages: str | None, count: int, most: int) -> tuple[list[int], tuple[Caution, ...]]:
    """At most ``most`` numbers of pages, and a warning if the later ones are left out.

    Raises PageRangeError.
    """
    numbers = page_numbers(pages, count)
    if len(numbers) <= most:
        return numbers, ()
    if pages is not None:
        raise PageRangeError(f"at most {most} pages in one request, not {len(numbers)}")
    left_out = f"only the first {most} of {count} pages are read; ask for a range"
    return numbers[:most], (Caution("pages_left_out", left_out),)


def draw_frames(
    frames: Frames, pages: str | None, most: int, deadline: Deadline
) -> Iterator[DrawnPage | LostPage]:
    """The pages asked for; a picture that is alone in its file has none to choose from.

    Raises PageRangeError, PictureError, OutOfMemory or DeadlinePassed.
    """
    count = len(frames)
    if count == 1:
        if pages is not None:
            raise PageRangeError("a picture has no pages to choose from")
        yield DrawnPage(None, 1, frames.picture(0))
        return
    numbers, warnings = chosen(pages, count, most)
    for number in numbers:
        deadline.check()
        try:
            with enough_memory():
                picture = frames.picture(number - 1)
        except (PictureError, OutOfMemory) as error:
            if len(numbers) == 1:
                raise
            yield LostPage(number, count, error)
        else:
            yield DrawnPage(number, count, replace(picture, warnings=warnings))
