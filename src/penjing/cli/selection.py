"""``penjing selection``: ways of choosing channels, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors
from penjing.files import write_whole


@app.command(rich_help_panel=WORKSHOP)
def selection(
    config: Annotated[
        Path, typer.Argument(help="A TOML file such as configs/selection-small.toml.")
    ],
    threads: Annotated[int, typer.Option(min=1, help="Threads to compute with.")] = 1,
) -> None:
    """Compare ways of choosing channels: cut one network by each, fine-tune alike, measure.

    Writes selection.csv, selection.md and selection.png. A run that was stopped goes on.
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
