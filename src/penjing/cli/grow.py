"""``penjing grow``: a wider network that reads the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors
from penjing.errors import ConfigError


@app.command(rich_help_panel=WORKSHOP)
def grow(
    model: Annotated[Path, typer.Argument(help="A .safetensors file with its plan.")],
    out: Annotated[Path, typer.Argument(help="The .safetensors file to write.")],
    widths: Annotated[
        str,
        typer.Option(help="Groups of channels and their new widths, as recurrent.0=128,rank=160."),
    ],
) -> None:
    """Widen a trained network without changing what it reads, so that it can learn more."""
    from penjing.compression.growth import grown
    from penjing.models import load, save
    from penjing.report.counting import line_cost, parameters

    with typed_errors():
        narrow = load(model)
        wide = grown(narrow, dict(map(_width, widths.split(","))))
        save(out, wide)
        typer.echo(
            f"{parameters(narrow):,} parameters became {parameters(wide):,}, and "
            f"{line_cost(narrow.plan):,} multiply-adds of a line of 320 px "
            f"{line_cost(wide.plan):,}; weights in {out}"
        )


def _width(said: str) -> tuple[str, int]:
    name, _, width = said.partition("=")
    if not width.isdecimal():
        raise ConfigError(f"--widths wants group=width, with commas between, got {said!r}")
    return name.strip(), int(width)
