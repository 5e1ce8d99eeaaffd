"""Lines as Japanese prints them: running text, words, and Latin letters or figures among them."""

from __future__ import annotations

from random import Random

from penjing.synth.texts import figures
from penjing.synth.texts.vocabulary import Vocabulary, line_length

QUOTES = (("「", "」"), ("『", "』"), ("（", "）"), ("【", "】"), ("〈", "〉"), ("・", "・"))


def line(r: Random, v: Vocabulary) -> str:
    shape = r.random()
    if shape < 0.45:
        return v.japanese_window(r, line_length(r))
    if shape < 0.75:
        words = [v.japanese_word(r) for _ in range(r.choice((1, 1, 2, 2, 3, 4)))]
        return r.choice(("", "", "・", "の", "、", " ")).join(words)
    left, right = v.japanese_window(r, r.randint(0, 10)), v.japanese_window(r, r.randint(1, 10))
    if shape < 0.9:
        opening, closing = r.choice(QUOTES)
        return f"{left}{opening}{v.japanese_word(r)}{closing}{right}"
    middle = v.english_word(r) if r.random() < 0.4 else figures.number(r)
    gap = " " if r.random() < 0.3 else ""
    return f"{left}{gap}{middle}{gap}{right}"
