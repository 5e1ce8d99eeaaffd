"""Labels on rows, found in spite of misread characters: the longest best match takes its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from penjing.fields.rows import Cell, Row

_MOST_MATCHES = 40  # tries for one label in one row
_ENDS = ":;.,·、"  # what may stand between a label and its value


@dataclass(frozen=True)
class Match:
    """``label`` as the template has it, found in ``row.cells[start:stop]``."""

    label: str
    row: int
    start: int
    stop: int
    errors: int


def find_labels(rows: Sequence[Row], labels: Iterable[str]) -> list[Match]:
    """All labels of a template at once, in reading order and without overlaps.

    Looked for together, 价税合计 keeps its last two characters from being taken for 合计.
    """
    plain = {label: normal(label) for label in dict.fromkeys(labels)}
    found = [
        Match(label, k, start, stop, errors)
        for k, (row, folded) in enumerate((row, row.folded) for row in rows)
        for label, text in plain.items()
        for start, stop, errors in _matches(text, folded, row.cells)
    ]
    found.sort(key=lambda m: (m.errors - (m.stop - m.start), m.errors))
    taken: set[tuple[int, int]] = set()
    kept = []
    for match in found:
        places = {(match.row, at) for at in range(match.start, match.stop)}
        if not places & taken:
            taken |= places
            kept.append(match)
    return sorted(kept, key=lambda m: (m.row, m.start))


def normal(text: str) -> str:
    """As rows have it: NFKC, without spaces, and small letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def tolerance(label: str) -> int:
    """How many characters of a label may be wrong: fewer in letters than in Chinese."""
    length = len(label)
    if label.isascii():
        return 0 if length < 5 else 1 if length < 9 else 2
    return 0 if length < 3 else min(4, int(0.4 * length))


def _matches(label: str, text: str, cells: Sequence[Cell]) -> Iterator[tuple[int, int, int]]:
    """Matches of one label in a row: the best one, and those in what is left beside it."""
    parts = [(0, len(text))]
    for _ in range(_MOST_MATCHES):
        if not parts:
            return
        first, last = parts.pop()
        best = _best(label, text[first:last], cells[first:last])
        if best is not None:
            start, stop = first + best[0], first + best[1]
            yield start, stop, best[2]
            parts += [(first, start), (stop, last)]


def _best(label: str, text: str, cells: Sequence[Cell]) -> tuple[int, int, int] | None:
    at = text.find(label)
    while at >= 0:
        if _bounded(cells, at, at + len(label)):
            return at, at + len(label), 0
        at = text.find(label, at + 1)
    allowed = tolerance(label)
    if not allowed or len(text) < len(label) - allowed or _lacking(label, text) > allowed:
        return None
    cutoff = 100 * (1 - (allowed + 1) / len(label))
    close = fuzz.partial_ratio_alignment(label, text, score_cutoff=max(1.0, cutoff))
    if close is None:
        return None
    spans = [
        (start, stop)
        for start in range(close.dest_start - 1, close.dest_start + 2)
        for stop in range(close.dest_end - 2, close.dest_end + 2)
        if 0 <= start < stop <= len(text) and _bounded(cells, start, stop)
    ]
    whole = [(a, b) for a, b in spans if all(c.line == cells[a].line for c in cells[a:b])]
    alike = [(a, b) for a, b in whole if _both_words(label, text[a:b])]
    scored = [(Levenshtein.distance(label, text[a:b]), b - a, a) for a, b in alike]
    errors, length, start = min(scored, default=(allowed + 1, 0, 0))
    return (start, start + length, errors) if errors <= allowed else None


def _lacking(label: str, text: str) -> int:
    """How many characters of a label are nowhere in ``text``: no part of it has fewer errors.

    Most labels are on few rows, and this is told in a fraction of the time that alignment takes.
    """
    return len([c for c in label if c not in text])


def _both_words(label: str, text: str) -> bool:
    """Whether something of either half of a Chinese label is in ``text``: a short one is of two
    words, and with another word it is another label, as 优惠金额 is not 消费金额."""
    letters = len(label.rstrip(_ENDS))
    if label.isascii() or letters < 4:
        return True
    same = [
        range(block.a, block.a + block.size)
        for block in Levenshtein.editops(label, text).as_matching_blocks()
    ]
    halves = range(letters // 2), range(letters // 2, letters)
    return all(any(k in part for part in same for k in half) for half in halves)


def _bounded(cells: Sequence[Cell], start: int, stop: int) -> bool:
    """A label begins a word, and a label of letters ends one."""
    if start and not cells[start].apart and _joins(cells[start - 1].text, cells[start].text):
        return False
    return stop == len(cells) or cells[stop].apart or not _same_word(cells, stop)


def _same_word(cells: Sequence[Cell], stop: int) -> bool:
    before, after = cells[stop - 1].text, cells[stop].text
    return before.isascii() and before.isalpha() and after.isascii() and after.isalpha()


def _joins(before: str, after: str) -> bool:
    """Whether two characters belong to one word: both letters, or both Chinese."""
    return before.isalpha() and after.isalpha() and before.isascii() == after.isascii()


def value_start(row: Row, stop: int) -> int:
    """The first cell after a label that is neither a colon nor the like; .50 has its point."""
    while stop < len(row.cells) and row.cells[stop].text in _ENDS:
        cell, after = row.cells[stop], row.cells[stop + 1 : stop + 2]
        if (
            cell.text == "."
            and cell.apart
            and after
            and after[0].text.isdigit()
            and not after[0].apart
        ):
            return stop
        stop += 1
    return stop
