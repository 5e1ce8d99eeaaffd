"""PDFs are drawn in a process of their own: a page that it does not survive costs only itself."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from serving import PATIENT, children, pdf, until

from penjing.runtime.reader import ReadOptions
from penjing.service.bodies import Upload
from penjing.service.engine import Engine
from penjing.service.errors import BrokenPDF
from penjing.service.jobs import Deadline
from penjing.service.options import RequestOptions
from penjing.service.pages import DrawnPage, LostPage
from penjing.service.pdf import draw_pages

LINE = RequestOptions(ReadOptions(line=True))


def large_pages(count: int) -> bytes:
    """No two fit the pipe: while one is being read, the next is being written."""
    out = io.BytesIO()
    pages = [Image.new("L", (1000, 1000), 255)] * count
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


@pytest.mark.parametrize("pages", [None, "5,1-4"])
def test_a_page_that_kills_its_process_costs_only_itself(pages: str | None) -> None:
    others = set(children(os.getpid()))
    options = replace(LINE, pages=pages)
    drawn = draw_pages(large_pages(5), options, PATIENT, Deadline.after(200))
    found = [next(drawn), next(drawn)]
    (drawer,) = set(children(os.getpid())) - others
    os.kill(drawer, signal.SIGKILL)
    found += drawn
    assert [page.number for page in found] == (
        [1, 2, 3, 4, 5] if pages is None else [5, 1, 2, 3, 4]
    )
    assert [type(page) for page in found] == [DrawnPage, DrawnPage, LostPage, DrawnPage, DrawnPage]
    assert isinstance(found[2], LostPage)
    assert isinstance(found[2].error, BrokenPDF)
    assert {page.count for page in found} == {5}
    until(lambda: set(children(os.getpid())) == others)


def test_pages_read_before_a_pdf_can_no_longer_be_opened_are_answered(
    bands_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*given: Any) -> Iterator[DrawnPage | LostPage]:
        yield next(draw_pages(*given))
        raise BrokenPDF("no more")

    monkeypatch.setattr("penjing.service.reading.draw_pages", breaks)
    engine = Engine(bands_model, limits=PATIENT)
    answer = engine.read(Upload(pdf("abc", "cab", "bca"), LINE), Deadline.after(200))
    assert [page["text"] for page in answer["pages"]] == ["abc", "", ""]
    codes = [page["error"]["code"] for page in answer["pages"] if "error" in page]
    assert codes == ["broken_pdf"] * 2
