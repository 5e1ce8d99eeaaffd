"""A paper before it is drawn: texts in their places, rules, and what its fields truly are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from unicodedata import east_asian_width

import numpy as np

from penjing.runtime.result import Line, Page, Quad
from penjing.synth.papers.photograph import Photograph

Align = Literal["left", "middle", "right"]
Ink = Literal["form", "value"]
Rule = tuple[float, float, float, float]


@dataclass(frozen=True)
class Print:
    """One text: ``x`` of its left end, middle or right end, ``y`` of its top, in pixels."""

    x: float
    y: float
    text: str
    size: float = 22
    ink: Ink = "value"
    align: Align = "left"

    @property
    def left(self) -> float:
        share = {"left": 0.0, "middle": 0.5, "right": 1.0}[self.align]
        return self.x - share * width(self.text) * self.size


@dataclass(frozen=True)
class Specimen:
    """``rules`` are lines (x, y, x, y), ``marks`` the centres of the circled cross before 大写, and
    ``seal`` the middle of one and the name on it. Inks are RGB.

    ``truth`` has the value of each field by name, written as ``Field.to_dict`` writes it.
    """

    template: str
    width: int
    height: int
    prints: tuple[Print, ...]
    truth: Mapping[str, str]
    rules: tuple[Rule, ...] = ()
    marks: tuple[tuple[float, float], ...] = ()
    seal: tuple[float, float, str] | None = None
    form_ink: tuple[int, int, int] = (20, 20, 20)
    value_ink: tuple[int, int, int] = (20, 20, 20)


def width(text: str) -> float:
    """In em: one for a Chinese character, a half for any other."""
    return sum(1.0 if east_asian_width(c) in "WF" else 0.5 for c in text)


def frame(left: float, top: float, right: float, bottom: float) -> list[Rule]:
    return [
        (left, top, right, top),
        (right, top, right, bottom),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
    ]


def perfect_page(specimen: Specimen, photograph: Photograph | None = None) -> Page:
    """What a reader without fault would give: each text a line, in its place on the photograph."""
    quads = np.array([_place(p) for p in specimen.prints])
    width, height = specimen.width, specimen.height
    if photograph is not None:
        quads = photograph.seen(quads.reshape(-1, 2)).reshape(-1, 4, 2)
        height, width = photograph.pixels.shape[:2]
    lines = tuple(
        Line(p.text, 1.0, tuple(map(tuple, quad)))  # type: ignore[arg-type]
        for p, quad in zip(specimen.prints, quads.tolist(), strict=True)
    )
    return Page(lines, width, height, "page", "perfect")


def _place(p: Print) -> Quad:
    right, bottom = p.left + width(p.text) * p.size, p.y + p.size
    return ((p.left, p.y), (right, p.y), (right, bottom), (p.left, bottom))
