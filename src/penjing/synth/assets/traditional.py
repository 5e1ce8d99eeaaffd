"""Simplified texts turned into traditional ones, by OpenCC's tables of words and characters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from penjing import cache
from penjing.synth.assets import corpus

CONVERTED = ("running", "speech")  # corpora that are converted and added to "traditional"
SELDOM = 0.02  # simplified forms to one traditional in traditional texts: names and slips

# For characters as they are typed, and labelled, the forms in which older print draws them.
OLD_PRINT = dict(
    zip(
        "為內教說脫稅銳清青毀裡眾群麵啟強溫產錄峰",
        "爲内敎説脱税鋭淸靑毁裏衆羣麪啓强温産録峯",
        strict=True,
    )
)


def prepare() -> Iterator[str]:
    """Convert what was fetched in simplified characters, into the forms of Taiwan (為, not 爲).

    Yields a note on each corpus.
    """
    if not corpus.path("conversion").is_file():
        return
    convert, variants = Converter(_table("conversion")), Converter(_table("variants"))
    lines = _lines("traditional")
    for name in CONVERTED:
        lines += convert("\n".join(_lines(name))).splitlines()
    for name, whole in (("traditional", lines), ("traditional_words", _lines("traditional_words"))):
        usual = dict.fromkeys(variants("\n".join(whole)).splitlines())
        cache.write_text(corpus.path(name), "\n".join(usual) + "\n")
        yield f"{name}: {len(usual)} lines"


def twins() -> list[tuple[str, str]]:
    """Simplified characters and their traditional forms, as far as fetched texts tell them apart.

    里 is the simplified 裡, but stands in traditional texts too, for a mile: no twin.
    """
    counts = Counter("\n".join(_lines("traditional")))
    variants = _table("variants")
    pairs = ((a, variants.get(b, b)) for a, b in _table("conversion").items() if len(a + b) == 2)
    return [(a, b) for a, b in pairs if a != b and counts[a] <= SELDOM * counts[b]]


def japanese_forms() -> list[tuple[str, str]]:
    """Chinese characters, simplified and traditional, and the form that Japanese has of them."""
    japanese = _table("japanese_forms")
    chinese = [(t, t) for t in japanese] + list(_table("conversion").items())
    pairs = {(a, japanese[t]) for a, t in chinese if t in japanese and len(a) == 1}
    return sorted((a, b) for a, b in pairs if a != b)


def _lines(name: str) -> list[str]:
    path = corpus.path(name)
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _table(name: str) -> dict[str, str]:
    pairs = (line.split(" ") for line in _lines(name))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


class Converter:
    """Replaces every word of ``table`` in a text; of words that begin alike, the longest."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in table:
            lengths[word[0]].add(len(word))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def __call__(self, text: str) -> str:
        parts: list[str] = []
        place = 0
        while place < len(text):
            for length in self._lengths.get(text[place], ()):
                if word := self._table.get(text[place : place + length]):
                    break
            else:
                word, length = text[place], 1
            parts.append(word)
            place += length
        return "".join(parts)
