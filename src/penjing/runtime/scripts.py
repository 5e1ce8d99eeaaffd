"""Nobody mixes simplified and traditional characters in a line, though 内 and 內 look alike.

Nobody but the Japanese, who write 国 beside 語, and have forms of their own: 脳 for 脑 and 腦.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from math import exp, inf, log

from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.language import KANA, SIMPLIFIED, TRADITIONAL, Language

JAPANESE = 1 / 6  # of a Japanese line's characters are kana, at least
CLEAR = 2  # characters of one script to each of the other that say which a line is in
UNLIKELY = log(0.001)  # a form less probable by its picture is not what was written


def in_one_script(decoded: Decoded, frames: Frames, language: Language) -> Decoded:
    """``decoded`` with strays of another script in the form that the line is written in.

    As far as their pictures allow. Their confidence is what the picture gives that form.
    """
    scripts = [language.scripts[c] for c in decoded.classes]
    kana = scripts.count(KANA)
    if kana and kana >= JAPANESE * len(scripts):
        return in_forms(decoded, range(len(scripts)), language.japanese_of, frames)
    simplified, traditional = scripts.count(SIMPLIFIED), scripts.count(TRADITIONAL)
    few, many = sorted((simplified, traditional))
    if not few or many < CLEAR * few:
        return decoded
    stray = TRADITIONAL if simplified > traditional else SIMPLIFIED
    strays = (k for k, script in enumerate(scripts) if script == stray)
    return in_forms(decoded, strays, language.twins_of, frames)


def in_forms(
    decoded: Decoded,
    strays: Iterable[int],
    forms: Mapping[int, Set[int]],
    frames: Frames,
    unlikely: float = UNLIKELY,
) -> Decoded:
    """``decoded`` with each of the ``strays`` in the likeliest of its other forms, if any is.

    A form less probable than ``unlikely`` (a logarithm) is none. The confidence is what the picture
    gives the form.
    """
    classes, confidence = decoded.classes.copy(), decoded.confidence.copy()
    for k in strays:
        place, seen = decoded.frames[k], classes[k]
        if seen not in forms:
            continue
        told = zip(frames.alternatives[place].tolist(), frames.chances[place].tolist(), strict=True)
        chances = dict(told)
        others = [c for c in forms[seen] if chances.get(c, -inf) >= unlikely]
        if others:
            classes[k] = other = max(others, key=chances.__getitem__)
            confidence[k] *= exp(chances[other] - chances[seen])
    return replace(decoded, classes=classes, confidence=confidence)
