"""PDF pages as pictures, within limits; or their own text, where that is sound.

PDFium (through pypdfium2) does the work. It is not safe to use from two threads at once, so every
call holds one lock; reading what was rendered does not.

>>> with Pdf("report.pdf") as pdf:
...     pages = [read_page(pdf, number, reader) for number in (1, 2)]
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from penjing.documents import drawings, text_layer
from penjing.documents.page_space import to_pixels
from penjing.documents.patterns import patterned
from penjing.documents.text_lines import page_of
from penjing.documents.text_seen import seen
from penjing.errors import (
    BrokenPicture,
    ConfigError,
    EmptyPicture,
    EncryptedPdf,
    MissingPicture,
    PageRangeError,
    PictureTooLarge,
)
from penjing.runtime.caution import Caution
from penjing.runtime.pictures import Picture
from penjing.runtime.result import Page

if TYPE_CHECKING:
    from penjing.runtime.reader import Reader, ReadOptions

_POINTS = 72.0  # to an inch
_EM_PIXELS = 28.0  # small text is rendered this high: 10.5 pt (五号) at 192 dpi
_LEAST_DPI, _USUAL_DPI, _MOST_DPI = 100.0, 200.0, 300.0
_GLANCE = 4  # times coarser a page is rendered to see which of its characters show
_SCAN = 0.5  # pictures that cover this much of a page make it a scan
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_pdfium = threading.RLock()


@dataclass(frozen=True)
class PdfLimits:
    """What is refused, or for ``pixels`` of one rendered page, lowered to by a lower resolution."""

    bytes: int = 256 * 1024 * 1024
    pages: int = 5_000
    pixels: int = 36_000_000
    embedded_pixels: int = 250_000_000  # of one picture inside the file, before it is scaled


DEFAULT_PDF_LIMITS = PdfLimits()


@dataclass(frozen=True)
class Sheet:
    """What is known of a page before it is rendered.

    ``dpi`` is the resolution that its smaller text, or the scan on it, asks for, as far as the
    limits allow it. ``own`` is its own text at that resolution (route "text_layer"), or None where
    it cannot be relied on; then ``objection`` says why, unless there is no text at all.
    """

    number: int
    dpi: float
    own: Page | None
    objection: Caution | None = None


class Pdf:
    """An open PDF; a context manager. Pages are numbered from 1.

    ``source`` is a path or the file's bytes. Raises MissingPicture, EmptyPicture,
    PictureTooLarge, EncryptedPdf (also for a wrong ``password``) or BrokenPicture.
    """

    def __init__(
        self,
        source: str | os.PathLike[str] | bytes,
        limits: PdfLimits = DEFAULT_PDF_LIMITS,
        password: str | None = None,
    ) -> None:
        self.limits = limits
        self._last: Sheet | None = None
        pdfium = _library()
        data = source if isinstance(source, bytes) else _read_file(Path(source), limits)
        if not data:
            raise EmptyPicture("the PDF is empty (0 bytes)")
        if len(data) > limits.bytes:
            raise PictureTooLarge(f"the PDF is larger than {limits.bytes:,} bytes")
        with _typed_errors():
            self._document = pdfium.PdfDocument(data, password=password)
            self._document.init_forms()  # or the values of fields would not be drawn
            self._count = len(self._document)
        if self._count > limits.pages:
            self.close()
            raise PictureTooLarge(f"{self._count:,} pages; at most {limits.pages:,}")

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with _pdfium:
            self._document.close()

    def look(self, number: int) -> Sheet:
        """Resolution and own text of a page. Raises PageRangeError or PictureError."""
        last = self._last  # a page is usually looked at several times in a row
        if last is not None and last.number == number:
            return last
        with self._page(number) as page:
            width, height = page.get_size()
            pictures = drawings.pictures(page, self.limits.embedded_pixels)
            glyphs = text_layer.glyphs(page)
            dpi = self._fit(_wanted_dpi(width * height, pictures, glyphs), width, height)
            own, objection = None, None
            if glyphs.count:
                objection = _objection(page, glyphs, pictures)
            if glyphs.count and not objection:
                glyphs = seen(glyphs, page, dpi / _POINTS / _GLANCE)
                objection = text_layer.objection_to_hiding(glyphs)
            if glyphs.count and not objection:
                scale = dpi / _POINTS
                own = page_of(glyphs, to_pixels(page, scale), *_pixels(width, height, scale))
        self._last = sheet = Sheet(number, dpi, own, objection)
        return sheet

    def render(self, number: int, dpi: float | None = None) -> Picture:
        """A page as an upright RGB picture; ``dpi`` defaults to what ``look`` found.

        The resolution is lowered where the limit on pixels asks for it; where little is left to
        read by, with a warning. Raises PageRangeError or PictureError.
        """
        wanted = self.look(number).dpi if dpi is None else dpi
        with self._page(number) as page:
            drawings.pictures(page, self.limits.embedded_pixels)
            possible = self._fit(wanted, *page.get_size())
            bitmap = page.render(scale=possible / _POINTS, rev_byteorder=True)
            pixels = np.array(bitmap.to_numpy())
            bitmap.close()
        if pixels.ndim == 3 and pixels.shape[2] == 4:
            pixels = np.ascontiguousarray(pixels[:, :, :3])
        if dpi is not None or possible >= _LEAST_DPI:
            return Picture(pixels)
        coarse = f"a very large page, rendered at {possible:.0f} dpi only"
        return Picture(pixels, (Caution("coarse", coarse),))

    def _fit(self, dpi: float, width: float, height: float) -> float:
        # One pixel of slack on each side, since PDFium rounds sides up.
        most = (self.limits.pixels**0.5 - 2) / (width * height) ** 0.5 * _POINTS
        longest = 60_000 / max(width, height) * _POINTS
        return min(dpi, most, longest)

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        if not 1 <= number <= self._count:
            raise PageRangeError(f"there is no page {number}; the PDF has {self._count}")
        with _typed_errors():
            page = self._document[number - 1]
            try:
                if min(page.get_size()) < 1:
                    raise EmptyPicture(f"page {number} has no area")
                yield page
            finally:
                page.close()


def read_page(pdf: Pdf, number: int, reader: Reader, options: ReadOptions | None = None) -> Page:
    """A page's own text where it is sound, otherwise what a reader says of it.

    With ``options.line`` or an enhancement the page is always rendered. Raises PageRangeError or
    PictureError.
    """
    from penjing.runtime.reader import ReadOptions

    options = options or ReadOptions()
    sheet = pdf.look(number)
    if sheet.own is not None and not (options.line or options.enhancement):
        return sheet.own
    page = reader.read(pdf.render(number), options)
    if sheet.objection:
        page = replace(page, warnings=(*page.warnings, sheet.objection))
    return page


def _objection(
    page: Any, glyphs: text_layer.Glyphs, pictures: list[drawings.Embedded]
) -> Caution | None:
    """Why a page's own text is not to be relied on, or may not be all; None if it seems sound."""
    width, height = page.get_size()
    covered = sum(picture.area for picture in pictures) / (width * height)
    found = (
        text_layer.objection(glyphs)
        or text_layer.objection_to_pictures(covered)
        or text_layer.objection_to_pictures(covered + patterned(page))
        or text_layer.objection_to_notes(drawings.notes(page))
    )
    if found:
        return found
    shapes = drawings.shapes(page, enough=text_layer.too_many_shapes(glyphs))
    return text_layer.objection_to_shapes(glyphs, shapes)


