"""Doubtful characters by their neighbours: the best of all texts, and never against the picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, product
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.charset import Charset
from penjing.runtime import ctc, rescoring
from penjing.runtime.ctc import BLANK, Decoded, Frames
from penjing.runtime.rescoring import SURE, UNLIKELY, WEIGHT, Step, likeliest, may_be, rescored
from penjing.synth.language_table import learnt

TEXTS = ["开户银行", "人民币壹仟元", "入口", "Total 10.00", "the time", "No. 1", "AB1", "已收"]
CHARSET = Charset.of([*TEXTS, "人入己已O0l1I8&仟任"])
LANGUAGE = learnt(CHARSET, TEXTS)
CLASSES = st.integers(0, len(CHARSET) - 1)
KNOWN = 3  # characters that are told of a frame

Shares = dict[str, float]  # of one frame: of each character, and of "" for blank


@st.composite
def frames(draw: st.DrawFn) -> Frames:
    """A line as a network sees it: each frame with a few likely characters, or blank."""
    rows = draw(
        st.lists(
            st.tuples(
                st.lists(CLASSES, min_size=KNOWN, max_size=KNOWN, unique=True),
                st.lists(st.floats(0.01, 1), min_size=KNOWN, max_size=KNOWN),
                st.sampled_from([0.01, 0.25, 0.45, 0.7, 0.97, 0.999]),  # of ink
                st.sampled_from([1, 1e-3]),  # in doubt or not
            ),
            max_size=10,
        )
    )
    told = []
    for classes, shares, ink, doubt in rows:
        parts = np.sort(np.array(shares) * [1, 0.3 * doubt, 0.1 * doubt])[::-1]
        parts = ink * parts / parts.sum()
        texts = [CHARSET.characters[c] for c in classes]
        told.append({"": 1 - ink, **dict(zip(texts, parts.tolist(), strict=True))})
    return seen(*told)


def seen(*told: Shares) -> Frames:
    """The frames that a network would tell so."""
    count = len(told)
    labels, confidence = np.full(count, BLANK), np.ones(count, np.float32)
    alternatives = np.full((count, KNOWN), BLANK)
    chances = np.zeros((count, KNOWN), np.float32)
    for k, shares in enumerate(told):
        inked = sorted((share, text) for text, share in shares.items() if text)[::-1]
        blank = 1 - sum(share for share, _ in inked)
        confidence[k] = max(blank, inked[0][0])
        if blank < inked[0][0]:
            labels[k] = CHARSET.encode(inked[0][1])[0]
        if blank < 0.8:
            for place, (share, text) in enumerate(inked):
                alternatives[k, place] = CHARSET.encode(text)[0]
                chances[k, place] = log(share / (1 - blank))
    return Frames(labels, confidence, alternatives, chances)


def both(line: Frames) -> tuple[Decoded, Decoded]:
    """Without language, and with it."""
    greedy = ctc.collapse(line.labels, line.confidence)
    return greedy, rescored(greedy, line, LANGUAGE)


def read(*told: Shares) -> str:
    return CHARSET.decode(both(seen(*told))[1].classes)


def written(text: str, doubts: dict[int, Shares]) -> list[Shares]:
    """A frame for each of its characters, and one that is blank behind it; both surely so, but for
    the frames in ``doubts``.
    """
    told = [share for c in text for share in ({c: 0.999}, {c: 0.001})]
    return [doubts.get(k, shares) for k, shares in enumerate(told)]


def suits(text: Sequence[int]) -> float:
    history, total = LANGUAGE.beginning, 0.0
    for character in (*text, LANGUAGE.border):
        total += WEIGHT * LANGUAGE.association(history, character)
        history = LANGUAGE.followed(history, character)
    return total


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.integers(BLANK, len(CHARSET) - 1), st.floats(0.01, 1), min_size=1, max_size=3
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_path_of_all_suits_better(line: list[dict[int, float]]) -> None:
    best: dict[tuple[int, ...], float] = {}
    for path in product(*line):
        text = tuple(c for c, _ in groupby(path) if c != BLANK)
        chance = sum(log(options[c]) for options, c in zip(line, path, strict=True))
        best[text] = max(best.get(text, -np.inf), chance + suits(text))
    border = {LANGUAGE.border: 1.0}
    steps = [Step(k, k + 1, list(options.items())) for k, options in enumerate([*line, border])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rescoring, "BEAM", 3**6)
        found = tuple(p.character for p in likeliest(steps, LANGUAGE.beginning, LANGUAGE))
    assert np.isclose(best[found[:-1]], max(best.values()))


@settings(deadline=None)
@given(frames())
def test_far_from_doubt_nothing_counts(line: Frames) -> None:
    """Only the neighbourhood of doubtful frames is searched; it is as if the whole line were."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rescoring, "BEAM", 10**6)
        near = both(line)[1]
        patch.setattr(rescoring, "_near", lambda doubtful, runs: runs)
        assert near == both(line)[1]


