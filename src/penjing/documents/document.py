"""A picture or a PDF, opened as pages that can be read one by one."""

from __future__ import annotations

from pathlib import Path

from penjing.documents.leaf import Leaf
from penjing.documents.pdf import (
    DEFAULT_PDF_LIMITS,
    Pdf,
    PdfLimits,
    is_pdf,
    page_numbers,
    read_page,
)
from penjing.errors import MissingPicture, PageRangeError
from penjing.runtime.pictures import DEFAULT_LIMITS, Picture, PictureLimits, decode
from penjing.runtime.reader import Reader, ReadOptions


class Document:
    """The pages of a file; a context manager. ``numbers`` holds None for a picture's only page.

    ``source`` is a path or a file's bytes, ``pages`` a range like ``"1-3,7"`` for PDFs. Raises
    PageRangeError, or what ``Pdf`` raises.
    """

    def __init__(
        self,
        source: Path | bytes,
        name: str = "",
        pages: str | None = None,
        limits: PdfLimits = DEFAULT_PDF_LIMITS,
    ) -> None:
        self._source, self._name = source, name or str(source if isinstance(source, Path) else "")
        self._pdf = Pdf(source, limits) if is_pdf(_beginning(source)) else None
        self.numbers: list[int | None] = [None]
        if self._pdf is not None:
            self.numbers = list(page_numbers(pages, len(self._pdf)))
        elif pages is not None:
            raise PageRangeError("a picture has no pages to choose from")

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def read(
        self,
        number: int | None,
        reader: Reader,
        options: ReadOptions | None = None,
        pixels: bool = False,
    ) -> Leaf:
        """One of ``numbers``; with its picture if ``pixels``. Raises PictureError."""
        if self._pdf is None or number is None:
            picture = decode(self._source, reader.limits)
            page = reader.read(picture, options or ReadOptions())
            return Leaf(page, self._name, None, picture.pixels if pixels else None)
        page = read_page(self._pdf, number, reader, options)
        rendered = self.picture(number).pixels if pixels else None
        return Leaf(page, self._name, number, rendered, self._pdf.look(number).dpi)

    def picture(
        self, number: int | None, limits: PictureLimits = DEFAULT_LIMITS, dpi: float | None = None
    ) -> Picture:
        """One page as a picture; ``dpi`` holds for PDFs. Raises PictureError."""
        if self._pdf is None or number is None:
            return decode(self._source, limits)
        return self._pdf.render(number, dpi)


def _beginning(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:1024]
    try:
        with source.open("rb") as file:
            return file.read(1024)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise MissingPicture(f"cannot open {str(source)!r}: {reason}") from error
