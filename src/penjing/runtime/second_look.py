"""A second look at doubtful lines: turned, as a column of characters, cut closer, narrower, wider;
until two looks agree.

Most lines are read surely at first sight and cost nothing more. Effort goes where doubt is, not to
every picture alike as in test-time augmentation, and no further than to an agreement. It does not
go where it costs most and hardly helps: other cuts of lines longer than ``LONG`` mended 2 of 1,776.
A light network, each look of which costs a third, mends 12 of them.
What several looks agree on is right more often than what one of them is surest of.

Few lines stand on their heads, but codes of digits and capitals read well either way: 925 is GZ6
then, and 010 is OLO. The text itself helps to tell: digits stand beside digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import cv2
import numpy as np

from penjing.runtime.columns import Column, laid_out
from penjing.runtime.language import Language
from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Reading, Recogniser

SURE = 0.6  # lines whose every character is at least this sure are not looked at again, but codes
UPRIGHT = 0.85  # what reads as surely stands upright: turned by 180°, 1 of 8 sure real lines does
TALL = 2.0  # a line this many times higher than wide may be turned by 90°; a 1 is less tall
CERTAIN = 0.98  # a code as sure is not turned; a line as sure on its head is not looked at again
THREAD = 100.0  # what is higher than that is no line of text
COLUMN = 1.5  # a doubtful line this many times higher than wide may be two characters or more
LYING = 0.5  # a line surer than this is no column that lies on its side
TURNABLE = frozenset("0123456789ACEGHILMNOSVWXZbdhlnopqsuxz")  # on their heads, others of these
GLIMPSE = 8.0  # so many heights from the middle of a long line tell whether to turn all of it
LONG = 6.0  # of a line this many times wider than high hardly another cut mends every character
LONG_FOR_LIGHT = 10.0  # the same for a light network
SURER_TURNED = 0.05  # how much surer a turned picture must be than all others: 69 reads either way
SENSE = 0.07  # how much surer a reading counts for each nat that its text holds together better
WIDTHS = (0.8, 1.3)  # of the other looks, in widths of the line


@dataclass(frozen=True)
class Look:
    """A reading, and by how many quarter turns (``np.rot90``) its picture was turned for it.

    Of a ``column`` of upright characters one: from top to bottom it reads as a line so turned. One
    that lies on its side, as cut out and turned by who took it for a line, reads without.
    """

    reading: Reading
    turns: int = 0
    column: bool = False

    @property
    def otherwise(self) -> bool:
        """Whether it is no reading of an upright line."""
        return self.column or self.turns != 0


@dataclass(frozen=True)
class _View:
    """Another picture of a line, turned by quarters, or laid out if it is a column."""

    picture: Pixels
    turns: int = 0
    column: Column | None = None

    def look(self, reading: Reading) -> Look:
        if self.column is None:
            return Look(reading, self.turns)
        letters = [k for k, character in enumerate(reading.text) if character != " "]
        text = "".join(reading.text[k] for k in letters)  # gaps after marks are no spaces
        centres = self.column.along(reading.centres[letters])
        return Look(Reading(text, centres, reading.confidences[letters]), self.turns, column=True)


def read_carefully(
    recogniser: Recogniser, lines: Sequence[Pixels], turned: bool = True, language: bool = True
) -> list[Look]:
    """The reading of each gray line picture, uint8 (H, W); of turned ones too if ``turned``.

    Another look must keep half of the characters: one sure stroke is no better reading.
    """
    firsts = recogniser.read(lines, language)
    looks = [[Look(first)] for first in firsts]
    upended = _upended(recogniser, lines, firsts, language) if turned else set()
    long = LONG_FOR_LIGHT if recogniser.light else LONG
    views = [
        _views(line, first, long, turned, k in upended)
        for k, (line, first) in enumerate(zip(lines, firsts, strict=True))
    ]
    while again := [
        (k, view)
        for k, others in enumerate(views)
        if not _settled(looks[k])
        for view in islice(others, 1)
    ]:
        readings = recogniser.read([view.picture for _, view in again], language)
        for (k, view), reading in zip(again, readings, strict=True):
            if 2 * len(reading.text) >= len(firsts[k].text):
                looks[k].append(view.look(reading))
    table = recogniser.language if language else None
    return [chosen(of_one_line, table) for of_one_line in looks]


def _upended(
    recogniser: Recogniser, lines: Sequence[Pixels], firsts: Sequence[Reading], language: bool
) -> set[int]:
    """Numbers of the lines that may stand on their heads: of long ones, by a glimpse at them."""
    doubtful = {
        k
        for k, first in enumerate(firsts)
        if first.confidence < (CERTAIN if _either_way(first.text) else UPRIGHT)
    }
    long = [k for k in doubtful if lines[k].shape[1] > GLIMPSE * lines[k].shape[0]]
    if not long:
        return doubtful
    glimpses = recogniser.read([np.rot90(_middle(lines[k]), 2) for k in long], language)
    seen = zip(long, glimpses, strict=True)
    return doubtful - {k for k, one in seen if one.confidence <= firsts[k].confidence}


def _either_way(text: str) -> bool:
    """Whether it mixes letters and digits as upended numbers do, all of which can be others."""
    characters = set(text) - {" "}
    return characters <= TURNABLE and len({one.isdigit() for one in characters}) == 2


def _middle(line: Pixels) -> Pixels:
    height, width = line.shape
    left = (width - round(GLIMPSE * height)) // 2
    return line[:, left : width - left]


def _settled(looks: Sequence[Look]) -> bool:
    """Whether two that are not turned read alike, or one is certain that the line is upended."""
    texts = [look.reading.text for look in looks if not look.otherwise]
    certain = max(CERTAIN, _confidence(looks[0]) + SURER_TURNED)
    upended = any(look.turns == 2 and _confidence(look) > certain for look in looks)
    return upended or len(set(texts)) < len(texts)


def chosen(looks: Sequence[Look], language: Language | None = None) -> Look:
    """What most confidence is for; a turned look alone if it is worth more than all.

    A look is worth its confidence and, by ``language``, the sense that its text makes.
    """
    if len(looks) == 1:
        return looks[0]
    upright = [look for look in looks if not look.otherwise]
    if turned := [look for look in looks if look.otherwise]:
        worth = partial(_worth, language=language)
        best = max(turned, key=worth)
        if worth(best) > max(map(worth, upright)) + SURER_TURNED:
            return best
    votes: dict[str, float] = defaultdict(float)
    for look in upright:
        votes[look.reading.text] += _confidence(look)
    text = max(votes, key=votes.__getitem__)
    return max((look for look in upright if look.reading.text == text), key=_confidence)


def _worth(look: Look, language: Language | None) -> float:
    """Confidence, and what the text has for itself whatever its picture looks like."""
    if language is None or not look.reading.text:
        return _confidence(look)
    characters = language.charset.encode(look.reading.text)
    return _confidence(look) + SENSE * language.coherence(characters)


def _confidence(look: Look) -> float:
    return look.reading.confidence


def _least(reading: Reading) -> float:
    """Of the least sure character: in a long line the mean hides it. 0 for an empty text."""
    return min(reading.confidences.tolist(), default=0.0)


def _views(
    line: Pixels, reading: Reading, long: float, turned: bool, upended: bool
) -> Iterator[_View]:
    """Other pictures of the line, in the order they are looked at."""
    height, width = line.shape
    tall = turned and TALL * width < height < THREAD * width
    if tall:
        yield _View(np.rot90(line, 1), 1)
        yield _View(np.rot90(line, 3), 3)
    doubtful = _least(reading) < SURE
    short = turned and doubtful and COLUMN * width < height <= TALL * width
    if (tall or short) and (column := laid_out(line)):
        yield _View(column.line, 1, column)
    if tall:
        return
    if upended:
        yield _View(np.rot90(line, 2), 2)
    lying = turned and reading.confidence < LYING and width > COLUMN * height
    if lying and (column := laid_out(np.rot90(line, 3))):
        yield _View(column.line, column=column)
    if doubtful and width < long * height:
        edge = round(0.08 * height)
        yield _View(line[edge : height - edge])
        for share in WIDTHS:
            yield _View(cv2.resize(line, (max(1, round(share * width)), height)))
