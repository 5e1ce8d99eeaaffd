"""Nobody mixes simplified and traditional characters in a line, though 内 and 內 look alike.

Nobody but the Japanese, who write 国 and 語: a line with kana stays as it was read.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, log

from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.language import Language

KANA = "ぁ", "ヿ"  # the first and the last of them
CLEAR = 2  # characters of one script to each of the other that say which a line is in
UNLIKELY = log(0.001)  # a form less probable by its picture is not what was written


def in_one_script(decoded: Decoded, frames: Frames, language: Language) -> Decoded:
    """``decoded`` with strays of the other script in the form that the line is written in.

    As far as their pictures allow. Their confidence is what the picture gives that form.
    """
    scripts = [language.scripts[c] for c in decoded.classes]
    simplified, traditional = scripts.count(-1), scripts.count(1)
    few, many = sorted((simplified, traditional))
    if not few or many < CLEAR * few:
        return decoded
    if any(KANA[0] <= c <= KANA[1] for c in language.charset.decode(decoded.classes)):
        return decoded
    stray = 1 if simplified > traditional else -1
    classes, confidence = decoded.classes.copy(), decoded.confidence.copy()
    for k in (k for k, script in enumerate(scripts) if script == stray):
        place, seen = decoded.frames[k], classes[k]
        told = zip(frames.alternatives[place].tolist(), frames.chances[place].tolist(), strict=True)
        chances = dict(told)
        twins = [c for c in language.twins_of[seen] if chances.get(c, -inf) >= UNLIKELY]
        if twins:
            classes[k] = twin = max(twins, key=chances.__getitem__)
            confidence[k] *= exp(chances[twin] - chances[seen])
    return replace(decoded, classes=classes, confidence=confidence)
