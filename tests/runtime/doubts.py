"""A text as a picture shows it whose every character may be another, for rules that mend it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from penjing.charset import Charset
from penjing.runtime.ctc import Decoded, Frames

Rule = Callable[[Decoded, Frames, Charset], Decoded]


def mended(
    rule: Rule, charset: Charset, text: str, likes: str, chance: float
) -> tuple[str, list[float]]:
    """What ``rule`` makes of ``text``, and its confidences.

    Each character may be, so probably, the one of ``likes`` in its place.
    """
    classes = charset.encode(text)
    alternatives = np.array([classes, charset.encode(likes)], np.int64).T.reshape(-1, 2)
    chances = np.log(np.tile(np.array([1 - chance, chance], np.float32), (len(text), 1)))
    sure = [1 - chance] * len(text)
    places = list(range(len(text)))
    frames = Frames(np.array(classes), np.array(sure, np.float32), alternatives, chances)
    decoded = rule(Decoded(classes, [*map(float, places)], sure, places), frames, charset)
    return charset.decode(decoded.classes), decoded.confidence
