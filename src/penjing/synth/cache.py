"""The folder that fetched fonts and corpora live in, outside the repository.

<root>/packages/<registry>/<package>/   a package's files, with a done-marker beside them
<root>/drawable/                        per face, the characters that really draw
<root>/text/                            corpora as UTF-8 text, one line an item
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def root() -> Path:
    """``$PENJING_CACHE``, or ``~/.cache/penjing``. Not created by asking."""
    given = os.environ.get("PENJING_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "penjing"


def package_folder(registry: str, package: str) -> Path:
    """Where a package is unpacked; npm's scopes are flattened (``@a/b`` becomes ``@a_b``)."""
    return root() / "packages" / registry / package.replace("/", "_")


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text under a temporary name, then rename: no reader sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=path.name, delete=False
    ) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
