"""PP-OCRv6 tiny's recogniser alone: the ONNX file inside faster-paddle's wheel, on ONNX Runtime.

That wheel embeds its models in one shared library and offers no call for a line; so the bytes of
the recogniser (4.46 MB, Apache-2.0) and of its dictionary are found there, and run with the wheel's
own preprocessing as its README states it: height 48, width at least 64, BGR from -1 to 1. The
published reference pads to 320; this is the faster way, so the comparison is not in our favour.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime

from benchmarks.workers.embedded import embedded
from benchmarks.workers.loop import Found, serve

_HEIGHT, _NARROWEST = 48, 64
_SIZE = 4_462_498
_SHA256 = "63e9e23c26f77daf"  # its beginning
_LONGEST = 1 << 19  # bytes of a dictionary


class Tiny:
    """One line at a time, at its own width."""

    def __init__(self, options: argparse.Namespace) -> None:
        cv2.setNumThreads(options.threads)
        library = _library()
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = options.threads
        settings.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            embedded(library, _SIZE, _SHA256, "tiny recogniser"),
            settings,
            providers=["CPUExecutionProvider"],
        )
        classes = self._session.get_outputs()[0].shape[-1]
        self._characters = ["", *_dictionary(library, classes - 2), " "]

    def decode(self, data: bytes) -> Any:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)

    def read_line(self, picture: Any) -> str:
        height, width = picture.shape[:2]
        fitted = cv2.resize(picture, (max(1, -(-width * _HEIGHT // height)), _HEIGHT))
        image = np.zeros((1, 3, _HEIGHT, max(_NARROWEST, fitted.shape[1])), np.float32)
        image[0, :, :, : fitted.shape[1]] = fitted.transpose(2, 0, 1) / 127.5 - 1
        labels = self._session.run(None, {"x": image})[0][0].argmax(axis=1)
        kept = np.flatnonzero(np.concatenate(([True], labels[1:] != labels[:-1])))
        return "".join(self._characters[labels[k]] for k in kept)

    def read_page(self, data: bytes) -> list[Found]:
        raise NotImplementedError("a recogniser of lines; faster-paddle reads its pages")


def _library() -> bytes:
    package = importlib.util.find_spec("faster_paddle")
    assert package is not None
    assert package.origin is not None
    return next(Path(package.origin).parent.glob("*.so")).read_bytes()


def _dictionary(library: bytes, size: int) -> list[str]:
    """The JSON list of ``size`` characters that stands beside the models."""
    at = library.find(b'["')
    while at >= 0:
        text = library[at : at + _LONGEST].decode(errors="replace")
        try:
            characters, _ = json.JSONDecoder().raw_decode(text)
        except ValueError:
            characters = []
        if len(characters) == size:
            return [str(character) for character in characters]
        at = library.find(b'["', at + 1)
    raise RuntimeError(f"this faster-paddle holds no list of {size} characters")


if __name__ == "__main__":
    serve(Tiny)
