"""PDF pages for the service, opened and drawn in a process of their own.

A hostile file can make a renderer loop, grow or crash; there it costs one request only. This
module is that process's program too: ``python -m penjing.service.pdf`` takes its orders as a line
of JSON and then the PDF on standard input, and writes for each page a line of JSON and the pixels.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from penjing import errors
from penjing.errors import PenjingError
from penjing.runtime.pictures import Picture
from penjing.runtime.result import Page
from penjing.service.errors import BrokenPDF
from penjing.service.jobs import Deadline
from penjing.service.limits import Limits
from penjing.service.pages import DrawnPage, LostPage, chosen

if TYPE_CHECKING:
    from penjing.service.options import RequestOptions


def draw_pages(
    data: bytes, options: RequestOptions, limits: Limits, deadline: Deadline
) -> Iterator[DrawnPage | LostPage]:
    """The pages asked for, one at a time; with their own text unless it is to be recognised.

    Raises PageRangeError, EncryptedPdf, PictureError, BrokenPDF or DeadlinePassed.
    """
    deadline.check()
    orders = {
        "pages": options.pages,
        "recognise": bool(options.read.line or options.read.enhancement),
        "most_pages": limits.pages,
        "pixels": limits.page_pixels,
        "embedded_pixels": limits.picture.pixels,
        "memory": limits.pdf_memory,
        "seconds": math.ceil(deadline.left) + 1,
    }
    command = [sys.executable, "-m", "penjing.service.pdf"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            with _in_time(child, limits, deadline), suppress(BrokenPipeError), child.stdin:
                child.stdin.write(json.dumps(orders).encode() + b"\n" + data)
            while True:
                with _in_time(child, limits, deadline):
                    drawn = _receive(child.stdout)
                if drawn is None:
                    return
                yield drawn
        finally:
            child.kill()


@contextmanager
def _in_time(child: subprocess.Popen[bytes], limits: Limits, deadline: Deadline) -> Iterator[None]:
    """Kill the child if this takes too long; what waits for it then sees its output end."""
    deadline.check()
    timer = threading.Timer(min(deadline.left, limits.page_seconds), child.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        deadline.check()  # rather than what an output that ended is taken for


def _receive(output: IO[bytes]) -> DrawnPage | LostPage | None:
    """The next page, or None after the last one."""
    try:
        header = json.loads(output.readline())
    except ValueError as error:
        raise BrokenPDF("the PDF takes too much time or memory to draw") from error
    if "error" in header:
        told = _error(header["error"], header["message"])
        if "number" not in header:
            raise told
        return LostPage(header["number"], header["count"], told)
    if header.get("end"):
        return None
    shape = tuple(header["shape"])
    pixels = output.read(math.prod(shape))
    if len(pixels) < math.prod(shape):
        raise BrokenPDF("the PDF takes too much time or memory to draw")
    picture = Picture(np.frombuffer(pixels, np.uint8).reshape(shape), tuple(header["warnings"]))
    own = Page.from_dict(header["own"]) if header["own"] else None
    return DrawnPage(header["number"], header["count"], picture, own)


def _error(code: str, message: str) -> PenjingError:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    named = next((k for k in kinds if issubclass(k, PenjingError) and k.code == code), BrokenPDF)
    return named(message)


def _child() -> None:
    import resource

    orders = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (orders["memory"], orders["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (orders["seconds"], orders["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout.buffer
    try:
        for header, pixels in _draw(sys.stdin.buffer.read(), orders):
            out.write(json.dumps(header).encode() + b"\n")
            out.write(pixels)
        header = {"end": True}
    except PenjingError as error:
        header = {"error": error.code, "message": str(error)}
    out.write(json.dumps(header).encode() + b"\n")


def _draw(data: bytes, orders: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bytes]]:
    from penjing.documents.pdf import Pdf, PdfLimits
    from penjing.errors import PictureError

    limits = PdfLimits(pixels=orders["pixels"], embedded_pixels=orders["embedded_pixels"])
    with Pdf(data, limits) as pdf:
        count = len(pdf)
        if not count:
            raise BrokenPDF("the PDF has no pages")
        numbers, warnings = chosen(orders["pages"], count, orders["most_pages"])
        for number in numbers:
            place = {"number": number, "count": count}
            try:
                picture = pdf.render(number)
                sheet = pdf.look(number)
                own = None if orders["recognise"] else sheet.own
            except PictureError as error:  # one page must not cost the others
                if len(numbers) == 1:
                    raise
                yield {**place, "error": error.code, "message": str(error)}, b""
                continue
            header = {
                **place,
                "shape": picture.pixels.shape,
                "warnings": [*warnings, *picture.warnings, *filter(None, [sheet.objection])],
                "own": own and own.to_dict(),
            }
            yield header, picture.pixels.tobytes()


if __name__ == "__main__":
    _child()
