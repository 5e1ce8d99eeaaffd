"""From a reading along a line to words and characters placed on the page."""

from __future__ import annotations

from typing import Any

import numpy as np

from penjing.runtime.recogniser import Reading
from penjing.runtime.rectify import Polygon
from penjing.runtime.result import Character, Line, Point, Quad, Word


def line_at(reading: Reading, polygon: Polygon) -> Line:
    """The line that was read from inside ``polygon``, with its words and characters in place."""
    edges = _edges(reading.centres)
    characters = _characters(reading, polygon)
    words = tuple(_word(reading, edges, characters, span, polygon) for span in _spans(reading.text))
    return Line(reading.text, round(reading.confidence, 4), _part(polygon, 0.0, 1.0), words)


def _spans(text: str) -> list[slice]:
    """Stretches of ``text`` between spaces."""
    inside = np.array([0, *(character != " " for character in text), 0], np.int8)
    edges = np.flatnonzero(np.diff(inside))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _word(
    reading: Reading,
    edges: np.ndarray[Any, Any],
    characters: list[Character],
    span: slice,
    polygon: Polygon,
) -> Word:
    confidence = round(float(reading.confidences[span].mean()), 4)
    quad = _part(polygon, float(edges[span.start]), float(edges[span.stop]))
    return Word(reading.text[span], confidence, quad, tuple(characters[span]))


def _characters(reading: Reading, polygon: Polygon) -> list[Character]:
    """All of a line's, spaces too, along its middle."""
    top_left, top_right, bottom_right, bottom_left = polygon.astype(np.float64)
    start, stop = (top_left + bottom_left) / 2, (top_right + bottom_right) / 2
    centres = start + np.outer(reading.centres, stop - start)
    return [
        Character(text, round(confidence, 4), (round(x, 1), round(y, 1)))
        for text, confidence, (x, y) in zip(
            reading.text, reading.confidences.tolist(), centres.tolist(), strict=True
        )
    ]


def _edges(centres: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Where characters part: (K + 1,), half-way between centres, mirrored at both ends."""
    if len(centres) < 2:
        return np.array([0.0, 1.0])
    between = (centres[1:] + centres[:-1]) / 2
    first, last = 2 * centres[0] - between[0], 2 * centres[-1] - between[-1]
    return np.clip(np.concatenate([[first], between, [last]]), 0.0, 1.0)


def _part(polygon: Polygon, start: float, stop: float) -> Quad:
    """The part of a line between two fractions of its length."""
    top_left, top_right, bottom_right, bottom_left = polygon.astype(np.float64)
    top, bottom = top_right - top_left, bottom_right - bottom_left
    return (
        _point(top_left + start * top),
        _point(top_left + stop * top),
        _point(bottom_left + stop * bottom),
        _point(bottom_left + start * bottom),
    )


def _point(xy: np.ndarray[Any, Any]) -> Point:
    return (round(float(xy[0]), 1), round(float(xy[1]), 1))
