"""A value where it stands in a text, and the ways it may be read."""

from __future__ import annotations

from dataclasses import dataclass

from penjing.fields.result import How, Value


@dataclass(frozen=True)
class Reading:
    value: Value
    how: How = "read"


@dataclass(frozen=True)
class Found:
    """``text[start:stop]`` and its readings, plain before corrected; none if it has no value.

    Of several values one of a lower ``rank`` is likelier meant.
    """

    start: int
    stop: int
    readings: tuple[Reading, ...]
    rank: int = 0
