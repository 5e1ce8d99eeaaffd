"""Simplified texts in traditional characters, by OpenCC's tables: the longest known words first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from penjing import cache
from penjing.synth import corpus

CONVERTED = ("running", "speech")  # into the corpus "traditional", behind what that holds already


def prepare() -> Iterator[str]:
    """Make what was fetched in simplified characters traditional too; yields a note."""
    table = corpus.path("conversion")
    if not table.is_file():
        return
    pairs = (line.split(" ") for line in table.read_text(encoding="utf-8").splitlines())
    convert = Converter({pair[0]: pair[1] for pair in pairs if len(pair) == 2})
    own = corpus.path("traditional")
    lines = own.read_text(encoding="utf-8").splitlines() if own.is_file() else []
    for name in CONVERTED:
        if corpus.path(name).is_file():
            simplified = corpus.path(name).read_text(encoding="utf-8")
            lines += convert(simplified).splitlines()
    lines = list(dict.fromkeys(lines))
    cache.write_text(own, "\n".join(lines) + "\n")
    yield f"traditional: {len(lines)} lines"


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
