"""What the commands print: errors as one line on stderr, JSON, bars of progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from penjing.errors import PenjingError
from penjing.files import write_whole


@contextmanager
def typed_errors() -> Iterator[None]:
    """A PenjingError ends the command with its code and message on stderr, and status 1."""
    try:
        yield
    except PenjingError as error:
        complain(error)
        raise typer.Exit(1) from error


def complain(error: PenjingError, about: str = "") -> None:
    """``penjing: ABOUT: CODE: MESSAGE`` on stderr."""
    prefix = f"{about}: " if about else ""
    print(f"penjing: {prefix}{error.code}: {error}", file=sys.stderr)


def print_json(data: Any, to: str = "-") -> None:
    """JSON to stdout for ``-``, otherwise to a file."""
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if to == "-":
        sys.stdout.write(text)
    else:
        write_whole(Path(to), [text.encode()])


def tracked(items: Iterable[Any], what: str, total: int | None = None) -> Iterable[Any]:
    """``items`` with a bar of progress on stderr, if that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(items, what, total=total, console=console, disable=not console.is_terminal)
