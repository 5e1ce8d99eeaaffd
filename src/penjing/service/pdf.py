"""PDF pages as pictures, drawn by pypdfium2 in a process of its own.

A hostile file can make a renderer loop, grow or crash; there it costs one request only. This
module is that process's program as well: ``python -m penjing.service.pdf`` reads one PDF from its
standard input and writes a header in JSON, then each page's raw gray pixels.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from penjing.runtime.pictures import Picture
from penjing.service.errors import BadRequest, BrokenPDF
from penjing.service.jobs import Deadline
from penjing.service.limits import Limits

MAGIC = b"%PDF-"
_LONGEST = 20_000  # pixels; a page may be a hair wide and a mile long


@dataclass(frozen=True)
class PDFPage:
    """``number`` is from 1; ``count`` is of the whole file."""

    number: int
    count: int
    picture: Picture


def is_pdf(data: bytes) -> bool:
    return data.startswith(MAGIC)


def draw_pages(
    data: bytes, pages: tuple[int, int] | None, limits: Limits, deadline: Deadline
) -> list[PDFPage]:
    """The pages asked for, gray. Raises BadRequest, BrokenPDF or DeadlinePassed."""
    first, last = pages or (1, limits.pages)
    if last - first >= limits.pages:
        raise BadRequest(f"at most {limits.pages} pages in one request")
    deadline.check()
    seconds = min(deadline.left, limits.page_seconds * (last - first + 2))
    command = [sys.executable, "-m", __name__, str(first), str(last)]
    bounds = [limits.page_dpi, limits.page_pixels, limits.pdf_memory, math.ceil(seconds)]
    try:
        done = subprocess.run(
            command + [str(bound) for bound in bounds],
            input=data,
            capture_output=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        deadline.check()
        raise BrokenPDF("the PDF takes too long to draw") from error
    if done.returncode:
        raise BrokenPDF("the PDF is damaged or takes too much memory to draw")
    return list(_unpack(done.stdout, first, whole=pages is None))


def _unpack(output: bytes, first: int, whole: bool) -> Iterator[PDFPage]:
    end = output.index(b"\n")
    header = json.loads(output[:end])
    if "error" in header:
        raise BrokenPDF(header["error"])
    count, sizes = header["count"], header["sizes"]
    if not sizes:
        raise BadRequest(f"the PDF has {count} pages; there is no page {first}")
    warnings: tuple[str, ...] = ()
    if whole and count > len(sizes):
        warnings = (f"only the first {len(sizes)} of {count} pages are read; ask for a range",)
    start = end + 1
    for k, (width, height) in enumerate(sizes):
        pixels = np.frombuffer(output, np.uint8, width * height, start).reshape(height, width)
        yield PDFPage(first + k, count, Picture(pixels, warnings))
        start += width * height


def _child(first: int, last: int, dpi: int, most: int, memory: int, seconds: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2

    data = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    try:
        pdf = pypdfium2.PdfDocument(data)
        count = len(pdf)
        rasters = [_draw(pdf[k - 1], dpi, most) for k in range(first, min(last, count) + 1)]
    except pypdfium2.PdfiumError as error:
        reason = "is encrypted" if "password" in str(error).lower() else "cannot be opened or drawn"
        out.write(json.dumps({"error": f"the PDF {reason}"}).encode() + b"\n")
        return
    sizes = [(raster.shape[1], raster.shape[0]) for raster in rasters]
    out.write(json.dumps({"count": count, "sizes": sizes}).encode() + b"\n")
    for raster in rasters:
        out.write(raster.tobytes())


def _draw(page, dpi: int, most: int) -> np.ndarray[Any, Any]:  # type: ignore[no-untyped-def]
    """Gray (H, W) uint8 of at most ``most`` pixels; the size is known before anything is drawn."""
    across, down = page.get_size()  # in points, 1/72 inch
    scale = min(dpi / 72, math.sqrt(most / max(1.0, across * down)))
    scale = min(scale, _LONGEST / max(across, down, 1.0))
    raster: np.ndarray[Any, Any] = page.render(scale=scale, grayscale=True).to_numpy()
    raster = raster.reshape(raster.shape[:2])
    height, width = raster.shape
    return np.pad(raster, [(0, max(0, 4 - height)), (0, max(0, 4 - width))], constant_values=255)


if __name__ == "__main__":
    _child(*(int(argument) for argument in sys.argv[1:]))
