"""``penjing train``: from a TOML file to weights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors
from penjing.cli.processes import run_in


@app.command(rich_help_panel=WORKSHOP)
def train(
    config: Annotated[Path, typer.Argument(help="A TOML file; configs/default.toml is one.")],
    processes: Annotated[
        int, typer.Option(min=1, help="Processes on this machine that share the shards of [data].")
    ] = 1,
) -> None:
    """Train a recogniser, or go on where the run in its folder was stopped.

    On several machines: torchrun … -m penjing train CONFIG.
    """
    from penjing.training.config import TrainConfig

    with typed_errors():
        run = TrainConfig.from_toml(config)
        if processes > 1:
            run_in(processes, "penjing", "train", str(config))
            return
        from penjing.compression.distillation import lesson_of
        from penjing.training.loop import train as run_training
        from penjing.training.processes import Processes

        first = Processes().first  # of torchrun's
        weights = run_training(run, lesson_of(run))
        if first:
            typer.echo(f"weights in {weights}")