def _pixels(width: float, height: float, scale: float) -> tuple[int, int]:
    """The size of a page rendered at ``scale``; PDFium rounds sides up."""
    return math.ceil(width * scale), math.ceil(height * scale)


def _wanted_dpi(area: float, pictures: list[drawings.Embedded], glyphs: text_layer.Glyphs) -> float:
    """The scan's own resolution, or that at which the smaller characters are high enough."""
    scan = _scan_dpi(area, pictures)
    if scan is not None:
        dpi = scan
    elif glyphs.count:
        dpi = _POINTS * _EM_PIXELS / max(1.0, float(np.percentile(glyphs.heights, 10)))
    else:
        dpi = _USUAL_DPI
    return min(max(dpi, _LEAST_DPI), _MOST_DPI)


def _scan_dpi(area: float, pictures: list[drawings.Embedded]) -> float | None:
    """The finest resolution that enough of a page is scanned at, be it in one picture, in several
    over one another, or in strips."""
    covered = 0.0
    for picture in sorted(pictures, key=lambda picture: -picture.dpi):
        covered += picture.area
        if covered > _SCAN * area:
            return picture.dpi
    return None


def _library() -> Any:
    try:
        import pypdfium2
    except ImportError as error:
        raise ConfigError("reading PDFs needs pypdfium2: pip install pypdfium2") from error
    return pypdfium2


def _read_file(path: Path, limits: PdfLimits) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.bytes + 1)
    except (OSError, ValueError) as error:
        raise MissingPicture.at(path, error) from error


@contextmanager
def _typed_errors() -> Iterator[None]:
    """Holds the lock; what PDFium says becomes one of our errors."""
    from pypdfium2 import PdfiumError

    with _pdfium:
        try:
            yield
        except PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD_ERROR:
                raise EncryptedPdf("the PDF is encrypted; it needs its password") from error
            raise BrokenPicture(f"the PDF is damaged: {error}") from error
        except MemoryError as error:
            raise PictureTooLarge("not enough memory for the page") from error
