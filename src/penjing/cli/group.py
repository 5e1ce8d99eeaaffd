"""What holds for every command: how it ends where a package is missing, or on Ctrl-C."""

from __future__ import annotations

import signal
from typing import Any

import typer
from typer.core import TyperGroup

from penjing.cli.output import complain
from penjing.errors import ConfigError

# What only [train] brings, by the names they are imported by.
_WORKSHOP = frozenset(["torch", "onnx", "safetensors", "matplotlib", "tensorboard", "msgpack"])


class Commands(TyperGroup):
    """The commands of ``penjing``: a package that only [train] brings is asked for by name.

    Any other missing package is a fault of the installation, and stays a traceback.
    """

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing not in _WORKSHOP:
                raise
            complain(ConfigError(f"this needs {missing}: pip install '.[train]'"))
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:  # older typers say "Aborted!", with status 1
            raise typer.Exit(128 + signal.SIGINT) from error
