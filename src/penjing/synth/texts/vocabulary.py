"""The corpora, loaded once, under the names that the templates ask for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from random import Random

from penjing.charset import Charset
from penjing.errors import DataError
from penjing.synth.assets import corpus
from penjing.synth.texts.lines import Lines

# With the fallback set alone some corpora are absent; these stand in.
STAND_INS = {
    "interface": "words",
    "divisions": "words",
    "villages": "brands",
    "english": "english_words",
}
NAMES = (
    "running",
    "speech",
    "words",
    "idioms",
    "rare_words",
    "brands",
    "english_words",
    "interface",
    "divisions",
    "villages",
    "english",
)
TRADITIONAL = ("traditional", "traditional_words", "romanised")  # where the charset has them
JAPANESE = ("japanese", "japanese_words")  # likewise
ENGLISH = ("english_words", "english")  # all that a charset without Chinese asks for

LETTERS = re.compile("[A-Za-z]{2,}")

SAMPLED = 7  # one character of so many is counted
SMOOTHING = 300  # a character's rarity is 1 / sqrt(its count in the corpora + this)
EVERYDAY = range(600, 5000)  # ranks of characters that everybody knows and texts seldom use
DRAWS = 6  # phrases drawn, of which the one with the rarest characters is taken
LONGEST = 40  # characters in a line


class Vocabulary:
    """Words, phrases and windows of running text, all within a charset.

    Language is lopsided: 200 characters make half of it, while 2,000 that every reader knows come
    once in 5,000 characters each, too seldom to be learnt. So phrases are drawn several times and
    the one with the rarer characters is kept.

    Without Chinese in the charset every word is an English one.

    Raises DataError when the corpora were never prepared, or hold nothing within the charset.
    """

    def __init__(self, charset: Charset) -> None:
        self.lines: dict[str, Lines] = {}
        wanted = (
            *NAMES,
            *(TRADITIONAL if charset.traditional else ()),
            *(JAPANESE if charset.japanese else ()),
        )
        for name in wanted if charset.chinese else ENGLISH:
            path = corpus.path(name)
            if path.is_file():
                self.lines[name] = Lines.read(path, charset)
            elif STAND_INS.get(name) in self.lines:
                self.lines[name] = self.lines[STAND_INS[name]]
        self.traditional = self.lines.keys() >= set(TRADITIONAL)
        self.japanese = self.lines.keys() >= set(JAPANESE)
        if not charset.chinese and "english_words" in self.lines:
            for name in NAMES:
                self.lines.setdefault(name, self.lines["english_words"])
        missing = [name for name in NAMES if name not in self.lines and name not in STAND_INS]
        if missing:
            raise DataError(
                f"no corpus {', '.join(missing)}: run `penjing data fetch`, or with --fallback"
            )
        for name, stand_in in STAND_INS.items():
            self.lines.setdefault(name, self.lines[stand_in])
        if not all(map(len, self.lines.values())):
            raise DataError(
                f"too few texts are within character set {charset.name!r} to render lines of it: "
                "train it on labelled pictures (data.folder)"
            )
        seen: Counter[str] = Counter()
        for lines in self.lines.values():
            seen.update(lines.text[::SAMPLED])
        self.rarity = {
            c: (seen[c] * SAMPLED + SMOOTHING) ** -0.5
            for c in charset.characters
            if not c.isspace()
        }
        ranks = [c for c, _ in seen.most_common(EVERYDAY.stop) if c in self.rarity]
        self.everyday = ranks[EVERYDAY.start :] or ranks  # a small charset has no middle

    def _richest(self, draw: Callable[[], str]) -> str:
        """Of several texts drawn the one with the rarest characters."""
        return max((draw() for _ in range(DRAWS)), key=self._richness)

    def _richness(self, text: str) -> float:
        return sum(self.rarity.get(c, 0.0) for c in text) / (len(text) + 1)

    def word(self, r: Random) -> str:
        return self._richest(lambda: self.lines["words"].pick(r)[:12])

    def idiom(self, r: Random) -> str:
        return self._richest(lambda: self.lines["idioms"].pick(r)[:12])

    def rare_word(self, r: Random) -> str:
        return self._richest(lambda: self.lines["rare_words"].pick(r)[:12])

    def speech(self, r: Random) -> str:
        return self._richest(lambda: self.lines["speech"].pick(r))

    def brand(self, r: Random) -> str:
        return self._richest(lambda: self.lines["brands"].pick(r)[:8])

    def village(self, r: Random) -> str:
        return self._richest(lambda: self.lines["villages"].pick(r)[:6])

    def division(self, r: Random) -> str:
        return self.lines["divisions"].pick(r)

    def place(self, r: Random) -> str:
        """A city, county or town out of a longer address."""
        parts = re.findall(r"[^省市县区镇乡]{2,5}[省市县区镇]", self.division(r))
        return r.choice(parts) if parts else self.village(r)

    def window(self, r: Random, length: int) -> str:
        return self._richest(lambda: self.lines["running"].window(r, length))

    def traditional_word(self, r: Random) -> str:
        return self._richest(lambda: self.lines["traditional_words"].pick(r)[:12])

    def traditional_window(self, r: Random, length: int) -> str:
        return self._richest(lambda: self.lines["traditional"].window(r, length))

    def romanised(self, r: Random) -> str:
        """A Hokkien word in Latin letters with their marks."""
        return self.lines["romanised"].pick(r)[:20]

    def japanese_word(self, r: Random) -> str:
        return self._richest(lambda: self.lines["japanese_words"].pick(r)[:12])

    def japanese_window(self, r: Random, length: int) -> str:
        return self._richest(lambda: self.lines["japanese"].window(r, length))

    def english_word(self, r: Random) -> str:
        """A word of letters: half the time as texts use it, half any word of the dictionary."""
        if r.random() < 0.5:
            used = LETTERS.findall(self.lines["english"].window(r, 24))[1:-1]
            if used:
                return str(r.choice(used))
        return self.lines["english_words"].pick(r)

    def phrase(self, r: Random, length: int) -> str:
        return self.lines["english"].phrase(r, length)


def line_length(r: Random) -> int:
    """How many characters a line of running text has."""
    return r.randint(2, 24) if r.random() < 0.85 else r.randint(24, LONGEST)
