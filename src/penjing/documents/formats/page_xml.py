"""PAGE XML, page content of 2019-07-15 (PRImA Research Lab); a file holds one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import PurePath
from xml.etree.ElementTree import Element

from penjing import __version__
from penjing.documents.formats.xml_text import DECLARATION, element, points, serialise
from penjing.documents.leaf import Leaf, box, only
from penjing.runtime.result import Line, Quad, Word

_NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    leaf = only(leaves, "PAGE XML")
    root = element(None, "PcGts", xmlns=_NAMESPACE)
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = element(root, "Metadata")
    element(metadata, "Creator", f"penjing {__version__}")
    element(metadata, "Created", now)
    element(metadata, "LastChange", now)
    page = element(
        root,
        "Page",
        imageFilename=PurePath(leaf.source).name,
        imageWidth=leaf.page.width,
        imageHeight=leaf.page.height,
    )
    if leaf.page.lines:
        _region(page, leaf)
    yield DECLARATION.encode() + serialise(root, depth=0)


def _region(page: Element, leaf: Leaf) -> None:
    """All lines in one region: their order is the reading order."""
    corners = [point for line in leaf.page.lines for point in line.polygon]
    left, top, right, bottom = box(corners)
    region = element(page, "TextRegion", id="region_1")
    around = ((left, top), (right, top), (right, bottom), (left, bottom))
    element(region, "Coords", points=points(around))
    for k, line in enumerate(leaf.page.lines, 1):
        written = _placed(region, "TextLine", f"line_{k}", line.polygon)
        for j, word in enumerate(line.words, 1):
            _text(_placed(written, "Word", f"word_{k}_{j}", word.polygon), word)
        _text(written, line)
    element(element(region, "TextEquiv"), "Unicode", leaf.page.text)


def _placed(parent: Element, tag: str, name: str, polygon: Quad) -> Element:
    made = element(parent, tag, id=name)
    element(made, "Coords", points=points(polygon))
    return made


def _text(parent: Element, read: Line | Word) -> None:
    equivalent = element(parent, "TextEquiv", conf=f"{read.confidence:.4f}")
    element(equivalent, "Unicode", read.text)
