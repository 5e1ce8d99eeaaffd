"""One upload on its way to an answer, which can be asked for at any moment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from penjing.documents.kind import is_pdf, or_a_pdf
from penjing.errors import PenjingError
from penjing.runtime.frames import Frames
from penjing.runtime.pictures import decode
from penjing.service.bodies import Upload
from penjing.service.errors import Abandoned, DeadlinePassed, bare
from penjing.service.faults import faults_logged
from penjing.service.jobs import Deadline
from penjing.service.limits import Limits
from penjing.service.memory import enough_memory
from penjing.service.page_reader import PageReader
from penjing.service.pages import DrawnPage, LostPage, chosen, draw_frames
from penjing.service.pdf import draw_pages


class Reading:
    """Reads page after page in one thread; another, whose time is up, takes what there is by then.

    An error is kept for whoever asks.
    """

    def __init__(
        self, upload: Upload, reader: PageReader, limits: Limits, deadline: Deadline
    ) -> None:
        self._upload, self._reader = upload, reader
        self._limits, self._deadline = limits, deadline
        self._pages: list[dict[str, Any]] = []
        self._count: int | None = None  # pages in the file; None for a picture alone
        self._error: PenjingError | None = DeadlinePassed("it could not be read in time")
        self._lost: PenjingError | None = None  # what the first page was lost to
        self._begun = time.perf_counter()
        self._ended: float | None = None

    def run(self) -> None:
        """Read it all, or until the deadline or an error."""
        self._begun = time.perf_counter()
        try:
            self._deadline.check()
            with faults_logged(), enough_memory():
                self._read()
            self._error = None
        except PenjingError as error:
            self._error = bare(error)
        self._ended = time.perf_counter()

    @property
    def is_late(self) -> bool:
        """Whether there is nothing to tell but that time is up."""
        return isinstance(self._error, DeadlinePassed) and not self._pages

    def answer(self) -> dict[str, Any]:
        """As the API gives it, without the model's name; pages that it did not come to say why.
        Raises PenjingError if no page could be read.
        """
        error, pages = self._error, list(self._pages)  # in this order: it may be running still
        if isinstance(error, Abandoned):
            raise error
        if all("error" in page for page in pages) and (why := error or self._lost):
            raise why
        ended = self._ended or time.perf_counter()
        elapsed = {"elapsed_ms": round((ended - self._begun) * 1000, 1)}
        if self._count is None:
            return {**elapsed, **pages[0]}
        options = self._upload.options
        numbers, _ = chosen(options.pages, self._count, self._limits.pages)
        for number in numbers[len(pages) :]:
            assert error is not None
            pages.append(self._reader.lost(LostPage(number, self._count, error), options))
        text = "\n\n".join(page["text"] for page in pages)
        return {**elapsed, "text": text, "page_count": self._count, "pages": pages}

    def _read(self) -> None:
        start = time.perf_counter()
        for page in self._drawn():
            answer = self._read_page(page, time.perf_counter() - start)
            if page.number is not None:
                self._count = page.count
            self._pages.append(answer)
            start = time.perf_counter()

    def _read_page(self, page: DrawnPage | LostPage, drawn_in: float) -> dict[str, Any]:
        """Raises why a picture alone cannot be read; a document's page costs only itself."""
        if isinstance(page, DrawnPage):
            try:
                with faults_logged(), enough_memory():
                    return self._reader.read(page, drawn_in, self._upload.options)
            except PenjingError as error:
                if page.number is None:
                    raise
                page = LostPage(page.number, page.count, error)
        self._lost = self._lost or bare(page.error)
        return self._reader.lost(page, self._upload.options)

    def _drawn(self) -> Iterator[DrawnPage | LostPage]:
        data, options, limits = self._upload.data, self._upload.options, self._limits
        if self._upload.alone:
            yield DrawnPage(None, 1, decode(data, limits.picture))
        elif is_pdf(data):
            yield from draw_pages(data, options, limits, self._deadline)
        else:
            with or_a_pdf():
                frames = Frames(data, limits.picture)
            with frames:
                yield from draw_frames(frames, options.pages, limits.pages, self._deadline)
