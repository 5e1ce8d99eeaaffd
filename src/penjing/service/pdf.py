"""PDF pages for the service, opened and drawn in a process of their own (``pdf_process``).

A hostile file can make a renderer loop, grow or crash; there it costs one page only, since another
process goes on after it. What a page may take is counted in processor time: that the machine is
busy with others is no fault of the file's.
"""

from __future__ import annotations

import json
import logging
import math
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from penjing import errors
from penjing.errors import PenjingError, PictureError
from penjing.runtime.caution import Caution
from penjing.runtime.pictures import Picture
from penjing.runtime.result import Page
from penjing.service.errors import BrokenPDF, DeadlinePassed, Internal, OutOfMemory
from penjing.service.faults import fault
from penjing.service.jobs import Deadline
from penjing.service.limits import Limits
from penjing.service.memory import enough_memory
from penjing.service.pages import DrawnPage, LostPage, chosen

if TYPE_CHECKING:
    from penjing.service.options import RequestOptions

log = logging.getLogger("penjing.service")

_HAD_NO_MEMORY = (  # a process that ends by one of these
    signal.SIGTRAP,  # PDFium, and at other places
    signal.SIGILL,  # or on other processors
    signal.SIGABRT,  # C++
    signal.SIGKILL,  # the system
)


def draw_pages(
    data: bytes, options: RequestOptions, limits: Limits, deadline: Deadline
) -> Iterator[DrawnPage | LostPage]:
    """The pages asked for, one at a time; with their own text unless it is to be recognised.

    Raises PageRangeError, EncryptedPdf, PictureError, BrokenPDF, OutOfMemory, Internal or
    DeadlinePassed.
    """
    recognise = bool(options.read.line or options.read.enhancement)
    numbers: list[int] | None = None
    while numbers is None or numbers:
        with _Drawer(data, recognise, limits, deadline) as drawer:
            if numbers is None:
                numbers, warnings = chosen(options.pages, drawer.count, limits.pages)
                alone = len(numbers) == 1
            drawer.order(numbers)
            while numbers and drawer.lives:
                number = numbers.pop(0)
                try:
                    picture, own = drawer.take()
                except (PictureError, BrokenPDF, OutOfMemory, Internal) as error:
                    # One page must not cost the others.
                    if alone:
                        raise
                    yield LostPage(number, drawer.count, error)
                else:
                    picture = replace(picture, warnings=warnings + picture.warnings)
                    own = own and replace(own, warnings=warnings + own.warnings)
                    yield DrawnPage(number, drawer.count, picture, own)


class _Drawer:
    """A process that has the PDF open and draws the pages that it is told; a context manager.

    ``count`` is the number of pages, ``lives`` turns false once the process has ended, or had to
    be. Raises what ``draw_pages`` does.
    """

    def __init__(self, data: bytes, recognise: bool, limits: Limits, deadline: Deadline) -> None:
        deadline.check()
        self._limits, self._deadline = limits, deadline
        self.lives = True
        self._late = False
        orders = {
            "bytes": len(data),
            "recognise": recognise,
            "pixels": limits.page_pixels,
            "embedded_pixels": limits.picture.pixels,
            "memory": limits.pdf_memory,
            "page_seconds": limits.page_seconds,
            "seconds": math.ceil(deadline.left) + 1,
        }
        command = [sys.executable, "-m", "penjing.service.pdf_process"]
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        try:
            with self._in_time():
                self._send(json.dumps(orders).encode() + b"\n", data)
                self.count: int = self._receive()["count"]
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> _Drawer:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        with suppress(BrokenPipeError):
            self._child.__exit__(None, None, None)

    def order(self, numbers: list[int]) -> None:
        """Have these pages drawn, in this order."""
        self._send(json.dumps(numbers).encode() + b"\n")

    def take(self) -> tuple[Picture, Page | None]:
        """The next page's picture and its own text, if sound."""
        with self._in_time():
            header = self._receive()
            pixels = self._read(math.prod(header["shape"]))
        shown = np.frombuffer(pixels, np.uint8).reshape(header["shape"])
        picture = Picture(shown, tuple(Caution(*warning) for warning in header["warnings"]))
        return picture, Page.from_dict(header["own"]) if header["own"] else None

    def _send(self, *pieces: bytes) -> None:
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):  # it has ended, which is seen by its output
            for piece in pieces:
                self._child.stdin.write(piece)
            self._child.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """The next line. Raises the error that it tells of, or why there is none."""
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        header: dict[str, Any] = json.loads(line)
        if "error" in header:
            error = _error(header["error"], header["message"])
            self.lives = not isinstance(error, OutOfMemory)
            raise error
        return header

    def _read(self, size: int) -> bytes:
        assert self._child.stdout is not None
        try:
            with enough_memory():
                pixels = self._child.stdout.read(size)
        except OutOfMemory:
            self.lives = False  # the rest of the page is still coming
            raise
        if len(pixels) < size:
            raise self._ended()
        return pixels

    def _ended(self) -> PenjingError:
        """Why the process wrote no more."""
        self.lives = False
        status = self._child.wait()
        if self._late:
            return DeadlinePassed("it could not be read in time")
        if -status in _HAD_NO_MEMORY:
            log.warning("penjing: out of memory: a PDF's process ended by signal %d", -status)
            return OutOfMemory()
        if -status == signal.SIGXCPU:
            most = self._limits.page_seconds
            return BrokenPDF(f"the PDF takes more than {most:g} s of processor time to draw")
        if status < 0:
            return BrokenPDF("the PDF makes the program crash that draws it")
        return fault(f"a PDF's process ended with status {status}")

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Kill the process at the deadline; what waits for it then sees its output end."""
        self._deadline.check()
        timer = threading.Timer(self._deadline.left, self._kill_late)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _kill_late(self) -> None:
        self._late = True
        self._child.kill()


def _error(code: str, message: str) -> PenjingError:
    if code == OutOfMemory.code:
        return OutOfMemory()
    if code == Internal.code:
        return fault(message)
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    named = next((k for k in kinds if issubclass(k, PenjingError) and k.code == code), BrokenPDF)
    return named(message)
