"""Accuracy by properties of lines and characters, to see where a recogniser is weak."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from penjing.report.confusion import aligned
from penjing.report.evaluation import Scored, normalise, score

# Upper ends of the ranges that are rows of a table; a last row takes what lies beyond.
LENGTHS = (1, 4, 8, 16, 32)  # characters
HEIGHTS = (15, 23, 31, 47, 95)  # pixels
FREQUENCIES = (1, 5, 20, 100)  # times a character is in the labels

DIGIT, LATIN, LETTER, MARK = "digit", "Latin letter", "other letter", "mark or symbol"
COMMON, RARER = "common Chinese (GB 2312 level 1)", "rarer Chinese (GB 2312 level 2)"
OTHER = "other Chinese"
NATURES = (DIGIT, LATIN, COMMON, RARER, OTHER, LETTER, MARK)


@dataclass(frozen=True)
class Share:
    """A row: how well ``count`` lines or characters of one kind are read.

    ``exact`` is the share of lines read without a mistake, None where characters are counted;
    ``characters`` the share of characters read right.
    """

    name: str
    count: int
    exact: float | None
    characters: float


def breakdown(lines: Sequence[Scored]) -> dict[str, list[Share]]:
    """Tables by title, those of lines first; rows without any line or character are left out."""
    frequency = Counter(c for line in lines for c in normalise(line.label.text))

    def length(line: Scored) -> str:
        return _span(len(normalise(line.label.text)), LENGTHS)

    return {
        "kind": _lines(lines, lambda line: line.label.kind),
        "language": _lines(lines, lambda line: line.label.language or "not said"),
        "characters in the line": _lines(lines, length, _spans(LENGTHS)),
        "height of the picture, px": _lines(
            lines, lambda line: _span(line.height, HEIGHTS), _spans(HEIGHTS)
        ),
        "times a character is in these labels": _characters(
            lines, lambda c: _span(frequency[c], FREQUENCIES), _spans(FREQUENCIES)
        ),
        "what a character is": _characters(lines, nature, NATURES),
    }


def nature(character: str) -> str:
    """One of NATURES. GB 2312 orders its common characters by sound, the rarer ones by radical."""
    if character.isdecimal():
        return DIGIT
    if character.isascii() and character.isalpha():
        return LATIN
    if "\u3400" <= character <= "\u9fff" or character >= "\U00020000":
        row = character.encode("gb2312", errors="replace")[0]
        return OTHER if row < 0xB0 else COMMON if row < 0xD8 else RARER
    return LETTER if character.isalpha() else MARK


def _lines(
    lines: Sequence[Scored], name: Callable[[Scored], str], order: Sequence[str] = ()
) -> list[Share]:
    """A row for each name, in the given order, by default the largest first."""
    groups: dict[str, list[Scored]] = defaultdict(list)
    for line in lines:
        groups[name(line)].append(line)
    rows = []
    for group in order or sorted(groups, key=lambda g: (-len(groups[g]), g)):
        if group in groups:
            marks = score(groups[group])
            rows.append(Share(group, marks["lines"], marks["exact"], marks["char_accuracy"]))
    return rows


def _characters(
    lines: Sequence[Scored], name: Callable[[str], str], order: Sequence[str]
) -> list[Share]:
    """A row for each name, over the characters of the labels; inserted ones belong to no row."""
    count, right = Counter[str](), Counter[str]()
    for line in lines:
        for step in aligned(line):
            if step.right:
                count[name(step.right)] += 1
                right[name(step.right)] += not step.wrong
    return [Share(g, count[g], None, right[g] / count[g]) for g in order if count[g]]


def _span(value: int, tops: Sequence[int]) -> str:
    """The name of the range that ``value`` lies in."""
    return _spans(tops)[bisect_left(tops, value)]


def _spans(tops: Sequence[int]) -> list[str]:
    """Names of the ranges up to each of ``tops`` and beyond the last."""
    lows = [1, *(top + 1 for top in tops)]
    names = [str(a) if a == b else f"{a}–{b}" for a, b in zip(lows, tops, strict=False)]
    return [*names, f"{lows[-1]} or more"]
