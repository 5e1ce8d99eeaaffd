"""``penjing export``: from weights to ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors


@app.command(rich_help_panel=WORKSHOP)
def export(
    weights: Annotated[Path, typer.Argument(help="A .safetensors file with its plan.")],
    out: Annotated[Path, typer.Argument(help="The .onnx file to write.")],
    half: Annotated[bool, typer.Option(help="Store weights in half precision (fp16).")] = True,
) -> None:
    """Write a trained recogniser as ONNX, after checking that both read alike."""
    from penjing.export import export as write
    from penjing.models import load

    with typed_errors():
        model = load(weights)
        write(model, out, half=half)
        typer.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
