"""PDFs are drawn in a process of their own: a page that it does not survive costs only itself."""

from __future__ import annotations

import io
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from serving import PATIENT, children, pdf, until

from penjing.errors import PenjingError
from penjing.runtime.reader import ReadOptions
from penjing.service.bodies import Upload
from penjing.service.engine import Engine
from penjing.service.errors import BrokenPDF, DeadlinePassed, Internal, OutOfMemory
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


def endless_page() -> bytes:
    """Three pages; the second is a form that draws another ten times, which draws another …"""
    levels = 12
    forms = "".join(
        f"{10 + k} 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 200]/Length 60"
        f"/Resources<</XObject<</F {11 + k} 0 R>>>>>>stream\n{'/F Do ' * 10}endstream endobj\n"
        for k in range(levels)
    )
    line = "0 0 m 200 200 l S"
    leaf = f"<</Type/XObject/Subtype/Form/BBox[0 0 200 200]/Length {len(line)}>>"
    blank = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
    drawn = blank.replace("]>>", "]/Contents 6 0 R/Resources<</XObject<</F 10 0 R>>>>>>")
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>endobj\n"
        f"3 0 obj{blank}endobj\n4 0 obj{drawn}endobj\n5 0 obj{blank}endobj\n"
        f"6 0 obj<</Length 5>>stream\n/F Doendstream endobj\n{forms}"
        f"{10 + levels} 0 obj{leaf}stream\n{line}endstream endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF"
    ).encode()


def nested_groups(count: int) -> bytes:
    """Three pages; the second is black by groups inside one another, each as large as the page."""
    box = "[0 0 3400 3400]"
    paint, resources = "/G gs /F Do", "/ExtGState<</G 7 0 R>>/XObject<</F {} 0 R>>"
    group = f"/Type/XObject/Subtype/Form/BBox{box}/Group<</S/Transparency/I true>>"
    forms = "".join(
        f"{10 + k} 0 obj<<{group}/Length {len(paint)}/Resources<<{resources.format(11 + k)}>>>>"
        f"stream\n{paint}endstream endobj\n"
        for k in range(count)
    )
    black = "0 0 3400 3400 re f"
    blank = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
    page = f"/MediaBox{box}/Contents 6 0 R/Resources<<{resources.format(10)}>>"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>endobj\n"
        f"3 0 obj{blank}endobj\n5 0 obj{blank}endobj\n"
        f"4 0 obj<</Type/Page/Parent 2 0 R{page}>>endobj\n"
        f"6 0 obj<</Length {len(paint)}>>stream\n{paint}endstream endobj\n"
        f"7 0 obj<</Type/ExtGState/BM/Multiply>>endobj\n{forms}"
        f"{10 + count} 0 obj<<{group}/Length {len(black)}>>stream\n{black}endstream endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF"
    ).encode()


@pytest.mark.parametrize("pages", [None, "5,1-4"])
@pytest.mark.parametrize(
    ("by", "why"),
    [(signal.SIGSEGV, BrokenPDF), (signal.SIGTRAP, OutOfMemory), (signal.SIGKILL, OutOfMemory)],
)
def test_a_page_that_kills_its_process_costs_only_itself(
    pages: str | None, by: signal.Signals, why: type[PenjingError]
) -> None:
    """The system kills for want of memory; at that PDFium runs into a trap."""
    others = set(children(os.getpid()))
    options = replace(LINE, pages=pages)
    drawn = draw_pages(large_pages(5), options, PATIENT, Deadline.after(200))
    found = [next(drawn), next(drawn)]
    (drawer,) = set(children(os.getpid())) - others
    os.kill(drawer, by)
    found += drawn
    assert [page.number for page in found] == (
        [1, 2, 3, 4, 5] if pages is None else [5, 1, 2, 3, 4]
    )
    assert [type(page) for page in found] == [DrawnPage, DrawnPage, LostPage, DrawnPage, DrawnPage]
    assert isinstance(found[2], LostPage)
    assert isinstance(found[2].error, why)
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


