"""What the lines say: a mix of running text, papers, codes and rare characters, by seed."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from random import Random

import numpy as np

from penjing.charset import Charset
from penjing.synth.texts import (
    chinese_fields,
    chinese_papers,
    chinese_signs,
    codes,
    english,
    figures,
    japanese,
)
from penjing.synth.texts.hokkien import Hokkien
from penjing.synth.texts.phrases import phrases
from penjing.synth.texts.vocabulary import LONGEST, Vocabulary, line_length

TRIES = 50  # texts drawn until one lies within the charset
SPEECH = phrases("speech")

FIGURES = (
    figures.plain,
    figures.plain,
    figures.money,
    figures.date,
    figures.clock,
    figures.telephone,
    figures.quantity,
    figures.yuan,
    codes.serial,
    codes.symbols,
)
LATIN = {  # the mix of topics where the charset has no Chinese
    "receipt": 9, "english": 7, "digits": 3, "tag": 3, "code": 2.5, "card": 2, "rare": 2.5,
    "board": 2,
}  # fmt: skip
AIRED = frozenset(("receipt", "english", "caption", "slip"))  # topics for ``english.aired``
TRADITIONAL_SHARE = 38  # of a mix whose other shares add up to some 150
JAPANESE_SHARE = 12
MARKS = "——", "——", "——", "—", "-", " - ", "～", "~", "★", "●", "·", "→", "…", "/", "※", "〇", "&"
TRAILING = "，。、；：！？）》」』】”’"
CORNERS = str.maketrans("“”‘’《》", "「」『』『』")
FOREIGN = ("e", "ê", "e", "ê", "kah", "lâi", "--", "A", "é", "ñ", "ü", "ö", "ä", "ç")
GREEK = "αβγδθλμπσφωΩΔΦ"
BRACKETS = ("", "", "", "（）", "()", "“”", "《》", "【】", "[]", "「」")


@dataclass(frozen=True)
class Text:
    """A text to draw: 1-40 characters of the charset, no space at the ends and no two in a row.

    ``topic`` is a key of ``TextSampler.mix``; a look is chosen by it.
    """

    string: str
    topic: str


class TextSampler:
    """Draws lines of text. Deterministic in the generator; safe to share between threads.

    A charset without Chinese gets the topics of ``LATIN`` alone. Raises DataError where there are
    no texts, or none within the charset.
    """

    def __init__(self, charset: Charset) -> None:
        self.vocabulary = Vocabulary(charset)
        self._known = frozenset(charset.characters)
        self._letters = list(self.vocabulary.rarity)
        self._rarity = list(accumulate(self.vocabulary.rarity.values()))
        self.mix: dict[str, tuple[float, Callable[[Random], str]]] = {
            "running": (18, self._running),
            "dictionary": (13, self._dictionary),
            "rare": (12, self._rare),
            "address": (6, lambda r: chinese_signs.address(r, self.vocabulary)),
            "sign": (5.5, lambda r: chinese_signs.sign(r, self.vocabulary)),
            "invoice": (8, lambda r: chinese_papers.invoice(r, self.vocabulary)),
            "ticket": (3, lambda r: chinese_papers.ticket(r, self.vocabulary)),
            "slip": (5, lambda r: chinese_papers.slip(r, self.vocabulary)),
            "caption": (4.5, lambda r: chinese_papers.caption(r, self.vocabulary)),
            "label": (5, lambda r: chinese_signs.label(r, self.vocabulary)),
            "interface": (3, lambda r: self.vocabulary.lines["interface"].pick(r)),
            "subtitle": (5, self._subtitle),
            "exam": (1.5, lambda r: chinese_papers.exam(r, self.vocabulary)),
            "receipt": (22, lambda r: english.receipt(r, self.vocabulary)),
            "english": (10, lambda r: english.words(r, self.vocabulary)),
            "board": (4, lambda r: english.board(r, self.vocabulary)),
            "digits": (3, self._digits),
            "code": (3, self._code),
            "tag": (10, codes.tag),
            "plate": (4.5, codes.plate),
            "card": (5.5, codes.card),
            "mixed": (3.5, self._mixed),
            "marked": (2.5, self._marked),
        }
        if self.vocabulary.traditional:
            self._hokkien = Hokkien()
            self.mix["traditional"] = (TRADITIONAL_SHARE, self._traditional)
        if self.vocabulary.japanese:
            self.mix["japanese"] = (JAPANESE_SHARE, lambda r: japanese.line(r, self.vocabulary))
        if not charset.chinese:
            self.mix = {topic: (share, self.mix[topic][1]) for topic, share in LATIN.items()}
        self._topics = list(self.mix)
        self._makers = [maker for _, maker in self.mix.values()]
        self._shares = list(accumulate(share for share, _ in self.mix.values()))

    def sample(self, rng: np.random.Generator) -> Text:
        """The next text of ``rng``."""
        r = Random(int(rng.integers(1 << 62)))  # many times faster than NumPy for single draws
        topic = bisect(self._shares, r.random() * self._shares[-1])
        for _ in range(TRIES):
            string = self._makers[topic](r)
            if self._topics[topic] in AIRED:
                string = english.aired(r, string)
            string = self._fit(string, r)
            if string and self._known.issuperset(string):
                return Text(string, self._topics[topic])
        return Text(self._letter(r), "rare")

    def _fit(self, string: str, r: Random) -> str:
        """``string`` with single spaces, cut to at most 40 characters, and mostly without the marks
        at its head that no typesetter leaves there."""
        if "  " in string:
            string = " ".join(string.split())
        if len(string) > LONGEST:
            start = r.choice((0, r.randint(0, len(string) - LONGEST)))
            string = string[start : start + LONGEST]
        if len(string) > 1 and string[0] in TRAILING and r.random() < 0.85:
            string = string.lstrip(TRAILING)
        return string.strip()

    def _letter(self, r: Random) -> str:
        """A character, rare ones nearly as likely as common ones."""
        if r.random() < 0.7:
            return r.choice(self.vocabulary.everyday)
        return self._letters[bisect(self._rarity, r.random() * self._rarity[-1])]

    def _running(self, r: Random) -> str:
        return self.vocabulary.window(r, line_length(r))

    def _traditional(self, r: Random) -> str:
        """As books, signs and screens of Taiwan and Hong Kong have it, with Hokkien among it."""
        v, shape = self.vocabulary, r.random()
        if shape < 0.6:
            text = v.traditional_window(r, line_length(r))
            if r.random() < 0.45:
                text = self._hokkien(text, r)
            if r.random() < 0.5:
                text = text.replace("真", "眞")
            return text.translate(CORNERS) if r.random() < 0.8 else text
        if shape < 0.78:
            words = [v.traditional_word(r) for _ in range(r.choice((1, 1, 2, 3, 4)))]
            return r.choice(("", "", "、", "，", " ", "·")).join(words)
        if shape < 0.84:
            return "".join(self._letter(r) for _ in range(r.randint(2, 10)))
        if shape < 0.9:
            return " ".join(v.romanised(r) for _ in range(r.randint(1, 4)))
        middle = v.romanised(r) if r.random() < 0.6 else r.choice(FOREIGN)
        gap = r.choice((" ", ""))
        left, right = (v.traditional_window(r, r.randint(0, 12)) for _ in range(2))
        mixed = f"{left}{gap}{middle}{gap}{right}"
        return self._hokkien(mixed, r) if r.random() < 0.6 else mixed

    def _dictionary(self, r: Random) -> str:
        """Words and idioms, up to five in a row."""
        words = [self._entry(r) for _ in range(r.choice((1, 1, 1, 2, 3, 4, 5)))]
        return r.choice(("、", " ", "，", "/", "·", "", "")).join(words)

    def _entry(self, r: Random) -> str:
        shape = r.random()
        if shape < 0.5:
            return self.vocabulary.word(r)
        return self.vocabulary.idiom(r) if shape < 0.7 else self.vocabulary.rare_word(r)

    def _rare(self, r: Random) -> str:
        """Characters by rarity: one alone, a few in a row, or some put into running text."""
        shape = r.random()
        if shape < 0.12:
            return self._letter(r)
        if shape < 0.55:
            return "".join(self._letter(r) for _ in range(r.randint(2, 10)))
        text = list(self.vocabulary.window(r, r.randint(4, 16)) or "字")
        for _ in range(r.randint(1, 4)):
            text[int(r.random() * len(text))] = self._letter(r)
        return "".join(text)

    def _subtitle(self, r: Random) -> str:
        """What somebody says, 1-14 characters, now and then in two halves with a space."""
        text = self.vocabulary.speech(r) if r.random() < 0.6 else self._spoken(r)
        if len(text) < 7 and r.random() < 0.25:
            text += " " + self.vocabulary.speech(r)[:8]
        return text[:18] + r.choice(("", "", "", "", "", "？", "！", "…", "。"))

    def _spoken(self, r: Random) -> str:
        """Everyday speech put together from its commonest words."""
        who, how = r.choice(SPEECH.who), r.choice(SPEECH.how)
        what, end = r.choice(SPEECH.what), r.choice(SPEECH.end)
        call = chinese_fields.person(r) + r.choice(("", " ")) if r.random() < 0.2 else ""
        if r.random() < 0.2:
            call = r.choice(SPEECH.cry) + r.choice(("", "", " ", "，")) + call
        shape = r.random()
        if shape < 0.5:
            return call + who + how + what + end
        return call + (how + what + end if shape < 0.75 else who + what + end)

    def _digits(self, r: Random) -> str:
        return r.choice(FIGURES)(r)

    def _code(self, r: Random) -> str:
        v, shape = self.vocabulary, r.random()
        word = v.english_word(r).split("'")[0]
        if shape < 0.2:
            return codes.file_name(r, word if r.random() < 0.5 else v.word(r))
        if shape < 0.3:
            return codes.web(r, word)
        return codes.code_line(r, word, v.word(r))

    def _mixed(self, r: Random) -> str:
        """Chinese with Latin words and numbers among it."""
        v = self.vocabulary
        a, b = v.window(r, r.randint(1, 10)), v.window(r, r.randint(1, 10))
        middle = v.english_word(r) if r.random() < 0.4 else r.choice(FIGURES)(r)
        gap = " " if r.random() < 0.3 else ""
        brackets = r.choice(BRACKETS)
        left, right = brackets[:1], brackets[1:]
        return f"{a}{gap}{left}{middle}{right}{gap}{b}"

    def _marked(self, r: Random) -> str:
        """Chinese with a mark in its middle that running text seldom has."""
        v = self.vocabulary
        a, b = v.window(r, r.randint(1, 9)), v.window(r, r.randint(1, 9))
        shape = r.random()
        if shape < 0.6:
            return a + r.choice(MARKS) + b
        if shape < 0.75:
            return f"{a}{r.choice(GREEK)}-{b}"
        if shape < 0.9:
            return f"{v.word(r)}{r.choice(('', '：'))}{figures.number(r)}{r.choice(('', ' '))}℃"
        return r.choice(("★", "◆", "■", "▲", "※", "☆", "◎", "→", "√")) + r.choice(("", " ")) + a
