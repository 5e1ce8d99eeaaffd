"""A searchable PDF: each page is its picture, with the text over it, invisible.

Text is drawn in rendering mode 3 with ``invisible_font``'s font, each word stretched over its box.
Every character that occurs gets the next code; a ToUnicode map says what the codes are, so that
Chinese needs no embedded font (ISO 32000-1, 9.3.6, 9.7.4 and 9.10.3).
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from math import hypot

from PIL import Image

from penjing.documents.formats.invisible_font import ASCENT, DESCENT, EM, font_file
from penjing.documents.leaf import Leaf, pixels_of
from penjing.errors import OutputError
from penjing.runtime.pictures import Pixels
from penjing.runtime.result import Line, Quad, Word

_POINTS = 72.0
_USUAL_DPI = 200.0
_LONGEST = 14_400.0  # points, ISO 32000-1, annex C.2
_QUALITY = 80
_CATALOG, _PAGES, _FONT = 1, 2, 3  # objects that are written last, once all pages are known


def write(leaves: Iterable[Leaf]) -> Iterator[bytes]:
    file, codes = _File(), _Codes()
    yield file.header()
    kids = []
    for leaf in leaves:
        page, pieces = _page(file, codes, leaf)
        kids.append(page)
        yield pieces
    if not kids:
        raise OutputError("a PDF needs a page that could be read")
    yield file.put(_CATALOG, f"<< /Type /Catalog /Pages {_PAGES} 0 R >>")
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    yield file.put(_PAGES, f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>")
    yield _font(file, codes)
    yield file.trailer()


class _File:
    """Numbers objects and remembers where each began."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self._written = 0
        self._last = _FONT

    def new(self) -> int:
        self._last += 1
        return self._last

    def header(self) -> bytes:
        # Four bytes above 127 tell transfer programs that the file is binary.
        return self._count(b"%PDF-1.5\n%\xe7\x9b\x86\xe6\n")

    def put(self, number: int, dictionary: str, stream: bytes | None = None) -> bytes:
        self._places[number] = self._written
        body = dictionary.encode("latin-1")
        if stream is not None:
            body += b"\nstream\n" + stream + b"\nendstream"
        return self._count(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")

    def deflated(self, number: int, data: bytes, more: str = "") -> bytes:
        packed = zlib.compress(data)
        return self.put(number, f"<< /Filter /FlateDecode /Length {len(packed)} {more}>>", packed)

    def trailer(self) -> bytes:
        size = self._last + 1
        rows = "".join(f"{self._places[k]:010} 00000 n \n" for k in range(1, size))
        return (
            f"xref\n0 {size}\n0000000000 65535 f \n{rows}"
            f"trailer\n<< /Size {size} /Root {_CATALOG} 0 R >>\n"
            f"startxref\n{self._written}\n%%EOF\n"
        ).encode()

    def _count(self, data: bytes) -> bytes:
        self._written += len(data)
        return data


class _Codes:
    """Two-byte codes by order of first occurrence, from 1."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def encode(self, text: str) -> str:
        return "".join(f"{self.of.setdefault(letter, len(self.of) + 1):04X}" for letter in text)


def _page(file: _File, codes: _Codes, leaf: Leaf) -> tuple[int, bytes]:
    pixels = pixels_of(leaf)
    dpi = max(leaf.dpi or _USUAL_DPI, max(pixels.shape[:2]) * _POINTS / _LONGEST)
    height, width = (side * _POINTS / dpi for side in pixels.shape[:2])
    page, image, content = file.new(), file.new(), file.new()
    # The page's lines are in pixels of the picture as it was read, which may have been scaled.
    scale = width / max(1, leaf.page.width)
    drawing = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Im Do Q\nBT 3 Tr\n"
    drawing += "".join(_line(codes, line, scale, height) for line in leaf.page.lines) + "ET\n"
    resources = f"<< /XObject << /Im {image} 0 R >> /Font << /F {_FONT} 0 R >> >>"
    return page, (
        file.put(
            page,
            f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] "
            f"/Resources {resources} /Contents {content} 0 R >>",
        )
        + _image(file, image, pixels)
        + file.deflated(content, drawing.encode())
    )


def _image(file: _File, number: int, pixels: Pixels) -> bytes:
    height, width = pixels.shape[:2]
    space = "DeviceGray" if pixels.ndim == 2 else "DeviceRGB"
    jpeg = io.BytesIO()
    Image.fromarray(pixels).save(jpeg, "JPEG", quality=_QUALITY)
    data = jpeg.getvalue()
    return file.put(
        number,
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /{space} "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(data)} >>",
        data,
    )


def _line(codes: _Codes, line: Line, scale: float, height: float) -> str:
    """Words, each with the space after it stretched to where the next one begins."""
    drawn = ""
    for word, after in zip(line.words, (*line.words[1:], None), strict=True):
        drawn += _words(codes, word.text, word.polygon, scale, height)
        if after is not None:
            drawn += _words(codes, " ", _between(word, after), scale, height)
    return drawn


def _between(word: Word, after: Word) -> Quad:
    return (word.polygon[1], after.polygon[0], after.polygon[3], word.polygon[2])


def _words(codes: _Codes, text: str, polygon: Quad, scale: float, height: float) -> str:
    """Operators that stretch ``text`` over ``polygon``, whose y points down, in pixels."""
    (left, top), _, (right, bottom), (x, y) = polygon
    size = hypot(x - left, y - top) * scale
    length = hypot(right - x, bottom - y) * scale
    if size < 0.01 or length < 0.01:
        return ""
    along, across = (right - x) * scale / length, (y - bottom) * scale / length
    # The base line lies above the lower edge by the font's descent.
    rise = -DESCENT / EM
    start_x, start_y = (x + rise * (left - x)) * scale, height - (y + rise * (top - y)) * scale
    stretch = 100 * length / (size * len(text))
    matrix = f"{along:.5f} {across:.5f} {-across:.5f} {along:.5f} {start_x:.3f} {start_y:.3f}"
    return f"/F {size:.3f} Tf {stretch:.3f} Tz {matrix} Tm <{codes.encode(text)}> Tj\n"


def _font(file: _File, codes: _Codes) -> bytes:
    descendant, descriptor, program, glyph_map, unicode_map = (file.new() for _ in range(5))
    outlines = font_file()
    return b"".join(
        (
            file.put(
                _FONT,
                "<< /Type /Font /Subtype /Type0 /BaseFont /Invisible /Encoding /Identity-H "
                f"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>",
            ),
            file.put(
                descendant,
                "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Invisible "
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                f"/DW {EM} /FontDescriptor {descriptor} 0 R "
                f"/CIDToGIDMap {glyph_map} 0 R >>",
            ),
            file.put(
                descriptor,
                "<< /Type /FontDescriptor /FontName /Invisible /Flags 4 "
                f"/FontBBox [0 {DESCENT} {EM} {ASCENT}] "
                f"/ItalicAngle 0 /Ascent {ASCENT} /Descent {DESCENT} "
                f"/CapHeight {ASCENT} /StemV 80 /FontFile2 {program} 0 R >>",
            ),
            file.deflated(program, outlines, f"/Length1 {len(outlines)} "),
            file.deflated(glyph_map, b"\0\0" * (len(codes.of) + 1)),
            file.deflated(unicode_map, _to_unicode(codes)),
        )
    )


def _to_unicode(codes: _Codes) -> bytes:
    pairs = [
        f"<{code:04X}> <{letter.encode('utf-16-be', 'replace').hex().upper()}>"
        for letter, code in codes.of.items()
    ]
    blocks = [pairs[k : k + 100] for k in range(0, len(pairs), 100)]
    maps = "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{maps}"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