def test_a_page_that_takes_too_much_time_costs_only_itself() -> None:
    limits = replace(PATIENT, page_seconds=1)
    found = list(draw_pages(endless_page(), LINE, limits, Deadline.after(200)))
    assert [type(page) for page in found] == [DrawnPage, LostPage, DrawnPage]
    assert isinstance(found[1], LostPage)
    assert isinstance(found[1].error, BrokenPDF)
    assert "more than 1 s" in str(found[1].error)


def test_a_page_that_is_still_drawn_at_the_deadline_is_late_and_no_memory_is_missed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its process is killed then, as the system kills one for want of memory."""
    others = set(children(os.getpid()))
    deadline = Deadline.after(200)
    drawn = draw_pages(large_pages(3), LINE, PATIENT, deadline)
    next(drawn)
    (drawer,) = set(children(os.getpid())) - others
    os.kill(drawer, signal.SIGSTOP)
    object.__setattr__(deadline, "at", time.monotonic() + 1)  # it comes while that stands still
    with pytest.raises(DeadlinePassed):
        list(drawn)
    assert "out of memory" not in caplog.text
    until(lambda: set(children(os.getpid())) == others)


@pytest.mark.skipif(platform.system() != "Linux", reason="only Linux keeps to such a limit")
@pytest.mark.parametrize("pages", [None, "2"])
def test_a_page_for_which_there_is_not_memory_enough_is_not_drawn_in_part(
    pages: str | None,
) -> None:
    """PDFium leaves out a group without a word if there is no memory for it."""
    options = replace(LINE, pages=pages)
    with pytest.raises(OutOfMemory) if pages else nullcontext():
        found = list(draw_pages(nested_groups(25), options, PATIENT, Deadline.after(200)))
        assert [type(page) for page in found] == [DrawnPage, LostPage, DrawnPage]
        assert isinstance(found[1], LostPage)
        assert isinstance(found[1].error, OutOfMemory)
    (drawn,) = draw_pages(nested_groups(2), replace(LINE, pages="2"), PATIENT, Deadline.after(200))
    assert isinstance(drawn, DrawnPage)
    assert not drawn.picture.pixels.any()


def test_a_fault_of_ours_in_drawing_a_page_is_logged_and_costs_only_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from penjing.documents.pdf import Pdf\n"
        "look = Pdf.look\n"
        "Pdf.look = lambda pdf, number: look(pdf, number if number != 2 else 'unforeseen')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = list(draw_pages(pdf("ab", "bc", "ca"), LINE, PATIENT, Deadline.after(200)))
    assert [type(page) for page in found] == [DrawnPage, LostPage, DrawnPage]
    assert isinstance(found[1], LostPage)
    assert isinstance(found[1].error, Internal)
    assert "unforeseen" not in str(found[1].error)
    assert "TypeError" in caplog.text
    assert str(found[1].error).split()[-1] in caplog.text


def test_a_pdf_that_waits_for_the_processor_is_not_called_broken() -> None:
    """A process that is stopped gets as little of it as on a machine that is busy with others."""
    others = set(children(os.getpid()))
    limits = replace(PATIENT, page_seconds=2)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(lambda: list(draw_pages(pdf("ab"), LINE, limits, Deadline.after(200))))
        until(lambda: set(children(os.getpid())) - others)
        (drawer,) = set(children(os.getpid())) - others
        os.kill(drawer, signal.SIGSTOP)
        time.sleep(2.5)
        os.kill(drawer, signal.SIGCONT)
        assert [type(page) for page in found.result()] == [DrawnPage]


def test_who_was_allowed_little_memory_does_not_allow_itself_more() -> None:
    """As with ``ulimit -v`` below the service's own limit: to raise that is an error."""
    code = """if True:
        import resource
        from penjing.service.pdf_process import allow
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        assert allow(resource.RLIMIT_AS, 2**31) == 2**30
        assert resource.getrlimit(resource.RLIMIT_AS) == (2**30, 2**30)
        assert allow(resource.RLIMIT_AS, 2**29) == 2**29
        assert resource.getrlimit(resource.RLIMIT_AS) == (2**29, 2**29)
    """
    subprocess.run([sys.executable, "-c", code], check=True)
