"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from threading import get_ident

from penjing.errors import OutputError


def write_whole(path: Path, pieces: Iterable[bytes], through: Path | None = None) -> None:
    """Write under a temporary name, beside ``path`` or in the folder ``through``, then rename.

    Raises OutputError.
    """
    folder = path.parent if through is None else through
    temporary = folder / f".{path.name[-100:]}.{os.getpid()}.{get_ident()}"
    try:
        with temporary.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {str(path)!r}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
