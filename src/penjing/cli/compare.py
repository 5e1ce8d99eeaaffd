"""``penjing compare``: models side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors
from penjing.errors import ConfigError
from penjing.files import prepare, write_whole


@app.command(rich_help_panel=WORKSHOP)
def compare(
    models: Annotated[list[Path], typer.Argument(help=".safetensors or .onnx files.")],
    data: Annotated[
        Path | None,
        typer.Option(help="A folder with labels.tsv, never trained on; rendered lines without it."),
    ] = None,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Render in fonts that no network was trained on.")
    ] = False,
    lines: Annotated[
        int, typer.Option(min=1, help="How many to measure on, of all kinds alike.")
    ] = 100,
    repeats: Annotated[int, typer.Option(min=1, help="Times each line is timed.")] = 3,
    out: Annotated[Path | None, typer.Option(help="Write a .md, .csv or .json file.")] = None,
) -> None:
    """Cost, speed and accuracy side by side; changes are against the first.

    Each line is read once, as it stands. Rendered lines are written in the first one's characters;
    their first ones are also those that training validates on and prune's gate judged by.
    """
    import cv2

    from penjing.report import compare as report
    from penjing.report.exam import exam

    cv2.setNumThreads(1)
    with typed_errors():
        if out is not None:
            if out.suffix not in report.FORMATS:
                raise ConfigError(f"{out} must end in one of {', '.join(report.FORMATS)}")
            prepare(out)
        judged_on = exam(data, report.characters(models[0]), lines, held_out)
        rows = report.compare(models, judged_on, repeats)
        if out is None:
            typer.echo(report.markdown(rows), nl=False)
        else:
            write_whole(out, [report.FORMATS[out.suffix](rows).encode()])
