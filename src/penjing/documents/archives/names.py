"""Names as archives hold them, made safe and readable."""

from __future__ import annotations

from collections.abc import Container, Sequence
from contextlib import suppress
from itertools import count
from pathlib import PurePosixPath


def decoded(raw: bytes, encodings: Sequence[str]) -> str:
    """By the last of ``encodings`` that fits; with marks for what fits none."""
    name = raw.decode("utf-8", errors="replace")
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            name = raw.decode(encoding)
    return name


def tamed(name: str) -> str:
    """With forward slashes, relative, without ``..`` and NUL; empty if nothing is left."""
    parts = PurePosixPath(name.replace("\\", "/").replace("\0", "")).parts
    return "/".join(part for part in parts if part not in ("/", "//", ".."))


def untaken(name: str, taken: Container[str]) -> str:
    """``name``, or with a number before its suffix where another file has been tamed to it."""
    if name not in taken:
        return name
    path = PurePosixPath(name)
    numbered = (str(path.with_name(f"{path.stem} ({k}){path.suffix}")) for k in count(2))
    return next(each for each in numbered if each not in taken)
