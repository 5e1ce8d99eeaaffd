"""What a batch remembers of a document from run to run: a file for each name below OUT/.penjing.

It is one for each name, and not for each content, since so are the outputs: they are those of the
last content and the last settings that were read under this name, and of no others.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from penjing.documents.formats import FORMATS
from penjing.documents.outcome import Outcome
from penjing.documents.outputs import HIDDEN, INDEX, REPORT, documents_of, write_into
from penjing.files import printable


class Record:
    """Of the document ``name`` in the folder ``out``.

    ``written`` are the names of all outputs it ever had, also of other contents and settings.
    """

    def __init__(self, out: Path, name: str) -> None:
        key = hashlib.sha256(name.encode()).hexdigest()
        self._out = out
        self._file = out / HIDDEN / "done" / key[:2] / f"{key}.json"
        self._of = ""
        self._outcome: Outcome | None = None
        self.written: tuple[str, ...] = ()
        try:
            data = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return
        self._of, self.written = data["of"], tuple(data["written"])
        if data["outcome"] is not None:
            self._outcome = Outcome.from_row(json.dumps(data["outcome"]))

    def outcome(self, of: str) -> Outcome | None:
        """What became of it, if it was read as ``of`` says last, and its outputs are there."""
        found = self._outcome
        if found is None or self._of != of:
            return None
        return found if all((self._out / output).is_file() for output in found.outputs) else None

    def begin(self, outputs: tuple[str, ...]) -> None:
        """To be called before ``outputs`` are written: whatever becomes of that, they are ours,
        and no longer those of an earlier reading. Raises OutputError."""
        there = (output for output in self.written if (self._out / output).is_file())
        self.written = tuple(dict.fromkeys([*there, *outputs]))
        self._outcome = None
        self._write()

    def finish(self, of: str, outcome: Outcome) -> None:
        """``of`` names the content and the settings that ``outcome`` is of. Raises OutputError."""
        self._of, self._outcome = of, outcome
        self._write()

    def _write(self) -> None:
        data = {
            "of": self._of,
            "outcome": None if self._outcome is None else json.loads(self._outcome.to_row()),
            "written": self.written,
        }
        write_into(self._out, self._file, [json.dumps(data, ensure_ascii=False).encode()])


def wrote(out: Path, file: Path) -> bool:
    """Whether ``file`` is the work of a batch into the folder ``out``."""
    if out not in file.parents:
        return False
    if out / HIDDEN in file.parents:
        return True
    if not (out / HIDDEN).is_dir():
        return False
    output = printable(file.relative_to(out).as_posix())
    return output in (INDEX, REPORT) or any(
        output in Record(out, name).written for name in documents_of(output, FORMATS)
    )
