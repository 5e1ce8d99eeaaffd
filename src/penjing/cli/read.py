"""``penjing read``: pictures in, text out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from penjing.cli import app
from penjing.cli.output import complain, typed_errors, write_bytes
from penjing.errors import ConfigError, PenjingError

if TYPE_CHECKING:
    from penjing.runtime.result import Page


@app.command()
def read(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Pictures; - is stdin.")],
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="json is one page a line.")
    ] = "text",
    line: Annotated[bool, typer.Option("--line", help="Each picture is one line.")] = False,
    draw: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Draw what was read, of one picture.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="A shipped model's name, or an .onnx file.")
    ] = "default",
    threads: Annotated[
        int | None, typer.Option(min=1, help="Default: what affinity and quota allow.")
    ] = None,
) -> None:
    """Read pictures, in order; one that cannot be read costs only itself, and status 1."""
    from penjing.runtime.pictures import decode
    from penjing.runtime.reader import Reader, ReadOptions

    with typed_errors():
        if draw and len(paths) != 1:
            raise ConfigError(f"--draw takes one picture, not {len(paths)}")
        reader = Reader(model, threads, detector=None if line else "default")
    options = ReadOptions(line=True if line else None)
    failed = False
    for path in paths:
        try:
            picture = decode(_stdin(reader.limits.bytes) if path == "-" else path, reader.limits)
            page = reader.read(picture, options)
            if draw:
                from penjing.runtime.draw import draw_page

                write_bytes(draw, draw_page(picture.pixels, page))
        except PenjingError as error:
            complain(error, path)
            failed = True
            continue
        for warning in page.warnings:
            print(f"penjing: {path}: {warning}", file=sys.stderr)
        _print(path, page, form, titled=len(paths) > 1)
    if failed:
        raise typer.Exit(1)


def _stdin(limit: int) -> bytes:
    return sys.stdin.buffer.read(limit + 1)


def _print(path: str, page: Page, form: str, titled: bool) -> None:
    if form == "json":
        print(json.dumps({"file": path, **page.to_dict()}, ensure_ascii=False))
    else:
        print(f"# {path}\n{page.text}\n" if titled else page.text)
