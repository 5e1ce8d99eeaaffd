"""rapidocr-onnxruntime 1.4: PP-OCRv4 mobile through ONNX Runtime."""

from __future__ import annotations

import argparse
from typing import Any

import cv2
import numpy as np
from rapidocr_onnxruntime import RapidOCR

from benchmarks.workers.loop import Found, serve


class RapidV4:
    """Its defaults, but for the threads."""

    def __init__(self, options: argparse.Namespace) -> None:
        cv2.setNumThreads(options.threads)
        self._engine = RapidOCR(intra_op_num_threads=options.threads, inter_op_num_threads=1)

    def decode(self, data: bytes) -> Any:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)

    def read_line(self, picture: Any) -> str:
        found, _ = self._engine(picture, use_det=False, use_cls=False, use_rec=True)
        return "".join(text for text, _ in found or ())

    def read_page(self, data: bytes) -> list[Found]:
        found, _ = self._engine(data)
        return [(text, np.asarray(box).tolist()) for box, text, _ in found or ()]


if __name__ == "__main__":
    serve(RapidV4)
