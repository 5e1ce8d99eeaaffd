"""Chinese licence plates have a letter after the province (GA 36): 皖4 is 皖A, dirty or blurred."""

from __future__ import annotations

import re
from dataclasses import replace
from math import exp, log

from penjing.charset import Charset
from penjing.runtime.ctc import Decoded, Frames

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
UNLIKELY = log(0.01)  # a letter less probable by its picture is not what is written
_MISREAD = re.compile(f"[{PROVINCES}][0-9]·?[A-Z0-9]{{5,6}}")


def with_office(decoded: Decoded, frames: Frames, charset: Charset) -> Decoded:
    """``decoded``, on a plate with the likeliest letter in the place of the office's.

    As far as its picture allows; its confidence is what the picture gives that letter.
    """
    if not _MISREAD.fullmatch(charset.decode(decoded.classes)):
        return decoded
    place, seen = decoded.frames[1], decoded.classes[1]
    told = zip(frames.alternatives[place].tolist(), frames.chances[place].tolist(), strict=True)
    chances = dict(told)  # the likeliest first
    for other, chance in chances.items():
        if chance >= UNLIKELY and "A" <= charset.characters[other] <= "Z":
            classes, confidence = decoded.classes.copy(), decoded.confidence.copy()
            classes[1] = other
            confidence[1] *= exp(chance - chances[seen])
            return replace(decoded, classes=classes, confidence=confidence)
    return decoded
