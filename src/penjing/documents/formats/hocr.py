"""hOCR 1.2: XHTML with places in title attributes (Breuel 2007; kba.github.io/hocr-spec/1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import atan2, degrees
from pathlib import PurePath
from xml.etree.ElementTree import Element

from penjing import __version__
from penjing.documents.formats.xml_text import DECLARATION, element, serialise
from penjing.documents.leaf import Leaf, box, numbered
from penjing.runtime.result import Line, Quad

_HEAD = f"""{DECLARATION}<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh" lang="zh">
  <head>
    <title>penjing</title>
    <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
    <meta name="ocr-system" content="penjing {__version__}" />
    <meta name="ocr-capabilities" content="ocr_page ocr_line ocrx_word" />
  </head>
  <body>
"""


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    yield _HEAD.encode()
    for number, leaf in numbered(leaves):
        yield serialise(_page(number, leaf), depth=2)
    yield b"  </body>\n</html>\n"


def _page(number: int, leaf: Leaf) -> Element:
    image = PurePath(leaf.source).name.replace('"', "'").replace(";", ",")
    title = f'image "{image}"; bbox 0 0 {leaf.page.width} {leaf.page.height}; ppageno {number - 1}'
    if leaf.dpi:
        title += f"; scan_res {leaf.dpi:.0f} {leaf.dpi:.0f}"
    page = element(None, "div", class_="ocr_page", id=f"page_{number}", title=title)
    for k, line in enumerate(leaf.page.lines, 1):
        _line(page, f"{number}_{k}", line)
    return page


def _line(page: Element, name: str, line: Line) -> None:
    title = f"{_bbox(line.polygon)}; textangle {_angle(line.polygon):.1f}"
    written = element(page, "span", class_="ocr_line", id=f"line_{name}", title=title)
    for k, word in enumerate(line.words, 1):
        title = f"{_bbox(word.polygon)}; x_wconf {100 * word.confidence:.0f}"
        element(written, "span", word.text, class_="ocrx_word", id=f"word_{name}_{k}", title=title)


def _bbox(polygon: Quad) -> str:
    return "bbox {} {} {} {}".format(*box(polygon))


def _angle(polygon: Quad) -> float:
    """Degrees, counter-clockwise, by which the text is turned."""
    (left, top), (right, bottom) = polygon[:2]
    return -degrees(atan2(bottom - top, right - left)) or 0.0
