"""Every warning that a page can have has a code, and the web page says it in Chinese."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from serving import as_json, tiff

from penjing.documents import text_layer
from penjing.documents.pdf import Pdf, PdfLimits
from penjing.runtime import detector
from penjing.runtime.caution import Caution, CautionCode
from penjing.runtime.pictures import decode
from penjing.service.pages import chosen

# tests of the reader have it too
SHRUNK = Caution("shrunk", "lines were searched for at 37% of the picture's size")


def typed(count: int, white: str = "") -> bytes:
    """A PDF of so many pages of text, on each some that cannot be seen."""
    text = (
        f"BT /F1 20 Tf 20 150 Td (Text of its own) Tj ET 1 g BT /F1 20 Tf 20 50 Td ({white}) Tj ET"
    )
    kids = " ".join(["4 0 R"] * count)
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n"
        "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        "4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 5 0 R"
        "/Resources<</Font<</F1 3 0 R>>>>>>endobj\n"
        f"5 0 obj<</Length {len(text)}>>stream\n{text}\nendstream endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF"
    ).encode()


def glyphs(**counts: int) -> Any:
    return SimpleNamespace(**{"invisible": 0, "unmapped": 0, "count": 1234, "hidden": 0, **counts})


def real_warnings() -> list[Caution]:
    """As those who mean them give them."""
    with Pdf(typed(1, "White"), PdfLimits(pixels=20_000)) as pdf:
        own = pdf.look(1).own
        assert own is not None
        coarse = pdf.render(1).warnings
    objections = [
        text_layer.objection(glyphs(invisible=1)),
        text_layer.objection(glyphs(unmapped=1000)),
        text_layer.objection_to_hiding(glyphs(hidden=2000)),
        text_layer.objection_to_pictures(0.8),
        text_layer.objection_to_shapes(glyphs(), 10**6),
        text_layer.objection_to_notes(3),
    ]
    return [
        SHRUNK,
        *detector._surest([0.1] * 1234, 1000)[1],
        *decode(tiff("ab", "bc")).warnings,
        *chosen(None, 22, 20)[1],
        *coarse,
        *own.warnings,
        *filter(None, objections),
    ]


def test_every_code_is_some_warnings() -> None:
    """``not_read`` is told beside an error."""
    codes = [warning.code for warning in real_warnings()]
    assert sorted(codes) == sorted(set(get_args(CautionCode)) - {"not_read", "other"})


def test_the_page_says_every_warning_in_chinese(page: Any) -> None:
    warnings = [*real_warnings(), Caution("other", "something new")]
    page.execute_script("localStorage.setItem('language', 'zh')")
    page.refresh()
    sentences = [warning.message for warning in warnings]
    said = page.execute_async_script(
        "const [read, done] = arguments;"
        "import('/static/words.js').then((words) => done(words.cautions(read)));",
        {"warnings": sentences, "warning_codes": [warning.code for warning in warnings]},
    )
    assert said.pop() == sentences.pop()
    number = re.compile(r"\d+(?:,\d+)*")
    assert [number.findall(text) for text in said] == [number.findall(text) for text in sentences]
    assert not [text for text in said if not re.search("[\u4e00-\u9fff]", text)]
    assert "查找文字行时，图片缩到了 37%" in said


@pytest.mark.parametrize("document", [tiff(*["ab"] * 22), typed(22)], ids=["tiff", "pdf"])
def test_pages_that_are_left_out_are_told_of_by_each_that_is_read(
    client: httpx.Client, document: bytes
) -> None:
    """Also by a PDF's own text."""
    line, route = (None, "text_layer") if document.startswith(b"%PDF") else (True, "line")
    pages = client.post("/api/v1/ocr", json=as_json(document, line=line)).json()["pages"]
    assert len(pages) == 20
    assert {read["route"] for read in pages} == {route}
    for read in pages:
        assert read["warnings"][0] == "only the first 20 of 22 pages are read; ask for a range"
        assert read["warning_codes"][0] == "pages_left_out"
        assert len(read["warnings"]) == len(read["warning_codes"])
