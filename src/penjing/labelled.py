"""Labelled pictures: folders of lines with a ``labels.tsv``, and of pages with a ``.json`` each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from penjing.documents.sources import SUFFIXES
from penjing.errors import DataError
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.rectify import to_gray

_PICTURES = SUFFIXES - {".pdf"}
_REQUIRED = ("image", "text")
_OPTIONAL = {"kind": "line", "language": "", "orientation": "h"}  # columns and their defaults


@dataclass(frozen=True)
class Labelled:
    """A row of ``labels.tsv``: a picture of one line and its text."""

    image: Path
    text: str
    kind: str
    language: str
    orientation: str


@dataclass(frozen=True)
class Line:
    """A gray line picture, uint8 (height, width), its text, and the kind of picture it is from."""

    pixels: Pixels
    text: str
    kind: str = ""


@dataclass(frozen=True)
class LabelledPage:
    """A page and its N lines: ``polygons`` float32 (N, 4, 2) in pixels, and ``texts``.

    ``complete`` says that every line of the page is labelled.
    """

    image: Path
    polygons: np.ndarray[Any, Any]
    texts: tuple[str, ...]
    complete: bool


def load_lines(folder: Path, orientations: Iterable[str] = ("h",)) -> list[Labelled]:
    """Rows of ``folder/labels.tsv`` with one of ``orientations``. Raises DataError if unusable."""
    wanted = set(orientations)
    return [line for line in load_rows(folder) if line.orientation in wanted]


def load_rows(folder: Path) -> list[Labelled]:
    """All rows of ``folder/labels.tsv``. Raises DataError if unusable."""
    file = folder / "labels.tsv"
    if not file.is_file():
        raise DataError(f"{file} is missing: tab-separated, with columns {', '.join(_REQUIRED)}")
    try:
        text = file.read_text(encoding="utf-8-sig")  # spreadsheets leave a mark
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8: save it as such ({error.reason})") from error
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line]
    columns = lines[0][1].split("\t") if lines else []
    if len(lines) < 2 or not set(_REQUIRED) <= set(columns):
        raise DataError(f"{file} must have rows, and columns {', '.join(_REQUIRED)}")
    return [
        _labelled(folder, columns, line.split("\t"), f"{file}, line {number}")
        for number, line in lines[1:]
    ]


def _labelled(folder: Path, columns: list[str], fields: list[str], where: str) -> Labelled:
    """One row. Optional fields at its end may be missing; more fields than columns are refused.

    Such a row has a tab in its text, which would be cut there.
    """
    row = dict(zip(columns, fields, strict=False))
    if not set(_REQUIRED) <= set(row):
        raise DataError(f"{where}: a picture and its text, with a tab between")
    if any(fields[len(columns) :]):
        raise DataError(f"{where}: {len(fields)} fields for {len(columns)} columns")
    optional = (row.get(column) or default for column, default in _OPTIONAL.items())
    return Labelled(folder / row["image"], row["text"], *optional)


def opened(labels: Iterable[Labelled]) -> list[Line]:
    """The pictures of ``labels``, decoded. Raises PictureError for one that cannot be."""
    return [Line(to_gray(decode(label.image).pixels), label.text, label.kind) for label in labels]


def load_pages(folder: Path) -> list[LabelledPage]:
    """Pictures with a ``.json`` of the same name. Raises DataError if there are none."""
    pages = []
    pictures: dict[str, list[Path]] = {}
    for file in sorted(folder.glob("*")):
        if file.suffix.lower() in _PICTURES:
            pictures.setdefault(file.stem, []).append(file)
    for file in sorted(folder.glob("*.json")):
        images = pictures.get(file.stem)
        if not images:
            raise DataError(f"{file} needs a picture of the same name")
        try:
            data = json.loads(file.read_text(encoding="utf-8-sig"))
            points = np.array([line["points"] for line in data["lines"]], np.float32)
            points = points.reshape(-1, 4, 2)
            texts = tuple(str(line["text"]) for line in data["lines"])
        except (ValueError, KeyError, TypeError) as error:  # UnicodeDecodeError is a ValueError
            raise DataError(
                f'{file} needs "lines", a list of {{"text": …, "points": four corners}}: {error!r}'
            ) from error
        pages.append(LabelledPage(images[0], points, texts, bool(data.get("complete"))))
    if not pages:
        raise DataError(f"{folder} has no .json files beside pictures")
    return pages
