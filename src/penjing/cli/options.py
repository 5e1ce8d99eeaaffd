"""Options that several commands share."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.errors import ConfigError

if TYPE_CHECKING:
    from penjing.runtime.reader import ReadOptions

Model = Annotated[str, typer.Option(help="A shipped model's name, or an .onnx file.")]
AsLine = Annotated[bool, typer.Option("--line", help="Each picture is one line.")]
Enhance = Annotated[
    list[str] | None,
    typer.Option(help="auto, stretch, denoise, clahe, binarise or deskew; repeat for more."),
]
Literally = Annotated[
    bool,
    typer.Option(
        "--literal", help="Read without the language table; for codes and serial numbers."
    ),
]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Default: all CPUs that this process may use.")
]


def reading(line: bool, enhance: list[str] | None, literal: bool) -> ReadOptions:
    """What these options ask for. Raises ConfigError for an unknown enhancement."""
    from penjing.runtime.enhance import Enhancement
    from penjing.runtime.reader import ReadOptions

    known = [step.name for step in fields(Enhancement)]
    names = enhance or []
    if unknown := [name for name in names if name not in known]:
        raise ConfigError(f"no enhancement {unknown[0]!r}; there are: {', '.join(known)}")
    steps = Enhancement(**dict.fromkeys(names, True))
    return ReadOptions(True if line else None, enhancement=steps, language=not literal)
