"""Tab-separated values with Tesseract's twelve columns, so that its many readers work.

Levels: 1 is a page, 4 a line, 5 a word. Confidence is in percent, -1 where there is none. Fields
are never quoted: no text holds a tab or a line's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from penjing.documents.leaf import Leaf, box, numbered
from penjing.runtime.result import Quad

_PLACES = "page_num block_num par_num line_num word_num left top width height"
_COLUMNS = ("level", *_PLACES.split(), "conf", "text")


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    yield ("\t".join(_COLUMNS) + "\n").encode()
    for page, leaf in numbered(leaves):
        yield "".join(_rows(page, leaf)).encode()


def _rows(page: int, leaf: Leaf) -> Iterator[str]:
    yield f"1\t{page}\t0\t0\t0\t0\t0\t0\t{leaf.page.width}\t{leaf.page.height}\t-1\t\n"
    for number, line in enumerate(leaf.page.lines, 1):
        yield _row(4, page, number, 0, line.polygon, "-1", "")
        for k, word in enumerate(line.words, 1):
            confidence = f"{100 * word.confidence:.2f}"
            yield _row(5, page, number, k, word.polygon, confidence, word.text)


def _row(
    level: int, page: int, line: int, word: int, polygon: Quad, confidence: str, text: str
) -> str:
    left, top, right, bottom = box(polygon)
    place = f"{left}\t{top}\t{right - left}\t{bottom - top}"
    return (
        f"{level}\t{page}\t1\t1\t{line}\t{word}\t{place}\t{confidence}\t{' '.join(text.split())}\n"
    )
