"""faster-paddle 1: PP-OCRv6 tiny or small, in Rust; whole pages are all it reads."""

from __future__ import annotations

import argparse
from typing import Any

from faster_paddle import OcrEngine

from benchmarks.workers.loop import Found, serve


class FasterPaddle:
    """Its defaults, but for the threads; ``--model`` is tiny or small."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._engine = OcrEngine(model_size=options.model or "tiny", threads=options.threads)

    def decode(self, data: bytes) -> bytes:
        return data

    def read_line(self, picture: Any) -> str:
        raise NotImplementedError("faster-paddle has no way around its detector")

    def read_page(self, data: bytes) -> list[Found]:
        return [
            (line["text"], _corners(line["topLeftCoord"], line["bottomRightCoord"]))
            for line in self._engine.ocr(data)["bounds"].values()
        ]


def _corners(top_left: tuple[float, float], bottom_right: tuple[float, float]) -> list[list[float]]:
    (left, top), (right, bottom) = top_left, bottom_right
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


if __name__ == "__main__":
    serve(FasterPaddle)
