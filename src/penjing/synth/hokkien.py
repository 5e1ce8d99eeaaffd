"""Hokkien as Taiwan writes it, told after Mandarin texts word by word: no corpus of it is at hand.

No speaker would put it so, but the characters that Hokkien has and Mandarin has not, 佮 and 佇 and
攏, come as often as they do there, and stand among those that they stand among.
"""

from __future__ import annotations

from random import Random

from penjing.synth.phrases import phrases
from penjing.synth.traditional import Converter

TELLERS = 6  # each has its own choice among a word's translations


class Hokkien:
    """Retells Mandarin in traditional characters. Deterministic in the generator."""

    def __init__(self) -> None:
        words: dict[str, list[str]] = vars(phrases("hokkien"))
        self._tellers = [
            Converter({word: told[k % len(told)] for word, told in words.items()})
            for k in range(TELLERS)
        ]

    def __call__(self, text: str, r: Random) -> str:
        return r.choice(self._tellers)(text)
