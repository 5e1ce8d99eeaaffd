"""What a command is to read: files, and - for what comes in on stdin."""

from __future__ import annotations

import sys
from pathlib import Path


def content(path: str) -> Path | bytes:
    """A file to be opened, or all of stdin, up to a byte more than a document may have."""
    if path != "-":
        return Path(path)
    from penjing.documents.pdf import DEFAULT_PDF_LIMITS  # what a server reads needs none of it

    return sys.stdin.buffer.read(DEFAULT_PDF_LIMITS.bytes + 1)
