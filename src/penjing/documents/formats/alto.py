"""ALTO 4 of the Library of Congress (loc.gov/standards/alto), places in pixels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any
from xml.etree.ElementTree import Element

from penjing import __version__
from penjing.documents.formats.xml_text import DECLARATION, element, points, serialise
from penjing.documents.leaf import Leaf, box, numbered
from penjing.errors import OutputError
from penjing.runtime.result import Line, Quad, Word

_IN_MEMORY = 16 * 1024 * 1024  # bytes of pages, before they go to a file
_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_HEAD = f"""{DECLARATION}<alto xmlns="{_NAMESPACE}" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="{_NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-2.xsd">
"""


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    """Raises OutputError if there is no page: the schema asks for one."""
    sources: dict[str, None] = {}
    # The files are named before the pages, and known after them.
    with SpooledTemporaryFile(_IN_MEMORY) as pages:
        for number, leaf in numbered(leaves):
            pages.write(serialise(_page(number, leaf), depth=2))
            sources[leaf.source] = None
        if not sources:
            raise OutputError("ALTO needs a page that could be read")
        yield _HEAD.encode()
        yield serialise(_description(list(sources)), depth=1) + b"  <Layout>\n"
        pages.seek(0)
        yield from iter(lambda: pages.read(1 << 16), b"")
    yield b"  </Layout>\n</alto>\n"


def _description(sources: list[str]) -> Element:
    description = element(None, "Description")
    element(description, "MeasurementUnit", "pixel")
    source = element(description, "sourceImageInformation")
    if len(sources) == 1:
        element(source, "fileName", sources[0])
    else:  # the schema knows one name, and any number of identifiers
        for name in sources:
            element(source, "fileIdentifier", name)
    software = element(element(description, "Processing", ID="reading"), "processingSoftware")
    element(software, "softwareName", "penjing")
    element(software, "softwareVersion", __version__)
    return description


def _page(number: int, leaf: Leaf) -> Element:
    size: dict[str, Any] = {"WIDTH": leaf.page.width, "HEIGHT": leaf.page.height}
    page = element(None, "Page", ID=f"page_{number}", PHYSICAL_IMG_NR=number, **size)
    space = element(page, "PrintSpace", HPOS=0, VPOS=0, **size)
    if leaf.page.lines:
        corners = [point for line in leaf.page.lines for point in line.polygon]
        block = element(space, "TextBlock", ID=f"block_{number}", **_place(corners))
        for k, line in enumerate(leaf.page.lines, 1):
            _line(block, f"{number}_{k}", line)
    return page


def _line(block: Element, name: str, line: Line) -> None:
    written = element(block, "TextLine", ID=f"line_{name}", **_place(line.polygon))
    _shape(written, line.polygon)
    before: Word | None = None
    for k, word in enumerate(line.words, 1):
        if before is not None:
            left, top, right, _ = box([*before.polygon[1:3], word.polygon[0], word.polygon[3]])
            element(written, "SP", HPOS=left, VPOS=top, WIDTH=right - left)
        string = element(
            written,
            "String",
            ID=f"string_{name}_{k}",
            CONTENT=word.text,
            WC=f"{word.confidence:.4f}",
            **_place(word.polygon),
        )
        _shape(string, word.polygon)
        before = word


def _shape(parent: Element, polygon: Quad) -> None:
    element(element(parent, "Shape"), "Polygon", POINTS=points(polygon))


def _place(polygon: list[tuple[float, float]] | Quad) -> dict[str, Any]:
    left, top, right, bottom = box(polygon)
    return {"HPOS": left, "VPOS": top, "WIDTH": right - left, "HEIGHT": bottom - top}
