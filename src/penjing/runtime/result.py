"""What reading gives: Page > Line > Word > Character. Frozen, and the same for every output.

Polygons are four (x, y) corners in pixels of the picture (turned as its EXIF says), from the text's
own top left, clockwise in the text's own direction; so they also say how a line is turned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import numpy as np

from penjing.runtime import order
from penjing.runtime.caution import Caution
from penjing.runtime.orientation import Points, direction, prevailing, turned

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
Route = Literal["line", "page", "text_layer"]


@dataclass(frozen=True)
class Character:
    """One character, its probability, and its centre on the page."""

    text: str
    confidence: float
    centre: Point


@dataclass(frozen=True)
class Word:
    """Characters between two spaces; Chinese text runs on, so a word may be a whole sentence."""

    text: str
    confidence: float
    polygon: Quad
    characters: tuple[Character, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line. ``confidence`` is the mean of its characters', spaces included; 0 when empty."""

    text: str
    confidence: float
    polygon: Quad
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Page:
    """A picture that has been read; ``lines`` are in reading order.

    ``route`` says whether the picture was taken as one line or searched for lines, or was a PDF's
    page with sound text of its own. ``timings`` are milliseconds by stage. ``warnings`` tell of
    anything that was left out or shrunk. ``rotation`` says by how many degrees, clockwise, the
    page is turned: 90 or 270 if it lies on a side, 180 if it stands on its head, otherwise 0.
    """

    lines: tuple[Line, ...]
    width: int
    height: int
    route: Route
    model: str
    timings: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()
    rotation: int = 0

    @property
    def level(self) -> Page:
        """The page turned by quarters so that most of its text runs from left to right.

        Columns of upright characters become lines on their sides, the rightmost on top.
        """
        directions = [direction(np.array(line.polygon)) for line in self.lines]
        turns = prevailing(directions, [len(line.text) for line in self.lines])
        if not turns:
            return self
        lines = tuple(_turned(line, turns, self) for line in self.lines)
        width, height = (self.height, self.width) if turns % 2 else (self.width, self.height)
        return replace(self, lines=lines, width=width, height=height)

    @property
    def polygons(self) -> Points:
        """float (lines, 4, 2): the corners of the lines."""
        return np.array([line.polygon for line in self.lines], float).reshape(-1, 4, 2)

    @property
    def ordered(self) -> Page:
        """The page with its lines in reading order."""
        reading = order.reading_order(self.level.polygons)
        return replace(self, lines=tuple(self.lines[k] for k in reading))

    @property
    def rows(self) -> list[list[Line]]:
        """The lines in reading order, those beside one another together."""
        return [[self.lines[k] for k in row] for row in order.rows(self.level.polygons)]

    @property
    def text(self) -> str:
        """The lines in reading order; those beside one another share a row, two spaces apart."""
        return "\n".join("  ".join(line.text for line in row) for row in self.rows)

    @property
    def confidence(self) -> float:
        """The mean of all characters' confidences; 0 when nothing was read."""
        letters = sum(len(line.text) for line in self.lines)
        return sum(line.confidence * len(line.text) for line in self.lines) / max(1, letters)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers, ready for JSON; ``text`` is included, and the
        warnings' codes stand beside their sentences.
        """
        said = {
            "warnings": [warning.message for warning in self.warnings],
            "warning_codes": [warning.code for warning in self.warnings],
        }
        return {"text": self.text, **asdict(self), **said}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Page:
        """The inverse of ``to_dict``, also after a journey through JSON."""
        warnings = data["warnings"]
        codes = data.get("warning_codes", ["other"] * len(warnings))  # older files have none
        return cls(
            lines=tuple(_line(line) for line in data["lines"]),
            width=data["width"],
            height=data["height"],
            route=data["route"],
            model=data["model"],
            timings=dict(data["timings"]),
            warnings=tuple(map(Caution, codes, warnings)),
            rotation=data.get("rotation", 0),  # older files have none
        )


def _turned(line: Line, turns: int, page: Page) -> Line:
    """Where ``line`` is once its page is turned."""

    def place(points: Any) -> Any:
        return turned(np.array(points), turns, page.width, page.height).tolist()

    words = tuple(
        replace(
            word,
            polygon=_quad(place(word.polygon)),
            characters=tuple(replace(c, centre=tuple(place(c.centre))) for c in word.characters),
        )
        for word in line.words
    )
    return replace(line, polygon=_quad(place(line.polygon)), words=words)


def _line(data: Mapping[str, Any]) -> Line:
    words = tuple(_word(word) for word in data["words"])
    return Line(data["text"], data["confidence"], _quad(data["polygon"]), words)


def _word(data: Mapping[str, Any]) -> Word:
    characters = tuple(
        Character(c["text"], c["confidence"], (c["centre"][0], c["centre"][1]))
        for c in data["characters"]
    )
    return Word(data["text"], data["confidence"], _quad(data["polygon"]), characters)


def _quad(points: Any) -> Quad:
    a, b, c, d = ((point[0], point[1]) for point in points)
    return (a, b, c, d)
