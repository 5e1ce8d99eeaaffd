"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from penjing.errors import OutputError


def printable(name: str) -> str:
    """A file's name as printable text: bytes that are not UTF-8 are shown as ``\\xNN``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


@contextmanager
def written_whole(path: Path, through: Path | None = None) -> Iterator[Path]:
    """A temporary name, beside ``path`` or in the folder ``through``, to write the file under.

    It is renamed to ``path`` at the end, or removed if anything failed. A link stays, and what it
    leads to is written; a pipe or a device cannot be replaced by a file, and is written itself.
    Raises OutputError where the file cannot be written.
    """
    if _takes_what_is_written(path):
        with _output_errors(path):
            yield path
        return
    target = Path(os.path.realpath(path))
    folder = target.parent if through is None else through
    # Unique among machines that share the folder too; torch.save wants a suffix.
    temporary = folder / f".{uuid4().hex}.part"
    try:
        with _output_errors(path):
            yield temporary
            temporary.replace(target)
    finally:
        with suppress(OSError):  # there may be no such folder
            temporary.unlink()


def _takes_what_is_written(path: Path) -> bool:
    """Whether ``path`` is a pipe, a device or the like, which a file must not replace."""
    try:
        kind = path.stat().st_mode
    except OSError:  # there is nothing yet
        return False
    return not stat.S_ISREG(kind) and not stat.S_ISDIR(kind)


@contextmanager
def _output_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {str(path)!r}: {error.strerror or error}") from error


def prepare(path: Path) -> None:
    """Make the folder of a file to be written later. Raises OutputError if it never can be."""
    with _output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")


def write_whole(path: Path, pieces: Iterable[bytes], through: Path | None = None) -> None:
    """Write ``pieces`` one after another, by ``written_whole``. Raises OutputError."""
    with written_whole(path, through) as temporary, temporary.open("wb") as file:
        for piece in pieces:
            file.write(piece)
