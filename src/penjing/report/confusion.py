"""Which characters are read as which others: labels and readings aligned by edit distance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from penjing.report.evaluation import Scored, normalise


@dataclass(frozen=True)
class Step:
    """One column of an alignment, in normalised characters.

    ``read`` is empty where a character was dropped, ``right`` where one was inserted. ``right_at``
    and ``read_at`` are the places of the step in the label and in the reading as they were before
    normalising; None where normalising joined characters, so that places are lost.
    """

    right: str
    read: str
    right_at: int | None
    read_at: int | None

    @property
    def wrong(self) -> bool:
        return self.right != self.read


@dataclass(frozen=True)
class Confusion:
    """``right`` read as ``read``, and each line in which it was, with the character's number."""

    right: str
    read: str
    places: tuple[tuple[Scored, int | None], ...]


def aligned(line: Scored) -> list[Step]:
    """The label beside the reading, compared as ``penjing eval`` compares them."""
    right, right_places = _traced(line.label.text)
    read, read_places = _traced(line.text)
    steps = []
    for op in Levenshtein.opcodes(right, read):
        # A block to replace is as long on both sides, so the shorter side is empty if there is one.
        for k in range(max(op.src_end - op.src_start, op.dest_end - op.dest_start)):
            i, j = op.src_start + k, op.dest_start + k
            steps.append(
                Step(
                    right[i] if i < op.src_end else "",
                    read[j] if j < op.dest_end else "",
                    right_places[min(i, op.src_end)],
                    read_places[min(j, op.dest_end)],
                )
            )
    return steps


def confusions(lines: Iterable[Scored]) -> list[Confusion]:
    """All that differs between labels and readings, the most frequent first."""
    found: dict[tuple[str, str], list[tuple[Scored, int | None]]] = defaultdict(list)
    for line in lines:
        for step in aligned(line):
            if step.wrong:
                found[step.right, step.read].append((line, step.read_at))
    order = sorted(found, key=lambda pair: (-len(found[pair]), pair))
    return [Confusion(*pair, tuple(found[pair])) for pair in order]


def _traced(text: str) -> tuple[str, list[int | None]]:
    """``text`` normalised; for each character, and for the end, its place in ``text``."""
    whole = normalise(text)
    places: list[int | None] = [k for k, c in enumerate(text) for _ in normalise(c)]
    if len(places) != len(whole):
        places = [None] * len(whole)
    return whole, [*places, len(text)]
