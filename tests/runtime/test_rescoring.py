"""Doubtful characters by their neighbours: the best of all texts, and never against the picture."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.charset import Charset
from penjing.runtime import ctc
from penjing.runtime.ctc import Decoded, Frames
from penjing.runtime.language import Language
from penjing.runtime.rescoring import SURE, UNLIKELY, WEIGHT, likeliest, may_become, rescored
from penjing.synth.language_table import learnt

TEXTS = ["开户银行", "人民币壹仟元", "入口", "Total 10.00", "the tax", "AB1", "已收"]
CHARSET = Charset.of([*TEXTS, "人入己已O0l1I8&仟任"])
LANGUAGE = learnt(CHARSET, TEXTS)
CLASSES = st.integers(0, len(CHARSET) - 1)


@st.composite
def frames(draw: st.DrawFn) -> Frames:
    """A line as a network sees it: characters apart, each with a few likely ones."""
    rows = draw(
        st.lists(
            st.tuples(
                st.lists(CLASSES, min_size=3, max_size=3, unique=True),
                st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
                st.floats(0.5, 1),
                st.sampled_from([1, 1e-3]),  # in doubt or not
            ),
            max_size=8,
        )
    )
    count = 2 * len(rows)
    labels, confidence = np.full(count, ctc.BLANK), np.ones(count, np.float32)
    alternatives, chances = np.full((count, 3), -1), np.zeros((count, 3), np.float32)
    for k, (classes, shares, ink, doubt) in enumerate(rows):
        shares = np.sort(np.array(shares) * [1, 0.3 * doubt, 0.1 * doubt])[::-1]
        labels[2 * k], alternatives[2 * k] = classes[0], classes
        chances[2 * k] = np.log(shares / shares.sum())
        confidence[2 * k] = ink * np.exp(chances[2 * k, 0])
    return Frames(labels, confidence, alternatives, chances)


def both(line: Frames) -> tuple[Decoded, Decoded]:
    """Without language, and with it."""
    greedy = ctc.collapse(line.labels, line.confidence)
    return greedy, rescored(greedy, line, LANGUAGE)


def score(text: tuple[int, ...], chances: float, language: Language) -> float:
    history = language.beginning
    for character in (*text, language.border):
        chances += WEIGHT * language.association(history, character)
        history = language.followed(history, character)
    return chances


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(CLASSES, st.floats(-5, 0), min_size=1, max_size=3), min_size=1, max_size=6
    )
)
def test_no_text_of_all_suits_better(line: list[dict[int, float]]) -> None:
    def total(text: tuple[int, ...]) -> float:
        chances = sum(options[c] for options, c in zip(line, text, strict=True))
        return score(text, chances, LANGUAGE)

    border = [(LANGUAGE.border, 0.0)]
    texts = [*(list(options.items()) for options in line), border]
    found = likeliest(texts, LANGUAGE.beginning, LANGUAGE)
    assert np.isclose(total(found[:-1]), max(map(total, product(*line))))


@settings(deadline=None)
@given(frames())
def test_far_from_doubt_nothing_counts(line: Frames) -> None:
    """Only the neighbourhood of doubtful characters is searched; it is as if all were."""
    greedy, read = both(line)
    texts = []
    for frame in greedy.frames:
        pairs = zip(line.alternatives[frame].tolist(), line.chances[frame].tolist(), strict=True)
        (best, chance), *others = pairs
        kept = [(c, p) for c, p in others if p >= UNLIKELY and may_become(best, c, LANGUAGE)]
        texts.append([(best, chance), *(kept if chance < SURE else [])])

    def total(text: tuple[int, ...]) -> float:
        chances = sum(dict(options)[c] for options, c in zip(texts, text, strict=True))
        return score(text, chances, LANGUAGE)

    every = product(*([c for c, _ in options] for options in texts))
    assert np.isclose(total(tuple(read.classes)), max(map(total, every)))


@settings(deadline=None)
@given(frames())
def test_only_doubtful_characters_change_and_become_less_sure(line: Frames) -> None:
    greedy, read = both(line)
    assert read.centres == greedy.centres
    for k, frame in enumerate(greedy.frames):
        if read.classes[k] == greedy.classes[k]:
            assert read.confidence[k] == greedy.confidence[k]
        else:
            assert line.chances[frame, 0] < SURE
            assert read.confidence[k] <= greedy.confidence[k]
            assert read.classes[k] in line.alternatives[frame]


@settings(deadline=None)
@given(frames())
def test_numbers_stay_as_they_are_seen_and_signs_never_turn_into_codes(line: Frames) -> None:
    greedy, read = both(line)
    for seen, said in zip(
        CHARSET.decode(greedy.classes), CHARSET.decode(read.classes), strict=True
    ):
        if seen.isnumeric():
            assert said == seen
        if not (seen.isascii() and seen.isalnum()):
            assert not (said.isascii() and said.isalnum())
        elif seen.isalpha():
            assert said.isascii()
            assert said.isalnum()


def test_what_may_become_what() -> None:
    def may(seen: str, other: str) -> bool:
        a, b = CHARSET.encode(seen + other)
        return may_become(a, b, LANGUAGE)

    assert may("人", "入")
    assert may("O", "0")
    assert may("l", "I")
    assert may("任", "仟")
    assert not any(may(*pair) for pair in ("01", "仟任", "&8", "1I", "O口", "口O"))


def test_the_text_around_tells_what_the_picture_cannot() -> None:
    def read(seen: str, doubtful: int, other: str) -> str:
        classes = np.array(CHARSET.encode(seen))
        alternatives = np.stack([classes, np.full_like(classes, CHARSET.encode(other)[0])], 1)
        chances = np.log(np.tile([0.999, 0.001], (len(classes), 1)))
        chances[doubtful] = np.log([0.55, 0.45])
        sure = np.exp(chances[:, 0])
        line = Frames(classes, sure, alternatives, chances)
        places = list(range(len(classes)))
        greedy = Decoded(classes.tolist(), [*map(float, places)], sure.tolist(), places)
        return CHARSET.decode(rescored(greedy, line, LANGUAGE).classes)

    assert read("人口", 0, "入") == "入口"
    assert read("入民", 0, "人") == "人民"
    assert read("己收", 0, "已") == "已收"
    assert read("Tota1 1O.00", 7, "0") == "Tota1 10.00"


def test_nothing_is_made_of_nothing() -> None:
    empty = ctc.collapse(np.zeros(0, np.int64), np.zeros(0, np.float32))
    line = Frames(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 3), np.int64), np.zeros((0, 3)))
    assert rescored(empty, line, LANGUAGE) is empty
