"""Tesseract 5 with Debian's chi_sim, through tesserocr, so that it starts once."""

from __future__ import annotations

import argparse
import io
import os

from PIL import Image
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI, iterate_level

from benchmarks.workers.loop import Found, serve


class Tesseract:
    """``--model`` is the folder of the language's data; threads are OpenMP's."""

    def __init__(self, options: argparse.Namespace) -> None:
        os.environ["OMP_THREAD_LIMIT"] = str(options.threads)
        self._engine = PyTessBaseAPI(path=options.model, lang="chi_sim", oem=OEM.LSTM_ONLY)

    def decode(self, data: bytes) -> Image.Image:
        return Image.open(io.BytesIO(data)).convert("RGB")

    def read_line(self, picture: Image.Image) -> str:
        self._engine.SetPageSegMode(PSM.SINGLE_LINE)
        self._engine.SetImage(picture)
        text: str = self._engine.GetUTF8Text()
        return text.strip()

    def read_page(self, data: bytes) -> list[Found]:
        self._engine.SetPageSegMode(PSM.AUTO)
        self._engine.SetImage(self.decode(data))
        self._engine.Recognize()
        found: list[Found] = []
        for line in iterate_level(self._engine.GetIterator(), RIL.TEXTLINE):
            box = line.BoundingBox(RIL.TEXTLINE)
            if box is not None:
                left, top, right, bottom = box
                corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
                found.append((line.GetUTF8Text(RIL.TEXTLINE).strip(), corners))
        return found


if __name__ == "__main__":
    serve(Tesseract)
