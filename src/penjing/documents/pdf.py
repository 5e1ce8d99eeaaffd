"""PDF pages as pictures, within limits; or their own text, where that is sound.

PDFium (through pypdfium2) does the work. It is not safe to use from two threads at once, so every
call holds one lock; reading what was rendered does not.

>>> with Pdf("report.pdf") as pdf:
...     pages = [read_page(pdf, number, reader) for number in (1, 2)]
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from penjing.documents import text_layer
from penjing.errors import (
    BrokenPicture,
    ConfigError,
    EmptyPicture,
    EncryptedPdf,
    MissingPicture,
    PageRangeError,
    PictureTooLarge,
)
from penjing.runtime.pictures import Picture
from penjing.runtime.result import Line, Page

if TYPE_CHECKING:
    from penjing.runtime.reader import Reader, ReadOptions

_POINTS = 72.0  # to an inch
_EM_PIXELS = 28.0  # small text is rendered this high: 10.5 pt (五号) at 192 dpi
_LEAST_DPI, _USUAL_DPI, _MOST_DPI = 100.0, 200.0, 300.0
_SCAN = 0.5  # a picture that covers this much of a page makes it a scan
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

    ``width`` and ``height`` are in points, upright. ``dpi`` is the resolution that its smaller
    text, or the scan on it, asks for. ``lines`` is its own text at that resolution, or None where
    it cannot be relied on; then ``objection`` says why, unless there is no text at all.
    """

    number: int
    width: float
    height: float
    dpi: float
    lines: tuple[Line, ...] | None
    objection: str = ""


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
        """Size, resolution and own text of a page. Raises PageRangeError or PictureError."""
        last = self._last  # a page is usually looked at several times in a row
        if last is not None and last.number == number:
            return last
        with self._page(number) as page:
            width, height = page.get_size()
            pictures = _pictures(page, self.limits)
            glyphs = text_layer.glyphs(page)
            dpi = _wanted_dpi(width * height, pictures, glyphs)
            objection = text_layer.objection(glyphs)
            if glyphs.count and not objection:
                covered = sum(picture.area for picture in pictures) / (width * height)
                objection = text_layer.objection_to_pictures(covered)
                objection = objection or text_layer.objection_to_notes(_notes(page))
            lines = None
            if glyphs.count and not objection:
                lines = text_layer.lines(glyphs, text_layer.to_pixels(page, dpi / _POINTS))
        self._last = sheet = Sheet(number, width, height, dpi, lines, objection)
        return sheet

    def render(self, number: int, dpi: float | None = None) -> Picture:
        """A page as an upright RGB picture; ``dpi`` defaults to what ``look`` found.

        The resolution is lowered, with a warning, where the limit on pixels asks for it.
        Raises PageRangeError or PictureError.
        """
        wanted = self.look(number).dpi if dpi is None else dpi
        with self._page(number) as page:
            _pictures(page, self.limits)
            width, height = page.get_size()
            possible = self._fit(wanted, width, height)
            bitmap = page.render(scale=possible / _POINTS, rev_byteorder=True)
            pixels = np.array(bitmap.to_numpy())
            bitmap.close()
        if pixels.ndim == 3 and pixels.shape[2] == 4:
            pixels = np.ascontiguousarray(pixels[:, :, :3])
        if possible < min(wanted, _LEAST_DPI):
            return Picture(pixels, (f"a very large page, rendered at {possible:.0f} dpi only",))
        return Picture(pixels)

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


def is_pdf(data: bytes) -> bool:
    """Whether a file that begins with ``data`` is a PDF: its mark is among the first 1024 bytes."""
    return b"%PDF-" in data[:1024]


def own_text(pdf: Pdf, number: int) -> Page | None:
    """A page's own text where it is sound (route "text_layer"); None where it has to be read.

    Raises PageRangeError or PictureError.
    """
    sheet = pdf.look(number)
    if sheet.lines is None:
        return None
    width, height = (round(side * sheet.dpi / _POINTS) for side in (sheet.width, sheet.height))
    said = ("the PDF's own text was taken; nothing was recognised",)
    return Page(sheet.lines, width, height, "text_layer", "none", warnings=said)


def read_page(pdf: Pdf, number: int, reader: Reader, options: ReadOptions | None = None) -> Page:
    """A page's own text where it is sound, otherwise what a reader says of it.

    With ``options.line`` or an enhancement the page is always rendered. Raises PageRangeError or
    PictureError.
    """
    from penjing.runtime.reader import ReadOptions

    options = options or ReadOptions()
    own = None if options.line or options.enhancement else own_text(pdf, number)
    if own is not None:
        return own
    sheet = pdf.look(number)
    page = reader.read(pdf.render(number, sheet.dpi), options)
    if sheet.objection:
        page = replace(page, warnings=(*page.warnings, sheet.objection))
    return page


@dataclass(frozen=True)
class _Embedded:
    """A picture on a page: its area in square points, and its resolution."""

    area: float
    dpi: float


def _pictures(page: Any, limits: PdfLimits) -> list[_Embedded]:
    """Raises PictureTooLarge before PDFium would unpack a picture beyond the limit."""
    from pypdfium2 import raw

    found = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=6):
        across, down = thing.get_px_size()
        if across * down > limits.embedded_pixels:
            raise PictureTooLarge(
                f"a picture of {across:,} × {down:,} pixels is inside; "
                f"at most {limits.embedded_pixels:,} pixels"
            )
        left, bottom, right, top = thing.get_bounds()
        area = max(0.0, right - left) * max(0.0, top - bottom)
        found.append(_Embedded(area, _POINTS * (across * down / max(area, 1e-6)) ** 0.5))
    return found


def _notes(page: Any) -> int:
    """How many fields of forms, stamps, and notes written on the page bear text of their own."""
    from pypdfium2 import raw

    bearing = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET)
    found = 0
    for k in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, k)
        found += raw.FPDFAnnot_GetSubtype(note) in bearing
        raw.FPDFPage_CloseAnnot(note)
    return found


def _wanted_dpi(area: float, pictures: list[_Embedded], glyphs: text_layer.Glyphs) -> float:
    """The scan's own resolution, or that at which the smaller characters are high enough."""
    scans = [picture for picture in pictures if picture.area > _SCAN * area]
    if scans:
        dpi = max(scan.dpi for scan in scans)
    elif glyphs.count:
        dpi = _POINTS * _EM_PIXELS / max(1.0, float(np.percentile(glyphs.heights, 10)))
    else:
        dpi = _USUAL_DPI
    return min(max(dpi, _LEAST_DPI), _MOST_DPI)


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
