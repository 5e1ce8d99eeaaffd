"""Imports go one way: a room of the workshop knows only those before it."""

import ast
from pathlib import Path

import penjing

ROOMS = ("models", "export", "report", "training", "compression", "cli")
READING = ("runtime", "documents", "fields", "service")


def _imported(file: Path) -> set[str]:
    """The rooms of penjing that a file imports from, inside functions too."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    names = [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
    names += [alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names]
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "penjing" and len(part) > 1}


def test_no_room_imports_a_later_one() -> None:
    package = Path(penjing.__file__).parent
    for place, room in enumerate(ROOMS):
        for file in (package / room).rglob("*.py"):
            later = _imported(file) & set(ROOMS[place + 1 :])
            assert not later, f"{file.relative_to(package)} imports {later}"


def test_what_reads_imports_nothing_of_the_workshop() -> None:
    package = Path(penjing.__file__).parent
    for room in READING:
        for file in (package / room).rglob("*.py"):
            workshop = _imported(file) & {"synth", *ROOMS}
            assert not workshop, f"{file.relative_to(package)} imports {workshop}"
