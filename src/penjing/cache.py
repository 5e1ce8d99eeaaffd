"""The folder that fetched fonts and corpora live in, outside the repository.

<root>/packages/<registry>/<package>/   a package's files, with a done-marker beside them
<root>/drawable/                        per face, the characters that really draw
<root>/text/                            corpora as UTF-8 text, one line an item
"""

from __future__ import annotations

import os
from pathlib import Path

from penjing.files import write_whole


def root() -> Path:
    """``$PENJING_CACHE``, or ``~/.cache/penjing``. Not created by asking."""
    given = os.environ.get("PENJING_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "penjing"


def package_folder(registry: str, package: str) -> Path:
    """Where a package is unpacked; npm's scopes are flattened (``@a/b`` becomes ``@a_b``)."""
    return root() / "packages" / registry / package.replace("/", "_")


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole or not at all, in a folder that need not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, [text.encode()])
