"""Doubtful characters by their neighbours: of all that a picture may show, what suits the text.

A search over the paths of CTC, in which characters also come and go: ``TME`` is TIME, and
``Des cript ton`` Description. Where the picture is clear it has the last word, and always where it
shows a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from heapq import nlargest
from itertools import groupby
from math import exp, log
from typing import NamedTuple

from penjing.runtime.ctc import BLANK, FRAME, Decoded, Frames
from penjing.runtime.language import DIGIT, OTHER, SPACE, History, Language

WEIGHT = 0.35  # of the text beside the picture
SURE = 0.97  # a character as probable as this by its picture is left alone
UNLIKELY = 0.01  # what is less probable is not considered
BEAM = 16  # texts that are followed at once: of a line in doubt everywhere there are too many
_LEAST = 1e-9  # stands for a probability of 0

Option = tuple[int, float]  # a character's number or BLANK, and its probability by the picture
Ends = tuple[History, bool]  # what a text ends with, and whether its last character still lasts


class Step(NamedTuple):
    """Frames, from the ``first`` to the ``last``, that show the same, and what that may be."""

    first: int
    last: int
    surest: int
    options: Sequence[Option]


class Place(NamedTuple):
    """A character of a text, the frames it is on, and the place before it.

    ``chance`` is its probability by the picture on its ``surest`` frame.
    """

    before: Place | None
    character: int
    first: int
    last: int
    surest: int
    chance: float


def rescored(decoded: Decoded, frames: Frames, language: Language) -> Decoded:
    """``decoded`` with its doubtful characters as picture and text together would have them.

    The confidence of a character is still what its picture alone gives it, and one that is struck
    out lowers that of its neighbour: what the text has chosen against the picture is less sure.
    """
    told = frames.alternatives[:, 0] != BLANK
    doubtful = set((told & (frames.confidence < SURE)).nonzero()[0].tolist())
    steps = list(_steps(decoded, frames, doubtful, language)) if doubtful else []
    if all(len(step.options) == 1 for step in steps):
        return decoded
    places = likeliest(steps, language)
    classes = [place.character for place in places]
    if classes == decoded.classes:
        return decoded
    confidence = [place.chance for place in places]
    for frame in _struck_out(decoded.frames, places):
        nearest = min(range(len(places)), key=lambda k: abs(places[k].surest - frame))
        confidence[nearest] *= 1 - _ink(frames, frame)
    centres = [(place.first + place.last + 1) / 2 * FRAME for place in places]
    return Decoded(classes, centres, confidence, [place.surest for place in places])


def _struck_out(greedy: Sequence[int], places: Sequence[Place]) -> list[int]:
    """Of the frames of the ``greedy`` characters those where a text has none; [] if it is empty."""
    taken = {frame for place in places for frame in range(place.first, place.last + 1)}
    return [frame for frame in greedy if frame not in taken] if places else []


def _steps(
    decoded: Decoded, frames: Frames, doubtful: Set[int], language: Language
) -> Iterator[Step]:
    """Left to right: each of the ``doubtful`` frames with a choice, and runs of others between."""
    labels, sure = frames.labels.tolist(), frames.confidence.tolist()
    numeric = [language.charset.characters[c].isnumeric() for c in decoded.classes]
    around = [False, *numeric, False]  # around[k] and around[k + 2] stand beside character k
    passed = 0
    for seen, run in groupby(range(len(labels)), key=labels.__getitem__):
        beyond = passed + (1 if seen == BLANK else 2)
        beside = around[passed] or around[beyond]
        passed = beyond - 1
        settled: list[int] = []
        for frame in run:
            options = _options(frames, frame, beside, language) if frame in doubtful else []
            if len(options) > 1:
                if settled:
                    yield _settled(settled, seen, sure)
                settled = []
                yield Step(frame, frame, frame, options)
            else:
                settled.append(frame)
        if settled:
            yield _settled(settled, seen, sure)


def _settled(run: Sequence[int], seen: int, sure: Sequence[float]) -> Step:
    surest = max(run, key=sure.__getitem__)
    return Step(run[0], run[-1], surest, [(seen, sure[surest])])


def _options(frames: Frames, frame: int, beside: bool, language: Language) -> list[Option]:
    """What a frame may show, what it seems to show first."""
    seen, ink = frames.labels.item(frame), _ink(frames, frame)
    told = (ink * exp(chance) for chance in frames.chances[frame].tolist())
    chances = {BLANK: 1 - ink, **dict(zip(frames.alternatives[frame].tolist(), told, strict=True))}
    seems = seen, chances.pop(seen)
    others = (option for option in chances.items() if option[1] >= UNLIKELY)
    return [seems, *(option for option in others if may_be(seen, option[0], beside, language))]


def _ink(frames: Frames, frame: int) -> float:
    """The probability that a frame holds a character, whichever."""
    sure = frames.confidence.item(frame)
    if frames.labels.item(frame) == BLANK:
        return 1 - sure
    return min(sure / exp(frames.chances.item(frame, 0)), 1.0)


def may_be(seen: int, other: int, beside: bool, language: Language) -> bool:
    """Whether text may overrule the picture in this, ``beside`` a number or elsewhere.

    Numbers stay as they are seen, Chinese ones too, for no text can tell them: none comes or goes,
    but for a letter that is a digit. Beside one nothing else comes or goes either, and letters and
    signs stay what they are.
    """
    characters, symbols = language.charset.characters, language.symbols
    if seen != BLANK and characters[seen].isnumeric():
        return False
    if BLANK in (seen, other):
        return not beside and (other == BLANK or not characters[other].isnumeric())
    was, becomes = (OTHER < symbols[c] < SPACE for c in (seen, other))
    if symbols[other] == DIGIT:
        return was
    return not characters[other].isnumeric() and (was == becomes or not beside)


def likeliest(steps: Sequence[Step], language: Language) -> list[Place]:
    """Of all the texts that ``steps`` may show, the one that suits picture and text best.

    Exact (Viterbi 1967), but for texts that fall behind ``BEAM`` others: those that go on alike are
    kept only in the best form. As in CTC, a character lasts until a blank or another one.
    """
    best: dict[Ends, tuple[float, Place | None]] = {(language.beginning, False): (0.0, None)}
    for first, last, surest, options in steps:
        longer: dict[Ends, tuple[float, Place | None]] = {}
        for (history, lasts), (score, place) in best.items():
            for character, chance in options:
                total = score + log(max(chance, _LEAST))
                if character == BLANK:
                    ends, now = (history, False), place
                elif lasts and place is not None and place.character == character:
                    ends, now = (history, True), _lasting(place, last, surest, chance)
                else:
                    total += WEIGHT * language.association(history, character)
                    ends = language.followed(history, character), True
                    now = Place(place, character, first, last, surest, chance)
                if ends not in longer or total > longer[ends][0]:
                    longer[ends] = total, now
        if len(longer) > BEAM:
            longer = dict(nlargest(BEAM, longer.items(), key=lambda found: found[1][0]))
        best = longer

    def whole(ends: Ends) -> float:
        return best[ends][0] + WEIGHT * language.association(ends[0], language.border)

    return _read_back(best[max(best, key=whole)][1])


def _lasting(place: Place, last: int, surest: int, chance: float) -> Place:
    if chance > place.chance:
        return place._replace(last=last, surest=surest, chance=chance)
    return place._replace(last=last)


def _read_back(place: Place | None) -> list[Place]:
    places = []
    while place is not None:
        places.append(place)
        place = place.before
    return places[::-1]
