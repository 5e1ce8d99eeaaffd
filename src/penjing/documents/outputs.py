"""The folder that a batch writes into: how outputs are named after documents, and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from penjing.documents.formats import FORMATS, Format
from penjing.files import prepare, write_whole

HIDDEN = ".penjing"  # what the batch itself needs, below the folder
INDEX, REPORT = "index.jsonl", "report.html"  # of all documents


def output_name(document: str, number: int | None, form: Format) -> str:
    """``number`` is that of the page, where one page makes a file: ``book.pdf.0003.png``."""
    part = f".{number:04}" if form.single and number is not None else ""
    return f"{document}{part}{form.suffix}"


def documents_of(output: str, formats: Iterable[str]) -> Iterator[str]:
    """The names of documents that may have ``output`` in one of the ``formats``."""
    for form in (FORMATS[name] for name in formats):
        if output.endswith(form.suffix):
            document = output[: -len(form.suffix)]
            yield document
            if form.single:
                yield re.sub(r"\.\d{4,}$", "", document)


def write_into(out: Path, path: Path, pieces: Iterable[bytes]) -> None:
    """Write the file ``path`` below ``out``, whole or not at all. Raises OutputError."""
    prepare(path)
    write_whole(path, pieces, through=out / HIDDEN / "unfinished")
