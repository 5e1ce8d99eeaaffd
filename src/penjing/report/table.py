"""Tables on disk: a CSV file whose columns are the fields of a dataclass.

Long measurements write the whole table anew after every row: a kill leaves all finished rows.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from penjing.errors import DataError
from penjing.files import prepare, write_whole

Row = TypeVar("Row")


def as_csv(rows: Sequence[Any]) -> str:
    """CSV of at least one row; all are of one dataclass, whose fields are the columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [f.name for f in fields(rows[0])], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue()


def write_table(path: Path, rows: Sequence[Any]) -> None:
    """Write ``rows`` as CSV, in a folder that need not exist yet. Raises OutputError."""
    prepare(path)
    write_whole(path, [as_csv(rows).encode()])


def check_asked(table: Path, asked: Mapping[str, Any]) -> None:
    """Write down beside a new ``table`` with which settings (``asked``) its rows will be made.

    Raises DataError, naming the first setting that differs, where an old table was made with
    others; OutputError where ``table`` cannot be written.
    """
    prepare(table)
    if not table.exists():
        write_whole(_note(table), [json.dumps(asked, indent=2).encode()])
    elif before := noted(table):
        for name, value in json.loads(json.dumps(asked)).items():
            if before.get(name) != value:
                raise DataError(
                    f"{table} was begun with {name} = {before.get(name)!r}, not {value!r}; choose "
                    "another folder"
                )


def noted(table: Path) -> Mapping[str, Any]:
    """The settings that ``table`` was made with; none for older tables, which lack them."""
    try:
        note = json.loads(_note(table).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise DataError(f"{_note(table)} is broken: {error}") from error
    return note if isinstance(note, dict) else {}


def _note(table: Path) -> Path:
    return table.with_suffix(".json")


def read_table(path: Path, kind: type[Row]) -> list[Row]:
    """The rows of a table; empty if there is none. Raises DataError where it is another table."""
    if not path.exists():
        return []
    hints = get_type_hints(kind)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != tuple(hints):
                raise ValueError(f"its columns must be {', '.join(hints)}")
            return [kind(**{n: hints[n](value) for n, value in row.items()}) for row in reader]
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(f"{path} is another table, or broken: {error}") from error
