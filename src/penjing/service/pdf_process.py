"""The process that has a PDF open and draws its pages: ``python -m penjing.service.pdf_process``.

It takes its orders as a line of JSON and then the PDF on standard input, and says how many pages
there are; told which of them are wanted, it writes for each a line of JSON and the pixels, or a
line with the error. After ``out_of_memory`` it ends.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any

from penjing.errors import PenjingError
from penjing.service.errors import BrokenPDF, Internal, OutOfMemory
from penjing.service.limits import MEGABYTE
from penjing.service.memory import enough_memory, peak_bytes

# Where PDFium gets no memory for a part of a page, it may leave that part out and say nothing. So
# it may have more than a page may take, and the page is given up: of no part so large as this.
_SPARE = 256 * MEGABYTE


def main() -> None:
    """Draw what is asked for on standard input."""
    orders = json.loads(sys.stdin.buffer.readline())
    memory = allow(resource.RLIMIT_AS, orders["memory"] + _SPARE) - _SPARE
    allow(resource.RLIMIT_CPU, orders["seconds"])
    allow(resource.RLIMIT_CORE, 0)
    try:
        with enough_memory():
            for header, pixels in _draw(orders, memory):
                _write(header, pixels)
    except Exception as error:
        _write(_told(error))


def allow(kind: int, most: int) -> int:
    """No more than this, and than was allowed already: who may lower a limit may not raise it.

    Gives what is allowed now.
    """
    _, allowed = resource.getrlimit(kind)
    most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
    resource.setrlimit(kind, (most, most))
    return most


def _allow_seconds(more: float) -> None:
    """The process ends after so much more processor time."""
    _, allowed = resource.getrlimit(resource.RLIMIT_CPU)
    most = min(math.ceil(time.process_time() + more), allowed)
    resource.setrlimit(resource.RLIMIT_CPU, (most, allowed))


def _write(header: dict[str, Any], pixels: bytes = b"") -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(header).encode() + b"\n")
    out.write(pixels)
    out.flush()  # or a page would be lost with the next one


def _draw(orders: dict[str, Any], memory: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    from penjing.documents.pdf import Pdf, PdfLimits

    limits = PdfLimits(pixels=orders["pixels"], embedded_pixels=orders["embedded_pixels"])
    _allow_seconds(orders["page_seconds"])
    with Pdf(sys.stdin.buffer.read(orders["bytes"]), limits) as pdf:
        if not len(pdf):
            raise BrokenPDF("the PDF has no pages")
        yield {"count": len(pdf)}, b""
        for number in json.loads(sys.stdin.buffer.readline()):
            _allow_seconds(orders["page_seconds"])
            try:
                with enough_memory():
                    drawn = _page(pdf, number, orders["recognise"])
                if peak_bytes() > memory:
                    raise OutOfMemory
            except OutOfMemory:
                raise  # what it has held at the most would be told of the next page too
            except Exception as error:
                yield _told(error), b""
            else:
                yield drawn


def _page(pdf: Any, number: int, recognise: bool) -> tuple[dict[str, Any], bytes]:
    picture = pdf.render(number)
    sheet = pdf.look(number)
    own = None if recognise else sheet.own
    warnings = [*picture.warnings, *filter(None, [sheet.objection])]
    header = {
        "shape": picture.pixels.shape,
        "warnings": [(warning.code, warning.message) for warning in warnings],
        "own": own and own.to_dict(),
    }
    return header, picture.pixels.tobytes()


def _told(error: Exception) -> dict[str, Any]:
    if isinstance(error, PenjingError):
        return {"error": error.code, "message": str(error)}
    return {"error": Internal.code, "message": "".join(traceback.format_exception(error))}


if __name__ == "__main__":
    main()
