"""Labelled pictures: folders of lines with ``labels.tsv``, of pages each with its ``.json``."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from penjing.errors import DataError
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.rectify import to_gray

_REQUIRED = ("image", "text")
_OPTIONAL = {"kind": "line", "language": "", "orientation": "h"}  # and what stands in for them


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
    """A page and its lines: polygons float32 (N, 4, 2) and texts; ``complete`` if none lacks."""

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
        with file.open(encoding="utf-8-sig", newline="") as lines:  # spreadsheets leave a mark
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8: save it as such ({error.reason})") from error
    if not rows or not set(_REQUIRED) <= set(rows[0]):
        raise DataError(f"{file} must have rows, and columns {', '.join(_REQUIRED)}")
    for number, row in enumerate(rows, 2):
        if row["image"] is None or row["text"] is None:
            raise DataError(f"{file}, line {number}: a picture and its text, with a tab between")
    return [
        Labelled(
            folder / row["image"], row["text"], *(row.get(c) or d for c, d in _OPTIONAL.items())
        )
        for row in rows
    ]


def opened(labels: Iterable[Labelled]) -> list[Line]:
    """The pictures of ``labels``, decoded. Raises PictureError for one that cannot be."""
    return [Line(to_gray(decode(label.image).pixels), label.text, label.kind) for label in labels]


def load_pages(folder: Path) -> list[LabelledPage]:
    """Pictures with a ``.json`` of the same name. Raises DataError if there are none."""
    pages = []
    for file in sorted(folder.glob("*.json")):
        images = [other for other in sorted(folder.glob(f"{file.stem}.*")) if other != file]
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
