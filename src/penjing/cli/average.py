"""``penjing average``: the weighted mean of two networks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors


@app.command(rich_help_panel=WORKSHOP)
def average(
    earlier: Annotated[Path, typer.Argument(help="The weights that training started from.")],
    later: Annotated[Path, typer.Argument(help="The weights that it ended with.")],
    out: Annotated[Path, typer.Argument(help="The .safetensors file to write.")],
    share: Annotated[float, typer.Option(help="Share of the later weights, 0 to 1.")] = 0.7,
) -> None:
    """Average the weights of a training's start and end: it often reads better than either."""
    from penjing.models import load, save
    from penjing.models.average import between

    with typed_errors():
        save(out, between(load(earlier), load(later), share))
        typer.echo(f"weights in {out}")
