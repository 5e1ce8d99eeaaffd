"""A prepared corpus in memory: one string, cut by line or by window."""

from __future__ import annotations

import re
from array import array
from pathlib import Path
from random import Random

from penjing.charset import Charset


class Lines:
    """Non-empty lines of one text, holding nothing outside ``charset``.

    A character outside it parts a line in two. The whole is one ``str`` and an array of line
    starts, so that a corpus costs little more than its characters.
    """

    def __init__(self, text: str, charset: Charset) -> None:
        foreign = re.compile(f"[^{re.escape(''.join(charset.characters))}]+")
        kept = [s for line in foreign.split(text) if (s := line.strip())]
        self.text = "\n".join(kept) + "\n"
        self._starts = array("L", [0])
        for line in kept:
            self._starts.append(self._starts[-1] + len(line) + 1)

    @classmethod
    def read(cls, path: Path, charset: Charset) -> Lines:
        return cls(path.read_text(encoding="utf-8"), charset)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        return self.text[self._starts[number] : self._starts[number + 1] - 1]

    def pick(self, r: Random) -> str:
        """Any line."""
        return self[int(r.random() * len(self))]

    def window(self, r: Random, length: int) -> str:
        """Up to ``length`` characters in a row of one line; longer lines are likelier."""
        start, end = self._around(r)
        place = start + int(r.random() * max(1, end - start - length + 1))
        return self.text[place : min(end, place + length)].strip()

    def phrase(self, r: Random, length: int) -> str:
        """Whole words in a row of one line, up to ``length`` characters of them."""
        start, end = self._around(r)
        place = start + int(r.random() * max(1, end - start - length + 1))
        if place > start:
            place = self.text.find(" ", place - 1, end) + 1 or start
        words = self.text[place : min(end, place + length + 1)]
        if place + length < end and " " in words:
            words = words[: words.rindex(" ")]
        return words.strip()[:length].strip()

    def _around(self, r: Random) -> tuple[int, int]:
        """The line about a random place: its start and end in ``text``."""
        place = int(r.random() * (len(self.text) - 1))
        return self.text.rfind("\n", 0, place) + 1, self.text.find("\n", place)
