"""Scoring on labelled lines and pages: exact match, character accuracy, F1, time per line.

Texts are compared after NFKC, without white space, case-folded. Spaces are scored apart, on the
texts that have some: a space is right if it stands after the same characters.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from penjing.errors import DataError
from penjing.labelled import Labelled, LabelledPage

_OVERLAP = 0.5  # intersection over union from which a box is taken for a labelled one


@dataclass(frozen=True)
class Scored:
    """One labelled line, what was read from it, and how long that took in milliseconds.

    What an error page shows besides: the picture's ``height`` in pixels, how sure the recogniser
    was (0..1), and where each character of ``text`` stands, in shares of the picture's width.
    """

    label: Labelled
    text: str
    milliseconds: float
    height: int = 0
    confidence: float = 0.0
    centres: tuple[float, ...] = ()

    @property
    def exact(self) -> bool:
        return normalise(self.label.text) == normalise(self.text)

    @property
    def mistakes(self) -> int:
        """Characters to be changed, left out or put in."""
        return Levenshtein.distance(normalise(self.label.text), normalise(self.text))


def normalise(text: str) -> str:
    """NFKC, no white space, case-folded."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def score(lines: Sequence[Scored]) -> dict[str, Any]:
    """``lines``, ``exact``, ``char_accuracy`` and, if any label has spaces, ``space_f1``."""
    edits = sum(line.mistakes for line in lines)
    length = sum(len(normalise(line.label.text)) for line in lines)
    result: dict[str, Any] = {
        "lines": len(lines),
        "exact": _ratio(sum(line.exact for line in lines), len(lines)),
        "char_accuracy": max(0.0, round(1 - edits / max(1, length), 4)),
    }
    spaced = [line for line in lines if " " in line.label.text.strip()]
    if spaced:
        result["space_f1"] = space_f1((line.label.text, line.text) for line in spaced)
    return result


def space_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """F1 of the spaces in read texts; characters are aligned by edit distance first."""
    found = right = both = 0
    for label, text in pairs:
        label, text = " ".join(label.split()), " ".join(text.split())
        right += label.count(" ")
        found += text.count(" ")
        for op in Levenshtein.opcodes(label.casefold(), text.casefold()):
            if op.tag == "equal":
                both += label[op.src_start : op.src_end].count(" ")
    return _ratio(2 * both, found + right)


def english_spaces(lines: Iterable[Scored]) -> dict[str, Any]:
    """``lines`` and ``f1`` of the English lines whose labels have spaces."""
    spaced = [
        (line.label.text, line.text)
        for line in lines
        if line.label.language.startswith("en") and " " in line.label.text.strip()
    ]
    return {"lines": len(spaced), "f1": space_f1(spaced)}


def lines_report(lines: Sequence[Scored], model: str, threads: int) -> dict[str, Any]:
    """The figures of ``penjing eval``: in all, by kind, and within each kind by language."""
    if not lines:
        raise DataError("there is no line to evaluate; look at the orientation column")
    times = [line.milliseconds for line in lines]
    return {
        "model": model,
        **score(lines),
        "ms_per_line": {"median": round(median(times), 3), "mean": round(mean(times), 3)},
        "threads": threads,
        "english_spaces": english_spaces(lines),
        "kinds": {
            kind: {
                **score(members),
                "languages": {
                    language: score(some)
                    for language, some in _grouped(members, "language").items()
                },
            }
            for kind, members in _grouped(lines, "kind").items()
        },
    }


def _grouped(lines: Sequence[Scored], column: str) -> dict[str, list[Scored]]:
    names = Counter(getattr(line.label, column) for line in lines)
    return {
        name: [line for line in lines if getattr(line.label, column) == name]
        for name, _ in names.most_common()
    }


def _ratio(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def match(label: np.ndarray[Any, Any], found: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """One-to-one pairs (label, found) of quadrilaterals, the best overlaps first."""
    overlaps = [
        (overlap, i, j)
        for i, a in enumerate(label)
        for j, b in enumerate(found)
        if (overlap := iou(a, b)) >= _OVERLAP
    ]
    pairs: list[tuple[int, int]] = []
    for _, i, j in sorted(overlaps, reverse=True):
        if all(i != other_i and j != other_j for other_i, other_j in pairs):
            pairs.append((i, j))
    return pairs


def iou(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    """Intersection over union of two convex quadrilaterals, (4, 2) each."""
    if (a.max(axis=0) <= b.min(axis=0)).any() or (b.max(axis=0) <= a.min(axis=0)).any():
        return 0.0
    hull_a = cv2.convexHull(a.astype(np.float32))
    hull_b = cv2.convexHull(b.astype(np.float32))
    shared, _ = cv2.intersectConvexConvex(hull_a, hull_b)
    union = cv2.contourArea(hull_a) + cv2.contourArea(hull_b) - shared
    return float(shared / union) if union > 0 else 0.0


@dataclass(frozen=True)
class ScoredPage:
    """A labelled page, the quadrilaterals and texts read on it, and the milliseconds taken."""

    label: LabelledPage
    polygons: np.ndarray[Any, Any]
    texts: tuple[str, ...]
    milliseconds: float

    @property
    def right(self) -> int:
        """Lines found in their place with exactly the right text."""
        return sum(
            normalise(self.label.texts[i]) == normalise(self.texts[j])
            for i, j in match(self.label.polygons, self.polygons)
        )


def pages_report(pages: Sequence[ScoredPage], model: str, threads: int) -> dict[str, Any]:
    """The figures of ``penjing eval --pages``; precision only where every line is labelled."""
    complete = [page for page in pages if page.label.complete]
    partial = [page for page in pages if not page.label.complete]
    right = sum(page.right for page in complete)
    found = sum(len(page.texts) for page in complete)
    labelled = sum(len(page.label.texts) for page in complete)
    times = [page.milliseconds for page in pages]
    return {
        "model": model,
        "pages": len(pages),
        "complete": {
            "pages": len(complete),
            "lines": labelled,
            "precision": _ratio(right, found),
            "recall": _ratio(right, labelled),
            "f1": _ratio(2 * right, found + labelled),
        },
        "partial": {
            "pages": len(partial),
            "lines": sum(len(page.label.texts) for page in partial),
            "recall": _ratio(
                sum(page.right for page in partial),
                sum(len(page.label.texts) for page in partial),
            ),
        },
        "ms_per_page": {"median": round(median(times), 1), "mean": round(mean(times), 1)},
        "threads": threads,
        "files": {
            page.label.image.name: {
                "complete": page.label.complete,
                "lines": len(page.label.texts),
                "found": len(page.texts),
                "right": page.right,
                "ms": round(page.milliseconds, 1),
            }
            for page in pages
        },
    }
