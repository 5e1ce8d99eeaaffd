"""``penjing models``: what ships with the package, and what can be trained."""

from __future__ import annotations

from typing import Annotated

import typer

from penjing.cli import app


@app.command()
def models(
    families: Annotated[
        bool, typer.Option("--families", help="List the families that can be trained instead.")
    ] = False,
    measure: Annotated[
        bool, typer.Option("--measure", help="With --families: export and time each, untrained.")
    ] = False,
) -> None:
    """List the shipped models: size, parameters, characters, and where their cards are."""
    if families:
        _families(measure)
    else:
        _shipped()


def _shipped() -> None:
    from rich.console import Console
    from rich.table import Table

    from penjing.runtime.weights import describe, shipped

    table = Table("model", "family", "size", "parameters", "characters", "card")
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

    from penjing.report.families import overview

    measured = ("ONNX", "ms a line") if measure else ()
    table = Table("family", "backbone", "parameters", "multiply-adds, 32×320", *measured)
    for row in overview(measure):
        costs = [
            f"{row.backbone / 1e6:.2f} M",
            f"{row.parameters / 1e6:.2f} M",
            f"{row.multiply_adds / 1e6:.0f} M",
        ]
        if row.bytes is not None and row.milliseconds is not None:
            costs += [f"{row.bytes / 1e6:.2f} MB", f"{row.milliseconds:.2f}"]
        table.add_row(row.name, *costs)
    Console().print(table)
