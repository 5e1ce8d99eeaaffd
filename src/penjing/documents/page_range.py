"""Which pages are meant: ranges like ``1-3,7,9-``."""

from __future__ import annotations

from penjing.errors import PageRangeError


def page_numbers(ranges: str | None, count: int) -> list[int]:
    """``"1-3,7,9-"`` as numbers, in that order and each once; None is all of ``count`` pages.

    Raises PageRangeError for anything that is no range, or lies beyond the last page.
    """
    if ranges is None:
        return list(range(1, count + 1))
    numbers: dict[int, None] = {}
    for part in ranges.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        ends = (first or "1", (last or str(count)) if dash else first)
        if not all(end.isdecimal() for end in ends) or not (first or last):
            raise PageRangeError(f"{ranges!r} is no range of pages; write it like 1-3,7,9-")
        start, stop = (int(end) for end in ends)
        if not 1 <= start <= stop <= count:
            raise PageRangeError(f"{part.strip()!r} is no range within pages 1 to {count}")
        numbers.update(dict.fromkeys(range(start, stop + 1)))
    return list(numbers)
