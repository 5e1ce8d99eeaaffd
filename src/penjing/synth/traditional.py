"""Simplified texts in traditional characters, by OpenCC's tables: the longest known words first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from penjing import cache
from penjing.synth import corpus

CONVERTED = ("running", "speech")  # into "traditional", behind what that holds already


def prepare() -> Iterator[str]:
    """Make what was fetched in simplified characters traditional, as Taiwan writes these (為, not
    爲); yields a note on each corpus."""
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
