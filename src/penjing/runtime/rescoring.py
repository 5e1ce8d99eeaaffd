"""Doubtful characters by their neighbours: of all that a picture may show, what suits the text.

A search over the paths of CTC, in which characters also come and go: ``TME`` is TIME, and
``Des cript ton`` Description. Where the picture is clear it has the last word, and always where it
shows a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from heapq import nlargest
from itertools import groupby, takewhile
from math import exp, log
from typing import NamedTuple

from penjing.runtime.ctc import BLANK, FRAME, Decoded, Frames
from penjing.runtime.language import DIGIT, OTHER, REACH, SPACE, History, Language

WEIGHT = 0.35  # of the text beside the picture
SURE = 0.97  # a character as probable as this by its picture is left alone
UNLIKELY = 0.01  # what is less probable is not considered
BEAM = 8  # texts that are followed at once: of a line in doubt everywhere there are too many

Option = tuple[int, float]  # a character's number or BLANK, and its probability by the picture
Ends = tuple[History, bool]  # what a text ends with, and whether its last character still lasts


class Run(NamedTuple):
    """Frames, from the ``first`` to before the ``end``, that seem to show the same.

    ``passed`` characters of the line are before it.
    """

    seen: int
    first: int
    end: int
    passed: int


class Step(NamedTuple):
    """Frames, from the ``first`` to before the ``end``, and what they may show, all the same."""

    first: int
    end: int
    options: Sequence[Option]


class Begun(NamedTuple):
    """A character of a text, the number of the step in which it begins, and what is before it."""

    before: Begun | None
    character: int
    step: int


def rescored(decoded: Decoded, frames: Frames, language: Language) -> Decoded:
    """``decoded`` with its doubtful characters as picture and text together would have them.

    The confidence of a character is still what its picture alone gives it, and one that is struck
    out lowers that of its neighbour: what the text has chosen against the picture is less sure.
    """
    told = frames.alternatives[:, 0] != BLANK
    doubtful = (told & (frames.confidence < SURE)).nonzero()[0].tolist()
    if not doubtful:
        return decoded
    runs = _near(doubtful, _runs(frames.labels.tolist()))
    steps = list(_steps(runs, set(doubtful), decoded, frames, language))
    if all(len(step.options) == 1 for step in steps):
        return decoded
    begin, end = runs[0].passed, runs[-1].passed + (runs[-1].seen != BLANK)
    if end == len(decoded.classes):
        steps.append(Step(len(frames), len(frames), [(language.border, 1.0)]))
    text = likeliest(steps, language.history(decoded.classes[:begin]), language)
    if text and text[-1].character == language.border:
        text.pop()
    if [begun.character for begun in text] == decoded.classes[begin:end]:
        return decoded
    new = _decoded(text, steps, frames, decoded.frames[begin:end])
    return Decoded(
        [*decoded.classes[:begin], *new.classes, *decoded.classes[end:]],
        [*decoded.centres[:begin], *new.centres, *decoded.centres[end:]],
        [*decoded.confidence[:begin], *new.confidence, *decoded.confidence[end:]],
        [*decoded.frames[:begin], *new.frames, *decoded.frames[end:]],
    )


def _runs(labels: Sequence[int]) -> list[Run]:
    """Frames that seem to show the same, from left to right."""
    runs, first, passed = [], 0, 0
    for seen, group in groupby(labels):
        end = first + len(list(group))
        runs.append(Run(seen, first, end, passed))
        first, passed = end, passed + (seen != BLANK)
    return runs


def _near(doubtful: Sequence[int], runs: Sequence[Run]) -> Sequence[Run]:
    """From the first of the ``doubtful`` frames, or from a character that may last into it, to the
    last character that looks back on one.
    """
    begin = next(k for k, run in enumerate(runs) if run.end > doubtful[0])
    end = next(k for k, run in enumerate(runs) if run.end > doubtful[-1]) + 1
    if begin and runs[begin - 1].seen != BLANK:
        begin -= 1
    looking = 0
    while end < len(runs) and looking < REACH:
        looking += runs[end].seen != BLANK
        end += 1
    return runs[begin:end]


def _steps(
    runs: Sequence[Run], doubtful: set[int], decoded: Decoded, frames: Frames, language: Language
) -> Iterator[Step]:
    """Each of the ``doubtful`` frames that leaves a choice, and what lies between them."""
    characters = language.charset.characters
    for seen, first, end, passed in runs:
        settled = first
        for frame in sorted(doubtful.intersection(range(first, end))):
            around = [*decoded.classes[max(0, passed - 1) : passed]]
            around += decoded.classes[passed + (seen != BLANK) :][:1]
            beside = any(characters[c].isnumeric() for c in around)
            options = _options(frames, frame, beside, language)
            if len(options) > 1:
                if settled < frame:
                    yield Step(settled, frame, [(seen, 1.0)])
                yield Step(frame, frame + 1, options)
                settled = frame + 1
        if settled < end:
            yield Step(settled, end, [(seen, 1.0)])


def _options(frames: Frames, frame: int, beside: bool, language: Language) -> list[Option]:
    """What a frame may show, what it seems to show first."""
    seen, chances = frames.labels.item(frame), _chances(frames, frame)
    seems = seen, chances.pop(seen)
    return [seems, *(one for one in chances.items() if may_be(seen, one[0], beside, language))]


def _chances(frames: Frames, frame: int) -> dict[int, float]:
    """What a frame seems to show, and what else is not ``UNLIKELY``, with their probabilities."""
    seen, sure = frames.labels.item(frame), frames.confidence.item(frame)
    if frames.alternatives.item(frame, 0) == BLANK:
        return {seen: sure}
    ink = 1 - sure if seen == BLANK else min(sure / exp(frames.chances.item(frame, 0)), 1.0)
    least = log(UNLIKELY / ink)
    told = zip(frames.alternatives[frame].tolist(), frames.chances[frame].tolist(), strict=True)
    chances = {c: ink * exp(chance) for c, chance in told if c == seen or chance >= least}
    if seen == BLANK or 1 - ink >= UNLIKELY:
        chances[BLANK] = 1 - ink
    return chances


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


def likeliest(steps: Sequence[Step], before: History, language: Language) -> list[Begun]:
    """Of all the texts that ``steps`` may show, the one that suits picture and text best.

    Exact (Viterbi 1967), but for texts that fall behind ``BEAM`` others: those that go on alike are
    kept only in the best form. As in CTC, a character lasts until a blank or another one.
    """
    best: dict[Ends, tuple[float, Begun | None]] = {(before, False): (0.0, None)}
    for number, step in enumerate(steps):
        options = [(character, log(chance)) for character, chance in step.options]
        longer: dict[Ends, tuple[float, Begun | None]] = {}
        for (history, lasts), (score, text) in best.items():
            for character, chance in options:
                total, now = score + chance, text
                if character == BLANK:
                    ends = history, False
                elif lasts and character == history[0]:
                    ends = history, True
                else:
                    total += WEIGHT * language.association(history, character)
                    ends = language.followed(history, character), True
                    now = Begun(text, character, number)
                if ends not in longer or total > longer[ends][0]:
                    longer[ends] = total, now
        if len(longer) > BEAM:
            longer = dict(nlargest(BEAM, longer.items(), key=lambda found: found[1][0]))
        best = longer
    _, last = max(best.values(), key=lambda found: found[0])
    return list(_read_back(last))[::-1]


def _read_back(last: Begun | None) -> Iterator[Begun]:
    while last is not None:
        yield last
        last = last.before


def _decoded(
    text: Sequence[Begun], steps: Sequence[Step], frames: Frames, greedy: Sequence[int]
) -> Decoded:
    """``text`` in its places, instead of characters whose surest frames are ``greedy``."""
    centres, confidence, surest = [], [], []
    taken: set[int] = set()
    nexts = [*(begun.step for begun in text[1:]), len(steps)]
    for (_, character, step), other in zip(text, nexts, strict=False):
        shown = takewhile(partial(_shows, character), steps[step:other])
        lasts = range(steps[step].first, [*shown][-1].end)
        chances = {frame: _chances(frames, frame).get(character, 0.0) for frame in lasts}
        surest.append(max(lasts, key=chances.__getitem__))
        confidence.append(chances[surest[-1]])
        centres.append((lasts.start + lasts.stop) / 2 * FRAME)
        taken.update(lasts)
    for frame in set(greedy) - taken:
        if text:
            nearest = min(range(len(text)), key=lambda k: abs(surest[k] - frame))
            confidence[nearest] *= _chances(frames, frame).get(BLANK, 0.0)
    return Decoded([begun.character for begun in text], centres, confidence, surest)


def _shows(character: int, step: Step) -> bool:
    return any(option[0] == character for option in step.options)
