"""Rows of figures: printed, and kept as CSV in git with the day and the machine."""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.peers import HERE
from penjing.files import write_whole

RESULTS = HERE / "results"
Row = dict[str, Any]


def save(rows: Sequence[Row], path: Path, threads: int) -> None:
    """Write ``rows`` to a CSV, with the day, the processor and the versions before each."""
    where = {
        "date": date.today().isoformat(),
        "cpu": _processor(),
        "onnxruntime": version("onnxruntime"),
        "threads": threads,
    }
    text = io.StringIO()
    table = csv.DictWriter(text, list({**where, **rows[0]}))  # a row may have its own threads
    table.writeheader()
    table.writerows({**where, **row} for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, [text.getvalue().encode()])


def load(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def show(rows: Sequence[Row], title: str) -> None:
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    console = Console()
    (console if console.is_terminal else Console(width=220)).print(table)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
