"""A second look at doubtful lines: cut closer, cut looser, wider, or turned; the surest counts.

Most lines are read surely at first sight and cost nothing more. Effort goes where doubt is, not to
every picture alike as in test-time augmentation, and not where it never helps: of 280 doubtful real
lines longer than ``LONG`` none was mended by another cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Reading, Recogniser

SURE = 0.9  # lines read with at least this confidence are not looked at again
TALL = 2.0  # a line this many times higher than wide may be turned by 90°; a 1 is less tall
LONG = 10.0  # of a line this many times wider than high no other cut mends every character
SURER = 0.02  # how much more confidence another cut must bring to be believed
SURER_TURNED = 0.1  # the same for a turned picture: 69 reads well either way up


@dataclass(frozen=True)
class Look:
    """A reading, and by how many quarter turns (``np.rot90``) its picture was turned for it."""

    reading: Reading
    turns: int = 0


def read_carefully(
    recogniser: Recogniser, lines: Sequence[Pixels], turned: bool = True, language: bool = True
) -> list[Look]:
    """The surest reading of each gray line picture, uint8 (H, W); turned ones if ``turned``.

    ``language`` is as for ``Recogniser.read``.

    Another look must keep half of the characters: one sure stroke is no better reading.
    """
    looks = [Look(reading) for reading in recogniser.read(lines, language)]
    again = [
        (k, turns, view)
        for k, (line, look) in enumerate(zip(lines, looks, strict=True))
        for turns, view in _views(line, look.reading, turned)
    ]
    first = [look.reading for look in looks]
    readings = recogniser.read([view for _, _, view in again], language)
    for (k, turns, _), reading in zip(again, readings, strict=True):
        clearly = first[k].confidence + (SURER_TURNED if turns else SURER)
        surest = reading.confidence > max(clearly, looks[k].reading.confidence)
        if surest and 2 * len(reading.text) >= len(first[k].text):
            looks[k] = Look(reading, turns)
    return looks


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
        yield 0, cv2.resize(line, (round(1.3 * width), height), interpolation=cv2.INTER_CUBIC)
