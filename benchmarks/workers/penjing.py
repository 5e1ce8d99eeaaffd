"""penjing as it lies in this checkout."""

from __future__ import annotations

import argparse

import cv2

from benchmarks.workers.loop import Found, serve
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.reader import Reader
from penjing.runtime.rectify import to_gray
from penjing.runtime.second_look import read_carefully


class Penjing:
    """The recogniser for lines, the Reader for pages."""

    def __init__(self, options: argparse.Namespace) -> None:
        cv2.setNumThreads(options.threads)
        self._reader = Reader(options.model or "default", options.threads)

    def decode(self, data: bytes) -> Pixels:
        return decode(data).pixels

    def read_line(self, picture: Pixels) -> str:
        return read_carefully(self._reader.recogniser, [to_gray(picture)])[0].reading.text

    def read_page(self, data: bytes) -> list[Found]:
        page = self._reader.read(data)
        return [(line.text, [list(point) for point in line.polygon]) for line in page.lines]


if __name__ == "__main__":
    serve(Penjing)
