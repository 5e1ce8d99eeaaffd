"""Plain text, the lines of a row side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from penjing.documents.leaf import Leaf


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    """A form feed between pages, as pdftotext has it."""
    for k, leaf in enumerate(leaves):
        yield f"{chr(12) if k else ''}{leaf.page.text}\n".encode()


def write_titled(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    """Each page below its title and above an empty line, for many files on one screen."""
    for leaf in leaves:
        yield f"# {leaf.title}\n{leaf.page.text}\n\n".encode()
