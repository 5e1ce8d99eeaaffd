"""What was read, written in the formats that others read: one module each, on the one Page.

A writer takes the leaves of a document one after the other and yields the document piece by
piece, so that a thousand pages never have to be in memory together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from penjing.documents.formats import (
    alto,
    hocr,
    json_lines,
    markdown,
    page_xml,
    picture,
    plain,
    searchable_pdf,
    tsv,
)
from penjing.documents.leaf import Leaf

__all__ = ["FORMATS", "Format", "Leaf"]


@dataclass(frozen=True)
class Format:
    """``pixels``: the leaves must bring their pictures. ``single``: one leaf makes a document."""

    suffix: str
    write: Callable[[Iterable[Leaf]], Iterator[bytes]]
    pixels: bool = False
    single: bool = False


FORMATS = {
    "text": Format(".txt", plain.write),
    "json": Format(".json", json_lines.write),
    "md": Format(".md", markdown.write),
    "tsv": Format(".tsv", tsv.write),
    "hocr": Format(".hocr", hocr.write),
    "alto": Format(".alto.xml", alto.write),
    "page": Format(".page.xml", page_xml.write, single=True),
    "pdf": Format(".pdf", searchable_pdf.write, pixels=True),
    "png": Format(".png", picture.write, pixels=True, single=True),
}
