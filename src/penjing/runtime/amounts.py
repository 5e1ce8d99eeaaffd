"""Digits, a gap, and two digits more are an amount whose point a till has hardly printed."""

from __future__ import annotations

import re
from math import log

from penjing.charset import Charset
from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.scripts import in_forms

UNLIKELY = log(0.005)  # a gap in which the picture has less of a point is a gap
_POINTLESS = re.compile(r"(?:RM|[$¥￥€£-])?\d{1,5}( )\d\d")


def with_point(decoded: Decoded, frames: Frames, charset: Charset) -> Decoded:
    """``decoded``, of a lone amount with a point in the place of its gap.

    As far as its picture allows; its confidence is what the picture gives the point.
    """
    found = _POINTLESS.fullmatch(charset.decode(decoded.classes))
    if not found or "." not in charset:
        return decoded
    gap, point = charset.encode(" .")
    return in_forms(decoded, [found.start(1)], {gap: {point}}, frames, UNLIKELY)
