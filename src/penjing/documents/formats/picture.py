"""A PNG: the picture with its boxes, and the text in its places beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from penjing.documents.leaf import Leaf, only, pixels_of
from penjing.runtime.draw import draw_page


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    leaf = only(leaves, "a drawing")
    yield draw_page(pixels_of(leaf), leaf.page)
