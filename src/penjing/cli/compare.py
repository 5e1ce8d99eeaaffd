"""``penjing compare``: what models cost and how well they read, side by side."""

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
        typer.Option(
            help="A folder with labels.tsv that nothing was trained on. Default: rendered lines."
        ),
    ] = None,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Render in fonts that no network was trained on.")
    ] = False,
    lines: Annotated[
        int, typer.Option(min=1, help="At most how many lines to measure on, as many of each kind.")
    ] = 100,
    skip: Annotated[int, typer.Option(min=0, help="Leave out so many lines first.")] = 0,
    repeats: Annotated[int, typer.Option(min=1, help="How often each line is timed.")] = 3,
    out: Annotated[Path | None, typer.Option(help="Write a .md, .csv or .json file.")] = None,
) -> None:
    """Compare models in cost, speed and accuracy; changes are those against the first model.

    Those in accuracy have their standard error: what is less than twice as much may be chance.
    Lines are read without a second look, rendered ones in the characters of the first model.
    Training and `penjing prune` judge networks by the first of these lines too, which flatters
    them a little: --held-out renders others, and --skip 1000 leaves them out.
    """
    import cv2

    from penjing.report import compare as report
    from penjing.training.exam import exam

    cv2.setNumThreads(1)
    with typed_errors():
        if out is not None:
            if out.suffix not in report.FORMATS:
                raise ConfigError(f"{out} must end in one of {', '.join(report.FORMATS)}")
            prepare(out)
        judged_on = exam(data, report.characters(models[0]), lines, held_out, skip)
        rows = report.compare(models, judged_on, repeats)
        if out is None:
            typer.echo(report.markdown(rows), nl=False)
        else:
            write_whole(out, [report.FORMATS[out.suffix](rows).encode()])
