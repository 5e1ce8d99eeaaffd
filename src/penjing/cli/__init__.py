"""The ``penjing`` command. Heavy imports live inside the commands, so that --help is instant."""

import typer

app = typer.Typer(
    name="penjing",
    help="Read Chinese and English text on a CPU, and grow small recognisers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

# Each of these registers its commands with ``app``.
from penjing.cli import (  # noqa: E402, F401
    batch,
    compare,
    data,
    depth,
    eval,
    fields,
    models,
    quantize,
    read,
    robustness,
    serve,
    train,
    workshop,
)
