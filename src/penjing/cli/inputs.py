"""What a command is to read: files, or - for standard input."""

from __future__ import annotations

import sys
from pathlib import Path


def content(path: str) -> Path | bytes:
    """The path of a file, or for ``-`` the bytes of standard input.

    No more are read than the largest document has and one, by which it is seen to be too large.
    """
    if path != "-":
        return Path(path)
    from penjing.documents.pdf import DEFAULT_PDF_LIMITS  # not needed for files that a server reads

    return sys.stdin.buffer.read(DEFAULT_PDF_LIMITS.bytes + 1)
