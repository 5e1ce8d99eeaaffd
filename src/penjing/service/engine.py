"""The work behind every door: one shared Reader, and a queue before it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from penjing.errors import PenjingError
from penjing.runtime import weights
from penjing.runtime.reader import Reader
from penjing.runtime.threads import available_threads
from penjing.service.bodies import Upload
from penjing.service.errors import DeadlinePassed, to_dict
from penjing.service.jobs import Deadline, Jobs
from penjing.service.limits import DEFAULT_LIMITS, Limits
from penjing.service.metrics import Metrics
from penjing.service.page_reader import PageReader
from penjing.service.reading import Reading


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
        self._page_reader = PageReader(self.reader, self.metrics, limits.preview_side)
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
        """A picture or a document, as the API answers it; of a document that takes too long, the
        pages that were read in time. Raises PenjingError.
        """
        reading = self._reading(upload, deadline)
        with suppress(DeadlinePassed):  # which it raises itself where nothing was read
            self.jobs.run(reading.run, deadline)
        return self._answer(reading)

    def read_batch(
        self, uploads: list[Upload | PenjingError], deadline: Deadline
    ) -> list[dict[str, Any]]:
        """Each upload's answer or error, as one job. Raises what the queue raises, DeadlinePassed
        only if there was no time for any.
        """
        items = [u if isinstance(u, PenjingError) else self._reading(u, deadline) for u in uploads]
        readings = [item for item in items if isinstance(item, Reading)]

        def run() -> None:
            for reading in readings:
                reading.run()

        try:
            self.jobs.run(run, deadline)
        except DeadlinePassed:
            if all(reading.is_late for reading in readings):
                raise
        return [self._answer_or_error(item) for item in items]

    def _reading(self, upload: Upload, deadline: Deadline) -> Reading:
        return Reading(upload, self._page_reader, self.limits, deadline)

    def _answer_or_error(self, item: Reading | PenjingError) -> dict[str, Any]:
        try:
            if isinstance(item, PenjingError):
                raise item
            return self._answer(item)
        except PenjingError as error:
            return to_dict(error.code, str(error))

    def _answer(self, reading: Reading) -> dict[str, Any]:
        return {"success": True, "model": self.reader.model, **reading.answer()}
