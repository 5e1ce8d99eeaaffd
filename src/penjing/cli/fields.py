"""``penjing fields``: the values on invoices, tickets, receipts, business cards, nameplates."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from penjing.cli import READING, app
from penjing.cli.inputs import content
from penjing.cli.options import Model, Threads
from penjing.cli.output import complain, typed_errors
from penjing.errors import PenjingError, PictureError


@app.command("fields", rich_help_panel=READING)
def read_fields(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Pictures and PDFs; - is stdin.")
    ],
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.toml",
            help="What to look for. Default: the shipped template that fits best.",
        ),
    ] = None,
    form: Annotated[
        Literal["text", "json"],
        typer.Option("--format", help="json: one object a line for each page."),
    ] = "text",
    model: Model = "default",
    threads: Threads = None,
) -> None:
    """Find the values on invoices, tickets and receipts: amounts, dates, tax numbers, names.

    A mark says what their checks gave: ✓ passed, · nothing to check it by, ✗ failed. A file that
    cannot be read is reported and left out; the exit status is then 1.
    """
    from penjing.documents.document import Document
    from penjing.documents.leaf import pixels_of
    from penjing.fields import Rereader, extract, load
    from penjing.fields.writing import as_json, as_text
    from penjing.runtime.reader import Reader

    with typed_errors():
        chosen = None if template is None else load(template)
        reader = Reader(model, threads)
    failed = False
    for file in files:
        try:
            with Document(content(file), file) as document:
                for number in document.numbers:
                    try:
                        leaf = document.read(number, reader, pixels=True)
                    except PictureError as error:  # one page must not cost the others
                        complain(error, file if number is None else f"{file}, page {number}")
                        failed = True
                        continue
                    again = Rereader(pixels_of(leaf), reader.recogniser)
                    found = extract(leaf.page, chosen, again)
                    told = as_json(leaf, found) if form == "json" else as_text(leaf, found, chosen)
                    sys.stdout.write(told)
        except PenjingError as error:
            complain(error, file)
            failed = True
    if failed:
        raise typer.Exit(1)
