"""Hokkien as Taiwan writes it, put together word by word from Mandarin, since no corpus is at hand.

No speaker would put it so. But characters that only Hokkien uses, such as 佮, 佇 and 攏, come about
as often as in real Hokkien, and among similar neighbours.
"""

from __future__ import annotations

from random import Random

from penjing.synth.assets.traditional import Converter
from penjing.synth.texts.phrases import phrases

TELLERS = 6  # converters, each with its own choice among a word's translations


class Hokkien:
    """Turns Mandarin in traditional characters into Hokkien. The same generator gives the same."""

    def __init__(self) -> None:
        words: dict[str, list[str]] = vars(phrases("hokkien"))
        self._tellers = [
            Converter({word: told[k % len(told)] for word, told in words.items()})
            for k in range(TELLERS)
        ]

    def __call__(self, text: str, r: Random) -> str:
        return r.choice(self._tellers)(text)
