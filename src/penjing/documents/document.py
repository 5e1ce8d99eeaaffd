"""A PDF, a picture, or a file of several pictures: opened as pages to be read one by one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from penjing.documents.kind import FIRST_BYTES, is_pdf, or_a_pdf
from penjing.documents.leaf import Leaf
from penjing.documents.page_range import page_numbers
from penjing.documents.pdf import DEFAULT_PDF_LIMITS, Pdf, PdfLimits, read_page
from penjing.errors import MissingPicture, PageRangeError
from penjing.files import printable
from penjing.runtime.enhance import enhance
from penjing.runtime.frames import Frames
from penjing.runtime.pictures import DEFAULT_LIMITS, Picture
from penjing.runtime.reader import Reader, ReadOptions


class Document:
    """The pages of a file; a context manager. ``numbers`` counts from 1, or holds None for the
    only page of a picture.

    ``source`` is a path or a file's bytes, ``pages`` a range like ``"1-3,7"``. The pages of a TIFF
    and the frames of an animation are pages. Raises PageRangeError, or what ``Pdf`` and ``decode``
    raise.
    """

    def __init__(
        self,
        source: Path | bytes,
        name: str = "",
        pages: str | None = None,
        limits: PdfLimits = DEFAULT_PDF_LIMITS,
    ) -> None:
        self._name = printable(name or (str(source) if isinstance(source, Path) else ""))
        self._opened: Pdf | Frames
        if is_pdf(_beginning(source)):
            self._opened = Pdf(source, limits)
        else:
            with or_a_pdf():
                self._opened = Frames(source, replace(DEFAULT_LIMITS, bytes=limits.bytes))
        self.numbers: list[int | None] = [None]
        if isinstance(self._opened, Pdf) or len(self._opened) > 1:
            self.numbers = list(page_numbers(pages, len(self._opened)))
        elif pages is not None:
            raise PageRangeError("a picture has no pages to choose from")

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def read(
        self,
        number: int | None,
        reader: Reader,
        options: ReadOptions | None = None,
        pixels: bool = False,
    ) -> Leaf:
        """One of ``numbers``; if ``pixels``, with its picture as read. Raises PictureError."""
        options = options or ReadOptions()
        steps = options.enhancement
        if isinstance(self._opened, Frames) or number is None:
            picture = self.picture(number)
            page = reader.read(picture, options)
            seen = enhance(picture.pixels, steps) if pixels else None
            return Leaf(page, self._name, number, seen, picture.dpi)
        page = read_page(self._opened, number, reader, options)
        rendered = enhance(self.picture(number).pixels, steps) if pixels else None
        return Leaf(page, self._name, number, rendered, self._opened.look(number).dpi)

    def picture(self, number: int | None, dpi: float | None = None) -> Picture:
        """One page as a picture; ``dpi`` holds for PDFs. Raises PictureError."""
        if isinstance(self._opened, Pdf):
            return self._opened.render(number or 1, dpi)
        return self._opened.picture((number or 1) - 1)


def _beginning(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:FIRST_BYTES]
    try:
        with source.open("rb") as file:
            return file.read(FIRST_BYTES)
    except (OSError, ValueError) as error:
        raise MissingPicture.at(source, error) from error
