"""Whether a file is a picture or a PDF, by its first bytes: one answer for every door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from penjing.errors import UnsupportedFormat
from penjing.runtime.frames import sniff

FIRST_BYTES = 1024  # among which a PDF's mark is; what transfers put before it is common


def is_pdf(data: bytes) -> bool:
    """Whether a file that begins with ``data`` is a PDF. A picture with a PDF's mark in it, as in a
    comment, is a picture."""
    try:
        sniff(data)
    except UnsupportedFormat:
        return b"%PDF-" in data[:FIRST_BYTES]
    return False


@contextmanager
def or_a_pdf() -> Iterator[None]:
    """Where PDFs are read as well, the error for what is no picture says so."""
    try:
        yield
    except UnsupportedFormat as error:
        raise UnsupportedFormat(f"{error}, or of a PDF") from error
