"""``penjing train``, ``average``, ``export``: from a TOML file to weights, from weights to ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import app
from penjing.cli.output import typed_errors


def run_in(processes: int, module: str, *arguments: str) -> None:
    """Run a module in so many processes of this machine that share their work."""
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main as torchrun

    try:
        torchrun(["--standalone", f"--nproc-per-node={processes}", "-m", module, *arguments])
    except ChildFailedError as error:
        raise typer.Exit(1) from error  # the processes have said why


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="A TOML file; configs/default.toml is one.")],
    processes: Annotated[
        int, typer.Option(min=1, help="Processes on this machine; they share data.shards.")
    ] = 1,
) -> None:
    """Train a recogniser, or go on where the run in its folder stopped.

    For several machines: torchrun … -m penjing.training CONFIG.
    """
    from penjing.training.config import TrainConfig

    with typed_errors():
        run = TrainConfig.from_toml(config)
        if processes > 1:
            run_in(processes, "penjing.training", str(config))
        else:
            from penjing.training.loop import train as run_training

            run_training(run)
        typer.echo(f"weights in {Path(run.run.folder) / 'weights.safetensors'}")


@app.command()
def average(
    earlier: Annotated[Path, typer.Argument(help="The weights that training started from.")],
    later: Annotated[Path, typer.Argument(help="Those that came of it.")],
    out: Annotated[Path, typer.Argument(help="The .safetensors file to write.")],
    share: Annotated[float, typer.Option(help="Of the later ones in the average, 0 to 1.")] = 0.7,
) -> None:
    """Write the weights between two of one training: they often read better than either."""
    from penjing.models import load, save
    from penjing.models.average import between

    with typed_errors():
        save(out, between(load(earlier), load(later), share))
        typer.echo(f"weights in {out}")


@app.command()
def export(
    weights: Annotated[Path, typer.Argument(help="A .safetensors file with its plan.")],
    out: Annotated[Path, typer.Argument(help="The .onnx file to write.")],
    half: Annotated[bool, typer.Option(help="Store weights in fp16.")] = True,
) -> None:
    """Write a trained recogniser as ONNX, after checking that both read alike."""
    from penjing.export import export as write
    from penjing.models import load

    with typed_errors():
        model = load(weights)
        write(model, out, half=half)
        typer.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
