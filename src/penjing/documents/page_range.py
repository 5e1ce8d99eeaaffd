"""Which pages are meant: ranges like ``1-3,7,9-``."""

from __future__ import annotations

import re

from penjing.errors import PageRangeError

_NUMBER = r"\s*[0-9]{1,9}"
_PART = rf"(?:{_NUMBER}(?:\s*-(?:{_NUMBER})?)?|\s*-{_NUMBER})\s*"
# Also what the service's description gives its clients, so only what ECMAScript has too. Bounded,
# because a part may name every page.
PATTERN = rf"^{_PART}(?:,{_PART}){{0,999}}$"


def page_numbers(ranges: str | None, count: int) -> list[int]:
    """``"1-3,7,9-"`` as numbers, in that order and each once; None is all of ``count`` pages.

    Raises PageRangeError for anything that is no range, or lies beyond the last page.
    """
    if ranges is None:
        return list(range(1, count + 1))
    if not re.fullmatch(PATTERN, ranges):
        shown = ranges if len(ranges) <= 40 else ranges[:40] + "…"
        raise PageRangeError(f"{shown!r} is no range of pages; write it like 1-3,7,9-")
    numbers: dict[int, None] = {}
    for part in ranges.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        start = int(first or 1)
        stop = int(last or count) if dash else start
        if not 1 <= start <= stop <= count:
            raise PageRangeError(f"{part.strip()!r} is no range within pages 1 to {count}")
        numbers.update(dict.fromkeys(range(start, stop + 1)))
    return list(numbers)
