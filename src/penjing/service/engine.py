"""The work behind every door: one shared Reader, a queue before it, and answers for JSON."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from penjing.documents.kind import is_pdf, or_a_pdf
from penjing.errors import PenjingError
from penjing.fields import Rereader, extract
from penjing.runtime import weights
from penjing.runtime.enhance import enhance
from penjing.runtime.pictures import Picture, Pixels, decode
from penjing.runtime.reader import Reader
from penjing.runtime.result import Page
from penjing.runtime.threads import available_threads
from penjing.service import pdf
from penjing.service.bodies import Upload
from penjing.service.errors import to_dict
from penjing.service.jobs import Deadline, Jobs
from penjing.service.limits import DEFAULT_LIMITS, Limits
from penjing.service.metrics import Metrics
from penjing.service.options import RequestOptions


class Engine:
    """One immutable Reader, shared by all threads. ``threads`` are used for one picture; as many
    pictures are read at once as then fit the cores, so that nothing is oversubscribed.
    """

    def __init__(
        self,
        model: str | Path = "default",
        threads: int = 1,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.limits = limits
        self.threads = threads
        self.file = weights.find(model)
        self.reader = Reader(model, threads, limits=limits.picture)
        self.jobs = Jobs(max(1, available_threads() // threads), limits.queue)
        self.metrics = Metrics(self.jobs)
        self.ready = False

    def warm_up(self) -> None:
        """Read a picture of its own, as every request would; then the service is ready."""
        page = np.full((96, 256), 255, np.uint8)
        cv2.putText(page, "penjing", (20, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 0, 2)
        self.reader.read(page)
        self.ready = True

    def drain(self) -> None:
        """Not ready from now on; what is under way is finished."""
        self.ready = False
        self.jobs.drain()

    def read(self, upload: Upload, deadline: Deadline) -> dict[str, Any]:
        """A picture or a PDF, as the API answers it. Raises PenjingError."""
        return self.jobs.run(lambda: self._answer(upload, deadline), deadline)

    def read_batch(
        self, uploads: list[Upload | PenjingError], deadline: Deadline
    ) -> list[dict[str, Any]]:
        """Each upload's answer or error, as one job. Raises what the queue raises."""
        return self.jobs.run(
            lambda: [self._answer_or_error(item, deadline) for item in uploads], deadline
        )

    def _answer_or_error(self, item: Upload | PenjingError, deadline: Deadline) -> dict[str, Any]:
        try:
            if isinstance(item, PenjingError):
                raise item
            deadline.check()
            return self._answer(item, deadline)
        except PenjingError as error:
            return to_dict(error.code, str(error))

    def _answer(self, upload: Upload, deadline: Deadline) -> dict[str, Any]:
        start = time.perf_counter()
        if is_pdf(upload.data):
            answer = self._document(upload, deadline)
        else:
            picture = self._decoded(upload)
            answer = self._picture(picture, time.perf_counter() - start, upload.options)
        elapsed = round((time.perf_counter() - start) * 1000, 1)
        return {"success": True, "elapsed_ms": elapsed, "model": self.reader.model, **answer}

    def _decoded(self, upload: Upload) -> Picture:
        if upload.options.read.line:  # whose own door takes no PDF
            return decode(upload.data, self.limits.picture)
        with or_a_pdf():
            return decode(upload.data, self.limits.picture)

    def _document(self, upload: Upload, deadline: Deadline) -> dict[str, Any]:
        pages, count = [], 0
        start = time.perf_counter()
        for drawn in pdf.draw_pages(upload.data, upload.options, self.limits, deadline):
            took = time.perf_counter() - start
            page = self._picture(drawn.picture, took, upload.options, drawn.own)
            pages.append({"number": drawn.number, **page})
            count = drawn.count
            start = time.perf_counter()
        text = "\n\n".join(page["text"] for page in pages)
        return {"text": text, "page_count": count, "pages": pages}

    def _picture(
        self, picture: Picture, decoded: float, options: RequestOptions, own: Page | None = None
    ) -> dict[str, Any]:
        """A page as the API answers it; ``own`` is its own text, which need not be read.

        ``decoded`` is the seconds that it took to come by the picture.
        """
        page = own or self.reader.read(picture, options.read)
        answer = page.to_dict()
        del answer["model"]
        timings = answer["timings"]
        timings["decode"] = round(timings.get("decode", 0.0) + 1000 * decoded, 3)
        self.metrics.pages.inc()
        for stage, milliseconds in timings.items():
            self.metrics.stage.labels(stage).observe(milliseconds / 1000)
        if options.fields or options.preview:
            pixels = enhance(picture.pixels, options.read.enhancement)
            if options.fields:
                again = Rereader(pixels, self.reader.recogniser)
                answer.update(extract(page, options.template, again).to_dict())
            if options.preview:
                answer["preview"] = self._preview(pixels)
        return answer

    def _preview(self, pixels: Pixels) -> str:
        """Shrunk to a screen's size: a JPEG in base64."""
        scale = min(1.0, self.limits.preview_side / max(pixels.shape[:2]))
        if scale < 1:
            size = [max(1, round(side * scale)) for side in pixels.shape[1::-1]]
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        if pixels.ndim == 3:
            pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
        return base64.b64encode(jpeg.tobytes()).decode("ascii")
