"""The ONNX models inside faster-paddle's wheel, which embeds them in one shared library."""

from __future__ import annotations

import hashlib

VERSION = "1.0.4"  # of the wheel whose models are known by their hashes
_START = bytes.fromhex("080812001a003a")  # IR version 8, empty names, then the graph


def embedded(library: bytes, size: int, sha256: str, what: str) -> bytes:
    """The model of ``size`` bytes whose hash begins with ``sha256``.

    Raises RuntimeError, with ``what`` it was to be, where the library holds another.
    """
    at = library.find(_START)
    while at >= 0:
        model = library[at : at + size]
        if hashlib.sha256(model).hexdigest().startswith(sha256):
            return model
        at = library.find(_START, at + 1)
    raise RuntimeError(f"this faster-paddle holds another {what}; {VERSION} was expected")
