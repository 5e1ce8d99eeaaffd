"""What reading gives: Page > Line > Word > Character. Frozen, and the same for every output.

Polygons are four (x, y) corners in pixels of the upright picture, from the text's own top left,
clockwise in the text's own direction; so they also say how a line is turned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from penjing.runtime import order

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
    anything that was left out or shrunk.
    """

    lines: tuple[Line, ...]
    width: int
    height: int
    route: Route
    model: str
    timings: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> list[list[Line]]:
        """The lines in reading order, those beside one another together."""
        polygons = np.array([line.polygon for line in self.lines], float).reshape(-1, 4, 2)
        return [[self.lines[k] for k in row] for row in order.rows(polygons)]

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
        """Plain lists, dicts, strings and numbers, ready for JSON; ``text`` is included."""
        return {"text": self.text, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Page:
        """The inverse of ``to_dict``, also after a journey through JSON."""
        return cls(
            lines=tuple(_line(line) for line in data["lines"]),
            width=data["width"],
            height=data["height"],
            route=data["route"],
            model=data["model"],
            timings=dict(data["timings"]),
            warnings=tuple(data["warnings"]),
        )


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
