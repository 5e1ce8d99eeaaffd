"""PDF pages: their own text where it is sound, rendered otherwise; limits and clear errors."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import papers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from penjing import Reader
from penjing.documents.document import Document
from penjing.documents.kind import is_pdf
from penjing.documents.page_range import page_numbers
from penjing.documents.pdf import Pdf, PdfLimits, read_page
from penjing.errors import (
    BrokenPicture,
    EmptyPicture,
    EncryptedPdf,
    MissingPicture,
    PageRangeError,
    PictureTooLarge,
)
from penjing.runtime.detector import Detection


@dataclass(frozen=True)
class WholeWidth:
    """A Detector that finds one line where ``papers.scanned`` puts it."""

    def detect(self, pixels: np.ndarray) -> Detection:
        height, width = pixels.shape[:2]
        left, top, right, bottom = 60 / 800, 200 / 600, 412 / 800, 264 / 600
        quad = [[left, top], [right, top], [right, bottom], [left, bottom]]
        polygon = np.array([quad], np.float32) * np.array([width, height], np.float32)
        return Detection(polygon, np.ones(1, np.float32))


@pytest.fixture
def reader(bands_model: Path) -> Reader:
    return Reader(bands_model, 1, WholeWidth())


def test_sound_text_is_taken_and_said_so(reader: Reader) -> None:
    content = "\n".join(
        [
            papers.say("Total due", 40, 100),
            papers.say("98.50", 300, 100),
            papers.say("Bill", 40, 250),
        ]
    )
    with Pdf(papers.typed(content)) as pdf:
        page = read_page(pdf, 1, reader)
    assert page.text == "Bill\nTotal due  98.50"
    assert (page.route, page.model) == ("text_layer", "none")
    assert "own text" in page.warnings[0].message
    dpi = 72 * page.width / 400
    left, top = page.lines[0].polygon[0]
    assert left == pytest.approx(40 / 72 * dpi, abs=3)
    assert top < (300 - 250) / 72 * dpi < page.lines[0].polygon[2][1]
    assert [word.text for word in page.lines[1].words] == ["Total", "due"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_text_lies_where_it_is_rendered(rotate: int) -> None:
    with Pdf(papers.typed(papers.say("HHHH", 50, 60, size=30), rotate=rotate)) as pdf:
        sheet = pdf.look(1)
        pixels = pdf.render(1).pixels
    assert sheet.own is not None
    corners = sheet.own.polygons[0]
    rows, columns = np.nonzero(pixels.min(axis=2) < 128)
    ink = np.array([columns.min(), rows.min(), columns.max(), rows.max()])
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
    assert (box[:2] <= ink[:2] + 2).all()
    assert (box[2:] >= ink[2:] - 2).all()
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3


def test_a_scan_is_read_at_its_own_resolution(reader: Reader) -> None:
    with Pdf(papers.scanned("abcab", "ccb", dpi=150)) as pdf:
        assert pdf.look(1).dpi == pytest.approx(150, rel=0.01)
        pages = [read_page(pdf, number, reader) for number in page_numbers(None, len(pdf))]
    assert [page.text for page in pages] == ["abcab", "ccb"]
    assert {page.route for page in pages} == {"page"}


def test_small_text_asks_for_more_resolution() -> None:
    with Pdf(papers.typed(papers.say("a", 9, 9, 20), papers.say("a", 9, 9, 9))) as pdf:
        assert pdf.look(2).dpi > 1.5 * pdf.look(1).dpi


def test_invisible_text_is_not_believed() -> None:
    with Pdf(papers.typed(papers.say("hidden", 40, 100, mode=3))) as pdf:
        sheet = pdf.look(1)
    assert sheet.own is None
    assert "invisible" in str(sheet.objection)


@pytest.mark.parametrize(("kind", "read"), [("FreeText", True), ("Link", False)])
def test_what_is_written_on_a_page_is_not_left_out(kind: str, read: bool, reader: Reader) -> None:
    note = f"<< /Type /Annot /Subtype /{kind} /Rect [10 10 90 30] /Contents (Approved) >>"
    with Pdf(papers.typed(papers.say("Bill", 40, 250), notes=note)) as pdf:
        sheet = pdf.look(1)
        page = read_page(pdf, 1, reader)
    assert (sheet.own is None) == read
    assert (page.route != "text_layer") == read
    assert ("notes" in [warning.code for warning in page.warnings]) == read


def test_large_pages_are_rendered_at_less() -> None:
    with Pdf(papers.typed("", size=(14000, 14000)), PdfLimits(pixels=1_000_000)) as pdf:
        picture = pdf.render(1)
    assert picture.width * picture.height <= 1_000_000
    assert "very large page" in picture.warnings[0].message


def test_errors_are_typed(tmp_path: Path) -> None:
    whole = papers.scanned("abc", "b")
    with pytest.raises(BrokenPicture):
        Pdf(whole[: len(whole) // 8])
    with pytest.raises(EmptyPicture):
        Pdf(b"")
    with pytest.raises(MissingPicture):
        Pdf(tmp_path / "none.pdf")
    with pytest.raises(PictureTooLarge):
        Pdf(whole, PdfLimits(bytes=1000))
    with pytest.raises(PictureTooLarge):
        Pdf(whole, PdfLimits(pages=1))
    with Pdf(whole, PdfLimits(embedded_pixels=1000)) as pdf, pytest.raises(PictureTooLarge):
        pdf.render(1)
    with Pdf(whole) as pdf, pytest.raises(PageRangeError):
        pdf.render(3)


def test_encrypted_files_need_their_password() -> None:
    closed = papers.locked(papers.typed(papers.say("secret", 40, 100)), "盆景")
    for password in (None, "wrong"):
        with pytest.raises(EncryptedPdf):
            Pdf(closed, password=password)
    with Pdf(closed, password="盆景") as pdf:
        assert len(pdf) == 1


def test_many_threads_share_one_library(reader: Reader) -> None:
    document = papers.scanned("abc", "cab", "b c", "aab")

    def text(number: int) -> str:
        with Pdf(document) as pdf:
            return read_page(pdf, number, reader).text

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(text, [1, 2, 3, 4] * 3)) == ["abc", "cab", "b c", "aab"] * 3


def test_what_a_pdf_is() -> None:
    late = b"\r\n" + papers.typed("")
    assert is_pdf(papers.typed(""))
    assert is_pdf(late)
    assert not is_pdf(b"\n" * 1024 + papers.typed(""))
    jpeg = io.BytesIO()
    Image.new("L", (9, 9)).save(jpeg, "JPEG", comment=b"%PDF-1.4 was where this came from")
    assert b"%PDF-" in jpeg.getvalue()
    assert not is_pdf(jpeg.getvalue())
    with Document(jpeg.getvalue()) as picture, Document(late) as book:
        assert (picture.numbers, book.numbers) == ([None], [1])


def test_ranges() -> None:
    assert page_numbers("3, 1-2,2,4-", 5) == [3, 1, 2, 4, 5]
    assert page_numbers("-2", 5) == [1, 2]
    for wrong in (
        "",
        "0",
        "2-1",
        "6",
        "a",
        "1-9",
        "-",
        "1,,2",
        "-0",
        "1" * 5000,
        "1," * 1001 + "1",
    ):
        with pytest.raises(PageRangeError):
            page_numbers(wrong, 5)


@given(st.text("0123456789,- x", max_size=12), st.integers(1, 50))
def test_any_range_gives_pages_that_exist_or_an_error(ranges: str, count: int) -> None:
    try:
        numbers = page_numbers(ranges, count)
    except PageRangeError:
        return
    assert numbers
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(range(1, count + 1))
