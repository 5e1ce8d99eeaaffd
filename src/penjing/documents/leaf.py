"""One page of a document: what was read of it, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from penjing.errors import OutputError
from penjing.runtime.pictures import Pixels
from penjing.runtime.result import Page, Point


@dataclass(frozen=True)
class Leaf:
    """``source`` is the file's name; ``number`` the page in it from 1, None for a picture.

    ``pixels`` uint8 (H, W) or (H, W, 3) is the picture that was read, where a format needs it;
    ``dpi`` its resolution, where that is known.
    """

    page: Page
    source: str = ""
    number: int | None = None
    pixels: Pixels | None = None
    dpi: float | None = None

    @property
    def title(self) -> str:
        return self.source if self.number is None else f"{self.source}, page {self.number}"


def numbered(leaves: Iterable[Leaf]) -> Iterator[tuple[int, Leaf]]:
    """Leaves with the numbers that their pages have in the file. Those of a further file go on from
    the highest so far, so that no two pages share one."""
    highest = before = 0
    source, taken = "", set[int]()
    for leaf in leaves:
        number = leaf.number or 1
        if leaf.source != source or number in taken:
            before, source, taken = highest, leaf.source, set()
        taken.add(number)
        highest = max(highest, before + number)
        yield before + number, leaf


def pixels_of(leaf: Leaf) -> Pixels:
    """Raises OutputError if the leaf came without its picture."""
    if leaf.pixels is None:
        raise OutputError(f"{leaf.title or 'the page'} was read without keeping its picture")
    return leaf.pixels


def only(leaves: Iterable[Leaf], what: str) -> Leaf:
    """The one leaf there must be. Raises OutputError for none or several."""
    found = None
    for leaf in leaves:
        if found is not None:
            raise OutputError(f"{what} holds one page; read the pages one by one")
        found = leaf
    if found is None:
        raise OutputError(f"{what} needs a page that could be read")
    return found


def box(polygon: Sequence[Point]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a polygon in whole pixels; at least one pixel wide and high."""
    across, down = ([point[axis] for point in polygon] for axis in (0, 1))
    left, top = (max(0, int(min(values))) for values in (across, down))
    right, bottom = (-int(-max(values) // 1) for values in (across, down))
    return left, top, max(left + 1, right), max(top + 1, bottom)
