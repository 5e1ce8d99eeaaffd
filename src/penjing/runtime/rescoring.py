"""Doubtful characters by their neighbours: of the likeliest few, those that suit the text.

Where the picture is clear it has the last word, and always where it shows a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import exp, log

from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.language import DIGIT, OTHER, REACH, SPACE, History, Language

WEIGHT = 0.35  # of the text beside the picture
SURE = log(0.97)  # a character as probable as this by its picture is left alone
UNLIKELY = log(0.01)  # one less probable is not considered

Option = tuple[int, float]  # a character's number, and the logarithm of its probability


def rescored(decoded: Decoded, frames: Frames, language: Language) -> Decoded:
    """``decoded`` with its doubtful characters as picture and text together would have them.

    The confidence of a character is still what its picture alone gives it: one that the text has
    chosen against the picture is less sure than the one it replaces.
    """
    doubtful = _doubtful(decoded.frames, frames, language)
    if not doubtful:
        return decoded
    text = [*decoded.classes, language.border]
    confidence = decoded.confidence.copy()
    for first, end in _neighbourhoods(list(doubtful), len(text)):
        told = [doubtful.get(k) or [(text[k], 0.0)] for k in range(first, end)]
        text[first:end] = likeliest(told, language.history(text[:first]), language)
    for k, options in doubtful.items():
        confidence[k] *= exp(dict(options)[text[k]] - options[0][1])
    return replace(decoded, classes=text[:-1], confidence=confidence)


def _doubtful(places: Sequence[int], frames: Frames, language: Language) -> dict[int, list[Option]]:
    """By its number, each character that has a choice, and what it may be; at their ``places``."""
    options = {
        k: _options(frames.alternatives[place].tolist(), frames.chances[place].tolist(), language)
        for k, place in enumerate(places)
        if frames.chances.item(place, 0) < SURE
    }
    return {k: choice for k, choice in options.items() if len(choice) > 1}


def _neighbourhoods(doubtful: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    """First and end of each stretch of a text that no choice elsewhere has a say in.

    It reaches from a doubtful character to the last that looks back on one.
    """
    first = last = doubtful[0]
    for k in doubtful[1:]:
        if k > last + REACH:
            yield first, last + REACH + 1
            first = k
        last = k
    yield first, min(length, last + REACH + 1)


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


def likeliest(
    texts: Sequence[Sequence[Option]], before: History, language: Language
) -> tuple[int, ...]:
    """Of one option for each character of a text, those that suit picture and text best.

    Exact: texts that go on alike are kept only in the best form (Viterbi 1967).
    """
    best: dict[History, tuple[float, tuple[int, ...]]] = {before: (0.0, ())}
    for options in texts:
        longer: dict[History, tuple[float, tuple[int, ...]]] = {}
        for history, (score, text) in best.items():
            for character, chance in options:
                suits = WEIGHT * language.association(history, character)
                total = score + chance + suits
                after = language.followed(history, character)
                if after not in longer or total > longer[after][0]:
                    longer[after] = total, (*text, character)
        best = longer
    return max(best.values(), key=lambda found: found[0])[1]
