"""Doubtful characters by their neighbours: of the likeliest few, those that suit the text.

Where the picture is clear it has the last word, and always where it shows a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np

from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.language import DIGIT, OTHER, SPACE, History, Language

WEIGHT = 0.35  # of the text beside the picture
SURE = log(0.97)  # a character as probable as this by its picture is left alone
UNLIKELY = log(1e-3)  # one less probable is not considered

Option = tuple[int, float]  # a character's number, and the logarithm of its probability


def rescored(decoded: Decoded, frames: Frames, language: Language) -> Decoded:
    """``decoded`` with its doubtful characters as picture and text together would have them.

    The confidence of a character is still what its picture alone gives it: one that the text has
    chosen against the picture is less sure than the one it replaces.
    """
    alternatives, chances = frames.alternatives[decoded.frames], frames.chances[decoded.frames]
    texts: list[list[Option]] = [[(c, 0.0)] for c in decoded.classes.tolist()]
    changeable = False
    for k in np.flatnonzero(chances[:, 0] < SURE).tolist():
        texts[k] = _options(alternatives[k].tolist(), chances[k].tolist(), language)
        changeable |= len(texts[k]) > 1
    if not changeable:
        return decoded
    chosen = likeliest(texts, language)
    classes, confidence = decoded.classes.copy(), decoded.confidence.copy()
    for k in np.flatnonzero(classes != chosen).tolist():
        classes[k] = chosen[k]
        confidence[k] *= np.exp(dict(texts[k])[chosen[k]] - chances[k, 0])
    return replace(decoded, classes=classes, confidence=confidence)


def _options(
    alternatives: Sequence[int], chances: Sequence[float], language: Language
) -> list[Option]:
    best = alternatives[0]
    return [
        (c, chance)
        for c, chance in zip(alternatives, chances, strict=True)
        if c == best or (chance >= UNLIKELY and may_become(best, c, language))
    ]


def may_become(seen: int, other: int, language: Language) -> bool:
    """Whether text may overrule the picture in this: 人 is 入 or I is 1, but never 3 is 8.

    Numbers stay as they are seen, Chinese ones too: no text can tell them. Letters stay letters
    or become digits, and nothing else becomes either.
    """
    if language.charset.characters[seen].isnumeric():
        return False
    was, becomes = language.symbols[seen], language.symbols[other]
    if OTHER < was < SPACE:
        return OTHER < becomes < SPACE or becomes == DIGIT
    return becomes in (OTHER, SPACE)


def likeliest(texts: Sequence[Sequence[Option]], language: Language) -> list[int]:
    """Of one option for each character of a line, those that suit picture and text best.

    Exact: texts that go on alike are kept only in the best form (Viterbi 1967).
    """
    best: dict[History, tuple[float, tuple[int, ...]]] = {language.beginning: (0.0, ())}
    for options in (*texts, [(language.border, 0.0)]):
        longer: dict[History, tuple[float, tuple[int, ...]]] = {}
        for history, (score, text) in best.items():
            for character, chance in options:
                suits = WEIGHT * language.association(history, character)
                total = score + chance + suits
                after = language.followed(history, character)
                if after not in longer or total > longer[after][0]:
                    longer[after] = total, (*text, character)
        best = longer
    _, text = max(best.values(), key=lambda found: found[0])
    return list(text[:-1])
