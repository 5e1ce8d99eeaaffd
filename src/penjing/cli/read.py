"""``penjing read``: pictures and PDFs in, text and other formats out."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from penjing.cli import READING, app
from penjing.cli.inputs import content
from penjing.cli.options import AsLine, Enhance, Literally, Model, Threads, reading
from penjing.cli.output import complain, typed_errors
from penjing.errors import ConfigError, MissingPicture, PenjingError
from penjing.files import prepare, printable, write_whole

if TYPE_CHECKING:
    from penjing.documents.formats import Format
    from penjing.documents.leaf import Leaf
    from penjing.runtime.reader import Reader, ReadOptions

FormatName = Literal["text", "json", "md", "tsv", "hocr", "alto", "page", "pdf", "png"]


@app.command(rich_help_panel=READING)
def read(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Pictures and PDFs; - is stdin.")
    ],
    form: Annotated[
        FormatName, typer.Option("--format", help="json: one object a line for each page.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option(help="The file to write instead of stdout; pdf and png need it.")
    ] = None,
    pages: Annotated[
        str | None, typer.Option(help="Pages of a PDF or TIFF, like 1-3,7,9-.")
    ] = None,
    line: AsLine = False,
    enhance: Enhance = None,
    literal: Literally = False,
    draw: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png", help="Draw the lines found and what was read, of one picture."
        ),
    ] = None,
    model: Model = "default",
    threads: Threads = None,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Let a `penjing serve` read; its token is taken from PENJING_TOKEN."
        ),
    ] = None,
) -> None:
    """Read pictures and PDFs: prints their text, or writes any of nine formats.

    A page that cannot be read is reported and left out; the exit status is then 1.
    """
    from penjing.documents.formats import FORMATS, plain
    from penjing.runtime.reader import Reader

    with typed_errors():
        chosen = FORMATS[form]
        if draw and len(paths) != 1:
            raise ConfigError(f"--draw takes one picture, not {len(paths)}")
        if draw and draw.suffix.lower() != ".png":
            raise ConfigError(f"--draw writes PNG, so its name must end in .png: {str(draw)!r}")
        _keep_apart(paths, {"--draw": draw, "--out": out})
        for file in filter(None, [draw, out]):
            prepare(file)
        if server is not None and (model != "default" or threads is not None):
            raise ConfigError("a server has its own settings; leave --model and --threads out")
        if chosen.pixels and out is None:
            raise ConfigError(f"--format {form} is no text for a terminal; say where with --out")
        pixels = chosen.pixels or draw is not None
        options = reading(line, enhance, literal)
        readings: _Readings
        if server is not None:
            readings = _Served(server, options, pages, pixels)
        else:
            reader = Reader(model, threads, detector=None if line else "default")
            readings = _Here(reader, options, pages, pixels)
        leaves = readings.leaves(paths)
        if draw:
            leaves = _drawn(leaves, draw)
        if out is not None:
            signal.signal(signal.SIGTERM, _end)  # which alone would leave half a file behind
            _write(out, chosen, leaves)
        else:
            titled = form == "text" and len(paths) > 1
            _print((plain.write_titled if titled else chosen.write)(leaves))
    if readings.failed:
        raise typer.Exit(1)


def _end(*_: object) -> None:
    """Leave by an exception, so that a file half written is removed."""
    sys.exit(128 + signal.SIGTERM)


def _keep_apart(paths: list[str], written: dict[str, Path | None]) -> None:
    """Raises ConfigError where a file to be written is one to be read, or the other one."""
    kept: list[tuple[str, str | Path]] = [("an input", path) for path in paths if path != "-"]
    for option, file in written.items():
        if file is None:
            continue
        for what, other in kept:
            if _is_same(file, other):
                raise ConfigError(f"{option} {file} is {what} too, which it would overwrite")
        kept.append((option, file))


def _is_same(one: Path, other: str | Path) -> bool:
    """Whether both are one file: by name, or, where both exist, by what the system says.

    Names may differ and the file be the same, where the file system ignores letters' case.
    """
    try:
        return os.path.realpath(one) == os.path.realpath(other) or os.path.samefile(one, other)
    except (OSError, ValueError):  # not there yet, or no name that a file can have
        return False


class _Readings:
    """Reads file after file; complains of what fails, and goes on."""

    failed = False

    def leaves(self, paths: Iterable[str]) -> Iterator[Leaf]:
        for path in paths:
            try:
                if os.path.isdir(path):
                    raise MissingPicture("it is a folder; penjing batch reads folders")
                for leaf in self._of_one(path):
                    for warning in leaf.page.warnings:
                        print(f"penjing: {leaf.title}: {warning}", file=sys.stderr)
                    yield leaf
            except PenjingError as error:
                self._fail(error, printable(path))

    def _of_one(self, path: str) -> Iterator[Leaf]:
        raise NotImplementedError

    def _fail(self, error: PenjingError, about: str) -> None:
        complain(error, about)
        self.failed = True


class _Here(_Readings):
    """Reads in this process; a page that fails costs only itself."""

    def __init__(
        self, reader: Reader, options: ReadOptions, pages: str | None, pixels: bool
    ) -> None:
        self._reader, self._options = reader, options
        self._pages, self._pixels = pages, pixels

    def _of_one(self, path: str) -> Iterator[Leaf]:
        from penjing.documents.document import Document

        name = printable(path)
        with Document(content(path), name, self._pages) as document:
            for number in document.numbers:
                try:
                    yield document.read(number, self._reader, self._options, self._pixels)
                except PenjingError as error:
                    self._fail(error, name if number is None else f"{name}, page {number}")


class _Served(_Readings):
    """Has a server read; nothing is loaded here."""

    def __init__(self, url: str, options: ReadOptions, pages: str | None, pixels: bool) -> None:
        try:
            from penjing.client import Client
        except ImportError as error:
            raise ConfigError("--server needs httpx: pip install httpx") from error
        if pixels:
            raise ConfigError("a server sends no pictures; --draw, pdf and png are read here")
        self._client = Client(url)
        steps = {step: True for step, wanted in asdict(options.enhancement).items() if wanted}
        self._asked = {"line": options.line, "pages": pages, **steps}
        if not options.language:
            self._asked["language"] = False

    def _of_one(self, path: str) -> Iterator[Leaf]:
        from penjing.client import ServerError
        from penjing.documents.leaf import Leaf
        from penjing.runtime.result import Page

        name = printable(path)
        answer = self._client.read_json(content(path), **self._asked)
        for page in answer.get("pages", [answer]):
            if lost := page.get("error"):
                self._fail(ServerError(**lost), f"{name}, page {page['number']}")
            else:
                yield Leaf(Page.from_dict({**answer, **page}), name, page.get("number"))


def _write(out: Path, form: Format, leaves: Iterator[Leaf]) -> None:
    """Write ``leaves`` to ``out``, unless there are none: then an older file stays."""
    first = next(leaves, None)
    if first is not None:
        write_whole(out, form.write(chain([first], leaves)))


def _print(pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        sys.stdout.buffer.write(piece)  # UTF-8, whatever the terminal's encoding is
        sys.stdout.buffer.flush()


def _drawn(leaves: Iterator[Leaf], out: Path) -> Iterator[Leaf]:
    """The same ``leaves``; the first is drawn to ``out`` on the way, others bring a warning."""
    from penjing.documents.formats import FORMATS

    first = next(leaves, None)
    if first is not None:
        write_whole(out, FORMATS["png"].write([first]))
        yield first
    for number, leaf in enumerate(leaves):
        if number == 0:
            only = "only the first page is drawn; choose another with --pages"
            print(f"penjing: warning: {only}", file=sys.stderr)
        yield leaf
