"""A page as the API answers it: what was read, the fields found on it, and what it looks like."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np

from penjing.fields import Rereader, extract
from penjing.runtime.caution import Caution
from penjing.runtime.enhance import enhance
from penjing.runtime.pictures import Pixels
from penjing.runtime.reader import Reader
from penjing.runtime.result import Page
from penjing.service.errors import to_dict
from penjing.service.metrics import Metrics
from penjing.service.options import RequestOptions
from penjing.service.pages import DrawnPage, LostPage


class PageReader:
    """One Reader for all threads; ``preview_side`` is the longer side of a preview in pixels."""

    def __init__(self, reader: Reader, metrics: Metrics, preview_side: int) -> None:
        self._reader = reader
        self._metrics = metrics
        self._preview_side = preview_side

    def read(self, drawn: DrawnPage, decoded: float, options: RequestOptions) -> dict[str, Any]:
        """``decoded`` is the seconds that it took to come by the picture. Raises PictureError."""
        page = drawn.own or self._reader.read(drawn.picture, options.read)
        answer = _as_json(drawn.number, page)
        timings = answer["timings"]
        timings["decode"] = round(timings.get("decode", 0.0) + 1000 * decoded, 3)
        self._metrics.pages.inc()
        for stage, milliseconds in timings.items():
            self._metrics.stage.labels(stage).observe(milliseconds / 1000)
        if options.fields or options.preview:
            pixels = enhance(drawn.picture.pixels, options.read.enhancement)
            if options.fields:
                again = Rereader(pixels, self._reader.recogniser)
                answer.update(extract(page, options.template, again).to_dict())
            if options.preview:
                answer["preview"] = self._preview(pixels)
        return answer

    def lost(self, page: LostPage, options: RequestOptions) -> dict[str, Any]:
        """An empty page, and why."""
        why = Caution("not_read", f"not read: {page.error}")
        empty = Page((), 1, 1, "page", "none", warnings=(why,))
        answer = _as_json(page.number, empty)
        answer["error"] = to_dict(page.error.code, str(page.error))["error"]
        if options.preview:
            answer["preview"] = self._preview(np.full((1, 1), 255, np.uint8))
        return answer

    def _preview(self, pixels: Pixels) -> str:
        """Shrunk to a screen's size: a JPEG in base64."""
        scale = min(1.0, self._preview_side / max(pixels.shape[:2]))
        if scale < 1:
            size = [max(1, round(side * scale)) for side in pixels.shape[1::-1]]
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        if pixels.ndim == 3:
            pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
        return base64.b64encode(jpeg.tobytes()).decode("ascii")


def _as_json(number: int | None, page: Page) -> dict[str, Any]:
    """Its model is named once, for the whole file."""
    answer = page.to_dict()
    del answer["model"]
    return answer if number is None else {"number": number, **answer}
