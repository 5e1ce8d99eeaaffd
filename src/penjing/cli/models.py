"""``penjing models``: what ships with the package, and what can be trained."""

from __future__ import annotations

from typing import Annotated

import typer

from penjing.cli import READING, app
from penjing.cli.output import tracked


@app.command(rich_help_panel=READING)
def models(
    families: Annotated[
        bool,
        typer.Option(
            "--families", help="List instead the families of networks that can be trained."
        ),
    ] = False,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure", help="With --families: export each and time it, reading and training."
        ),
    ] = False,
) -> None:
    """List the shipped models: size, parameters, characters, and where their cards are."""
    if families:
        _families(measure)
    else:
        _shipped()


def _shipped() -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from penjing.runtime.weights import describe, shipped

    card = Column("card", overflow="fold")
    table = Table("model", "family", "size", "parameters", "characters", card)
    for path in shipped().values():
        about = describe(path)
        table.add_row(
            about.name,
            about.family,
            f"{about.bytes / 1e6:.2f} MB",
            f"{about.parameters:,}" if about.parameters else "",
            f"{about.characters:,}",
            str(about.card) if about.card else "none",
        )
    Console().print(table)


def _families(measure: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from penjing.models.backbones import families as registered
    from penjing.training.families import overview

    if measure:
        import torch

        torch.set_num_threads(1)
    measured = ("ONNX", "ms a line", "training lines/s") if measure else ()
    table = Table("family", "backbone", "parameters", "multiply-adds, 32×320", *measured)
    for row in tracked(overview(measure), "measuring families", len(registered())):
        costs = [
            f"{row.backbone / 1e6:.2f} M",
            f"{row.parameters / 1e6:.2f} M",
            f"{row.multiply_adds / 1e6:.0f} M",
        ]
        if row.measured:
            costs.append(f"{row.measured.bytes / 1e6:.2f} MB")
            costs.append(f"{row.measured.milliseconds:.2f}")
            costs.append(f"{row.measured.training_lines:.0f}")
        table.add_row(row.name, *costs)
    Console().print(table)
