"""``penjing compare`` and ``selection``: models side by side, ways of choosing side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import app
from penjing.cli.output import typed_errors
from penjing.errors import ConfigError
from penjing.files import write_whole


@app.command()
def compare(
    models: Annotated[list[Path], typer.Argument(help=".safetensors or .onnx files.")],
    data: Annotated[
        Path | None, typer.Option(help="A folder with labels.tsv; rendered lines without it.")
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

    Rendered lines are written in the first one's characters.
    """
    from penjing.report import compare as report
    from penjing.report.exam import exam

    with typed_errors():
        if out is not None and out.suffix not in report.FORMATS:
            raise ConfigError(f"{out} must end in one of {', '.join(report.FORMATS)}")
        judged_on = exam(data, report.characters(models[0]), lines, held_out)
        rows = report.compare(models, judged_on, repeats)
        if out is None:
            typer.echo(report.markdown(rows), nl=False)
        else:
            write_whole(out, [report.FORMATS[out.suffix](rows).encode()])


@app.command()
def selection(
    config: Annotated[Path, typer.Argument(help="A TOML file, as configs/selection-vgg.toml.")],
    threads: Annotated[int, typer.Option(min=1, help="Threads to compute with.")] = 1,
) -> None:
    """Cut one network by every way of choosing channels, heal alike, and compare.

    Goes on where it was stopped. Writes selection.csv, .md and .png.
    """
    from penjing.compression import selection as experiment
    from penjing.training.config import read_toml

    with typed_errors():
        import torch

        torch.set_num_threads(threads)
        plan = read_toml(experiment.SelectionConfig, config)
        outcomes = []
        for outcome in experiment.compare(plan):
            outcomes.append(outcome)
            typer.echo(f"{outcome.method:10} {outcome.characters:.2%} of the characters")
        folder = Path(plan.folder)
        write_whole(folder / "selection.md", [experiment.markdown(outcomes).encode()])
        experiment.plot(outcomes, folder / "selection.png")
