"""Small PDFs, made by hand or by Pillow and pypdf, to test with."""

from __future__ import annotations

import io

import bands
import numpy as np
from PIL import Image


def typed(
    *pages: str,
    size: tuple[int, int] = (400, 300),
    rotate: int = 0,
    notes: str = "",
    catalog: str = "",
    page: str = "",
    resources: str = "",
    more: tuple[str, ...] = (),
) -> bytes:
    """Born-digital pages; each string is a content stream, with Helvetica as /F1.

    ``notes`` are annotations, as they stand in a file. So are the entries of ``catalog``, of each
    ``page``, and of its ``resources``, and ``more`` objects, which follow the pages: after one, the
    first is object 6.
    """
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids ["
        + " ".join(f"{4 + 2 * k} 0 R" for k in range(len(pages)))
        + "] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for k, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> {resources} >> /Contents {5 + 2 * k} 0 R "
            f"/Annots [{notes}] {page} >>"
        )
        objects.append(stream(content))
    objects += more
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    head = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n"
    return out + (head + table + "trailer\n" + trailer).encode()


def stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def image(width: int, height: int) -> str:
    """A gray picture of so many pixels."""
    entries = f"/Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
    return stream(
        width * height * "80" + ">",
        f"/Type /XObject {entries} /ColorSpace /DeviceGray /Filter /ASCIIHexDecode",
    )


def form(content: str, resources: str, entries: str = "") -> str:
    """A form XObject."""
    kind = "/Type /XObject /Subtype /Form /BBox [0 0 9999 9999]"
    return stream(content, f"{kind} /Resources << {resources} >> {entries}")


def say(text: str, x: float, y: float, size: float = 12, mode: int = 0) -> str:
    """A line of text whose base line begins at (x, y) points from the page's lower left."""
    return f"BT /F1 {size} Tf {mode} Tr {x} {y} Td ({text}) Tj ET "


def scanned(*texts: str, dpi: int = 200) -> bytes:
    """Pages that are pictures of one line each, in the script of ``bands``."""
    pictures = []
    for text in texts:
        page = np.full((600, 800), 255, np.uint8)
        line = bands.draw(text, scale=2)
        page[200 : 200 + line.shape[0], 60 : 60 + line.shape[1]] = line
        pictures.append(Image.fromarray(page))
    return _bound(pictures, dpi)


def strips(*texts: str, dpi: int = 200) -> bytes:
    """Pages that hold nothing but one line each."""
    return _bound([Image.fromarray(bands.draw(text, scale=2)) for text in texts], dpi)


def _bound(pictures: list[Image.Image], dpi: int) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi)
    return out.getvalue()


def locked(document: bytes, password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
