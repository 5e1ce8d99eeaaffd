"""rapidocr 3: PP-OCRv6 small through ONNX Runtime, as its own users call it."""

from __future__ import annotations

import argparse
from typing import Any

import cv2
import numpy as np
from rapidocr import RapidOCR

from benchmarks.workers.loop import Found, serve


class Rapid:
    """Its defaults, but for the threads and for being quiet."""

    def __init__(self, options: argparse.Namespace) -> None:
        cv2.setNumThreads(options.threads)
        self._engine: Any = RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": options.threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "error",
            }
        )

    def decode(self, data: bytes) -> Any:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)

    def read_line(self, picture: Any) -> str:
        found = self._engine(picture, use_det=False, use_cls=False, use_rec=True)
        return "".join(found.txts or ())

    def read_page(self, data: bytes) -> list[Found]:
        found = self._engine(data, use_det=True, use_cls=True, use_rec=True)
        if found.boxes is None:
            return []
        return list(zip(found.txts, np.asarray(found.boxes).tolist(), strict=True))


if __name__ == "__main__":
    serve(Rapid)
