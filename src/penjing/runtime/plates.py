"""Chinese licence plates have a letter after the province (GA 36): 皖4 is 皖A, dirty or blurred."""

from __future__ import annotations

import re
from math import log

from penjing.charset import Charset
from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.scripts import in_forms

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
UNLIKELY = log(0.01)  # a letter less probable by its picture is not what is written
_MISREAD = re.compile(f"[{PROVINCES}][0-9]·?[A-Z0-9]{{5,6}}")


def with_office(decoded: Decoded, frames: Frames, charset: Charset) -> Decoded:
    """``decoded``, on a plate with the likeliest letter in the place of the office's.

    As far as its picture allows; its confidence is what the picture gives that letter.
    """
    if not _MISREAD.fullmatch(charset.decode(decoded.classes)):
        return decoded
    told = frames.alternatives[decoded.frames[1]].tolist()
    letters = {c for c in told if "A" <= charset.characters[c] <= "Z"}
    return in_forms(decoded, [1], {decoded.classes[1]: letters}, frames, UNLIKELY)
