"""The ``penjing`` command. Heavy imports live inside the commands, so that --help is instant."""

from typing import Annotated

import typer

from penjing import __version__
from penjing.cli.group import Commands

app = typer.Typer(
    name="penjing",
    cls=Commands,
    help="Read Chinese, English and Japanese text on a CPU, and grow small recognisers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",  # the other mode takes [ray] for a colour
)

# The two halves of ``penjing --help``.
READING = "Reading"
WORKSHOP = "The workshop (with torch)"


def _say_version(asked: bool) -> None:
    if asked:
        print(f"penjing {__version__}")
        raise typer.Exit


@app.callback()
def penjing(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Options of ``penjing`` itself; its help text is that of ``app``."""


# Each registers its command with ``app``, in the order in which --help shows them.
# isort: off
from penjing.cli import read, batch, fields, serve, eval, models  # noqa: E402, F401
from penjing.cli import train, export, average, grow, compare  # noqa: E402, F401
from penjing.cli import sensitivity, prune, distil, selection  # noqa: E402, F401
from penjing.cli import quantize, depth, robustness, data  # noqa: E402, F401