@settings(deadline=None)
@given(frames())
def test_what_is_sure_is_left_alone(line: Frames) -> None:
    greedy, read = both(line)
    for k, frame in enumerate(greedy.frames):
        if greedy.confidence[k] >= SURE:
            assert read.classes[read.frames.index(frame)] == greedy.classes[k]


@settings(deadline=None)
@given(frames())
def test_a_character_is_as_sure_as_its_picture_at_most(line: Frames) -> None:
    greedy, read = both(line)
    assert read.frames == sorted(set(read.frames))
    assert len(read.classes) == len(read.centres) == len(read.confidence) == len(read.frames)
    for character, frame, sure in zip(read.classes, read.frames, read.confidence, strict=True):
        if line.labels[frame] == character:
            assert sure <= line.confidence[frame]
        else:
            place = line.alternatives[frame].tolist().index(character)
            assert np.exp(line.chances[frame, place]) * (1 + 1e-6) >= UNLIKELY
            assert sure < 0.5
            assert line.confidence[frame] < SURE
    if read.classes == greedy.classes:
        assert read is greedy


@settings(deadline=None)
@given(frames())
def test_numbers_stay_as_they_are_seen_with_what_is_beside_them(line: Frames) -> None:
    greedy, read = both(line)
    seen_at = dict(zip(greedy.frames, CHARSET.decode(greedy.classes), strict=True))
    said_at = dict(zip(read.frames, CHARSET.decode(read.classes), strict=True))
    for frame, number in seen_at.items():
        if number.isnumeric():
            assert said_at[frame] == number
    for frame, said in said_at.items():
        if said.isnumeric() and not seen_at.get(frame, "").isnumeric():
            letter = CHARSET.characters[line.labels[frame]]
            assert letter.isascii()
            assert letter.isalpha()


def test_what_may_be_what() -> None:
    def may(seen: str, other: str, beside: bool = False) -> bool:
        a, b = (CHARSET.encode(one)[0] if one else BLANK for one in (seen, other))
        return may_be(a, b, beside, LANGUAGE)

    for pair in ("人入", "O0", "lI", "任&", "&o", "o&"):
        assert may(*pair), pair
    assert may("", "o")
    assert may("o", "")
    for pair in ("01", "仟任", "任仟", "&8", "1I", "口8"):
        assert not may(*pair), pair
    assert not may("", "1")
    assert not may("1", "")
    for pair in ("人入", "O0", "lI", "任&"):
        assert may(*pair, beside=True), pair
    for pair in (("", "o"), ("o", ""), ("&", "o"), ("o", "&")):
        assert not may(*pair, beside=True), pair


def test_the_text_around_tells_what_the_picture_cannot() -> None:
    def mended(text: str, doubtful: int, other: str) -> str:
        return read(*written(text, {2 * doubtful: {text[doubtful]: 0.54, other: 0.44}}))

    assert mended("人口", 0, "入") == "入口"
    assert mended("入民", 0, "人") == "人民"
    assert mended("己收", 0, "已") == "已收"
    assert mended("Tota1 1O.00", 7, "0") == "Tota1 10.00"


def test_a_letter_that_the_picture_has_lost_half_is_found() -> None:
    assert read(*written("the tme", {9: {"i": 0.4}})) == "the time"


def test_a_letter_that_no_word_has_is_struck_out_and_its_neighbour_is_less_sure() -> None:
    doubt = written("Noo. 1", {4: {"o": 0.55}})
    assert read(*doubt) == "No. 1"
    greedy, found = both(seen(*doubt))
    assert CHARSET.decode(greedy.classes) == "Noo. 1"
    assert min(found.confidence) == pytest.approx(0.999 * 0.45, abs=1e-3)


def test_a_gap_that_no_word_has_is_struck_out() -> None:
    assert read(*written("To tal", {4: {" ": 0.6}})) == "Total"


def test_no_two_characters_are_on_one_frame() -> None:
    """Though the frame of the second may as well show the first, and shows it more."""
    told = [{"人": 0.5, "入": 0.4}, {"入": 0.49, "人": 0.5}, {"口": 0.999}]
    found = both(seen({"人": 0.001}, *told))[1]
    assert CHARSET.decode(found.classes) == "人入口"
    assert found.frames == [1, 2, 3]


def test_nothing_comes_between_the_digits_of_a_number() -> None:
    assert read(*written("1000", {1: {".": 0.45}, 3: {" ": 0.45}})) == "1000"


def test_nothing_is_made_of_nothing() -> None:
    empty = ctc.collapse(np.zeros(0, np.int64), np.zeros(0, np.float32))
    line = Frames(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 3), np.int64), np.zeros((0, 3)))
    assert rescored(empty, line, LANGUAGE) is empty


def test_what_a_network_without_a_clue_seems_to_say_is_left() -> None:
    line = seen({"": 1e-4, "人": 3e-4}, {"人": 0.9})
    line.confidence[0], line.labels[0] = 3e-4, line.labels[1]  # of thousands of characters
    line.alternatives[0], line.chances[0] = line.alternatives[1], np.log(3e-4)
    assert CHARSET.decode(both(line)[1].classes) == "人"
