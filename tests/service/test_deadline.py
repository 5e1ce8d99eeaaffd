"""What was read before the deadline is answered; the rest says that time was up."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from serving import PATIENT, pdf, png, tiff, until

from penjing.runtime.reader import ReadOptions
from penjing.service.bodies import Upload
from penjing.service.engine import Engine
from penjing.service.errors import BadBase64, DeadlinePassed
from penjing.service.jobs import Deadline
from penjing.service.metrics import Metrics
from penjing.service.options import RequestOptions
from penjing.service.page_reader import PageReader
from penjing.service.pdf import draw_pages
from penjing.service.reading import Reading

TEXTS = ("abcabc", "bcabca", "cabcab")
LINE = RequestOptions(ReadOptions(line=True))
LATE = "deadline_passed"


@dataclass(frozen=True)
class AfterPages(Deadline):
    """Comes when so many pages have been read, however fast the machine is."""

    metrics: Metrics | None = None
    pages: int = 1

    @property
    def left(self) -> float:
        assert self.metrics is not None
        read = self.metrics.text().split(b"\npenjing_pages_total ")[1].split()[0]
        return 0.0 if float(read) >= self.pages else super().left


@pytest.fixture
def engine(bands_model: Path) -> Engine:
    return Engine(bands_model, limits=PATIENT)


def after(engine: Engine, pages: int) -> Deadline:
    return AfterPages(Deadline.after(200).at, metrics=engine.metrics, pages=pages)


def told(page: dict[str, Any]) -> str:
    return page["error"]["code"] if "error" in page else page["text"]


@pytest.mark.parametrize("document", [pdf(*TEXTS), tiff(*TEXTS)], ids=["pdf", "tiff"])
def test_pages_that_were_read_in_time_are_answered(engine: Engine, document: bytes) -> None:
    answer = engine.read(Upload(document, LINE), after(engine, pages=2))
    assert answer["success"] is True
    assert answer["page_count"] == 3
    assert [page["number"] for page in answer["pages"]] == [1, 2, 3]
    assert [told(page) for page in answer["pages"]] == [*TEXTS[:2], LATE]
    last = answer["pages"][2]
    assert last["warnings"] == [f"not read: {last['error']['message']}"]


def test_pictures_of_a_batch_that_were_read_in_time_are_answered(engine: Engine) -> None:
    uploads = [BadBase64("no"), Upload(png("abc"), LINE), Upload(tiff("ab", "bc"), LINE)]
    results = engine.read_batch([*uploads, Upload(png("cab"), LINE)], after(engine, pages=2))
    assert [result["success"] for result in results] == [False, True, True, False]
    assert results[1]["text"] == "abc"
    assert [told(page) for page in results[2]["pages"]] == ["ab", LATE]
    assert [results[k]["error"]["code"] for k in (0, 3)] == ["bad_base64", LATE]


def test_who_waits_is_answered_while_the_next_page_is_still_being_read(engine: Engine) -> None:
    """``gone`` is asked before each page, and here takes as long as a page that is never done."""
    stuck, held, asked = threading.Event(), threading.Event(), iter(range(9))

    def gone() -> bool:
        if next(asked) == 2:  # before the first page, after that for it, before the second
            stuck.set()
            held.wait(200)
        return False

    reader = PageReader(engine.reader, engine.metrics, PATIENT.preview_side)
    reading = Reading(Upload(tiff(*TEXTS), LINE), reader, PATIENT, Deadline.after(200, gone))
    thread = threading.Thread(target=reading.run)
    assert reading.is_late
    thread.start()
    assert stuck.wait(200)
    assert [told(page) for page in reading.answer()["pages"]] == [TEXTS[0], LATE, LATE]
    held.set()
    thread.join()
    assert [told(page) for page in reading.answer()["pages"]] == list(TEXTS)


def test_where_nothing_was_read_in_time_there_is_only_the_error(engine: Engine) -> None:
    with pytest.raises(DeadlinePassed):
        engine.read(Upload(tiff(*TEXTS), LINE), after(engine, pages=0))
    with pytest.raises(DeadlinePassed):
        engine.read_batch([Upload(png(), LINE)] * 2, after(engine, pages=0))
    until(lambda: engine.jobs.count == 0)


def test_a_pdf_that_is_not_drawn_in_time_is_not_called_broken() -> None:
    with pytest.raises(DeadlinePassed):
        list(draw_pages(pdf("abc"), LINE, PATIENT, Deadline.after(0.03)))
