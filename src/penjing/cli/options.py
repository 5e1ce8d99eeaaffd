"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Model = Annotated[str, typer.Option(help="A shipped model's name, or an .onnx file.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Default: what affinity and quota allow.")]
