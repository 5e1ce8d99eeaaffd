"""A second look at doubtful lines: cut closer, cut looser, narrower, wider, or turned; they vote.

Most lines are read surely at first sight and cost nothing more. Effort goes where doubt is, not to
every picture alike as in test-time augmentation, and not where it never helps: of 280 doubtful real
lines longer than ``LONG`` none was mended by another cut. What several looks agree on is right more
often than what one of them is surest of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Reading, Recogniser

SURE = 0.9  # lines read with at least this confidence are not looked at again
TALL = 2.0  # a line this many times higher than wide may be turned by 90°; a 1 is less tall
LONG = 10.0  # of a line this many times wider than high no other cut mends every character
SURER_TURNED = 0.05  # how much surer a turned picture must be than all others: 69 reads either way
WIDTHS = (0.8, 1.3)  # of the other looks, in widths of the line


@dataclass(frozen=True)
class Look:
    """A reading, and by how many quarter turns (``np.rot90``) its picture was turned for it."""

    reading: Reading
    turns: int = 0


def read_carefully(
    recogniser: Recogniser, lines: Sequence[Pixels], turned: bool = True, language: bool = True
) -> list[Look]:
    """The reading of each gray line picture, uint8 (H, W); of turned ones too if ``turned``.

    Another look must keep half of the characters: one sure stroke is no better reading.
    """
    firsts = recogniser.read(lines, language)
    again = [
        (k, turns, view)
        for k, (line, first) in enumerate(zip(lines, firsts, strict=True))
        for turns, view in _views(line, first, turned)
    ]
    readings = recogniser.read([view for _, _, view in again], language)
    looks = [[Look(first)] for first in firsts]
    for (k, turns, _), reading in zip(again, readings, strict=True):
        if 2 * len(reading.text) >= len(firsts[k].text):
            looks[k].append(Look(reading, turns))
    return [chosen(of_one_line) for of_one_line in looks]


def chosen(looks: Sequence[Look]) -> Look:
    """What most confidence is for; a turned look alone if it is surer than all."""
    surest = max(looks, key=_confidence)
    upright = [look for look in looks if not look.turns]
    if surest.turns and _confidence(surest) > max(map(_confidence, upright)) + SURER_TURNED:
        return surest
    votes: dict[str, float] = defaultdict(float)
    for look in upright:
        votes[look.reading.text] += _confidence(look)
    text = max(votes, key=votes.__getitem__)
    return max((look for look in upright if look.reading.text == text), key=_confidence)


def _confidence(look: Look) -> float:
    return look.reading.confidence


def _views(line: Pixels, reading: Reading, turned: bool) -> Iterator[tuple[int, Pixels]]:
    """Other pictures of the line, each with its quarter turns."""
    height, width = line.shape
    if turned and height > TALL * width:
        yield 1, np.rot90(line, 1)
        yield 3, np.rot90(line, 3)
    elif reading.confidence < SURE:
        if turned:
            yield 2, np.rot90(line, 2)
        if width >= LONG * height:
            return
        edge, margin = round(0.08 * height), round(0.12 * height)
        yield 0, line[edge : height - edge]
        yield 0, cv2.copyMakeBorder(line, margin, margin, 0, 0, cv2.BORDER_REPLICATE)
        for share in WIDTHS:
            yield 0, cv2.resize(line, (max(1, round(share * width)), height))
