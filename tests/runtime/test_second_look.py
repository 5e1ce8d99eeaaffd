"""Doubtful lines are looked at until two looks agree, sure ones once; agreement counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bands
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.charset import Charset
from penjing.runtime.language import Language
from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Reading, Recogniser
from penjing.runtime.second_look import (
    CERTAIN,
    GLIMPSE,
    SURE,
    UPRIGHT,
    Look,
    chosen,
    read_carefully,
)
from penjing.synth.language_table import learnt

TEXTS = st.text("abc", min_size=1, max_size=9)


@pytest.fixture(scope="module")
def recogniser(bands_model: Path) -> Recogniser:
    return Recogniser(bands_model, threads=1)


def smudged(text: str, seed: int, depth: int) -> np.ndarray:
    line = bands.draw(text).astype(np.int16)
    noise = np.random.default_rng(seed).integers(-depth, depth + 1, line.shape)
    return np.clip(line + noise, 0, 255).astype(np.uint8)


@settings(max_examples=40, deadline=None)
@given(text=TEXTS, seed=st.integers(0, 99), depth=st.integers(0, 250))
def test_a_sure_line_is_not_looked_at_again(
    recogniser: Recogniser, text: str, seed: int, depth: int
) -> None:
    line = smudged(text, seed, depth)
    first = recogniser.read([line])[0]
    look = read_carefully(recogniser, [line])[0]
    assert 2 * len(look.reading.text) >= len(first.text)
    if first.text and first.confidences.min() >= SURE and first.confidence >= UPRIGHT:
        assert look.reading.text == first.text
        assert look.turns == 0


@settings(max_examples=40, deadline=None)
@given(text=TEXTS, seed=st.integers(0, 99), depth=st.integers(150, 250))
def test_no_more_is_looked_at_once_two_looks_agree(
    bands_model: Path, text: str, seed: int, depth: int
) -> None:
    said: list[str] = []

    class Overheard(Recogniser):
        def read(self, lines: Sequence[Pixels], language: bool = True) -> list[Reading]:
            readings = super().read(lines, language)
            said.extend(one.text for one in readings)
            return readings

    line = smudged(text, seed, depth)
    look = read_carefully(Overheard(bands_model, threads=1), [line], turned=False)[0]
    kept = [other for other in said if 2 * len(other) >= len(said[0])]
    assert len(set(kept[:-1])) == len(kept[:-1])
    assert look.reading.text in kept


def read_widths(model: Path, line: Pixels) -> tuple[list[int], Look]:
    """The widths of all pictures that a line is read in, and what comes of it."""
    widths: list[int] = []

    class Watched(Recogniser):
        def read(self, lines: Sequence[Pixels], language: bool = True) -> list[Reading]:
            widths.extend(one.shape[1] for one in lines)
            return super().read(lines, language)

    look = read_carefully(Watched(model, threads=1), [line])[0]
    return widths, look


LONG_TEXTS = st.text("abc", min_size=15, max_size=30)


@settings(max_examples=20, deadline=None)
@given(text=LONG_TEXTS)
def test_a_long_line_on_its_head_is_turned_back(bands_model: Path, text: str) -> None:
    line = np.rot90(bands.draw(text), 2)
    widths, look = read_widths(bands_model, line)
    assert (look.reading.text, look.turns) == (text, 2)
    assert widths == [line.shape[1], GLIMPSE * line.shape[0], line.shape[1]]


@settings(max_examples=20, deadline=None)
@given(text=LONG_TEXTS, ink=st.floats(0.52, 0.57))
def test_of_a_long_line_that_stands_upright_only_the_middle_is_turned(
    bands_model: Path, text: str, ink: float
) -> None:
    pale = 255 - ink * (255.0 - bands.draw(text))
    line = pale.astype(np.uint8)
    widths, look = read_widths(bands_model, line)
    assert (look.reading.text, look.turns) == (text, 0)
    assert look.reading.confidence < UPRIGHT
    assert widths == [line.shape[1], GLIMPSE * line.shape[0]]


def reading(text: str, confidence: float, turns: int = 0) -> Look:
    many = np.full(len(text), confidence, np.float32)
    return Look(Reading(text, many, many), turns)


def test_two_looks_that_agree_outvote_a_surer_one() -> None:
    looks = [reading("8.00", 0.8), reading("6.00", 0.6), reading("6.00", 0.7)]
    assert chosen(looks) is looks[2]


def test_a_turned_look_counts_only_where_it_is_clearly_surer() -> None:
    upright, agreeing = reading("9", 0.8), reading("9", 0.7)
    assert chosen([upright, agreeing, reading("6", 0.82, 2)]) is upright
    turned = reading("6", 0.9, 2)
    assert chosen([upright, agreeing, turned]) is turned


@pytest.mark.parametrize(("upright", "turned"), [("010", "OLO"), ("OLO", "010")])
def test_of_two_readings_nearly_as_sure_the_one_that_makes_sense_counts(
    upright: str, turned: str
) -> None:
    texts = ["2001", "0100", "1010"] * 9 + ["OXEN", "LOW", "LLAMA"] * 9
    language = learnt(Charset.of(texts), texts)
    looks = [reading(upright, 0.7), reading(turned, 0.76, 2)]
    assert chosen(looks).reading.text == turned
    assert chosen(looks, language).reading.text == "010"


class Told(Recogniser):
    """Says of each picture what it has been told, by its first pixel, and counts them."""

    language: Language | None = None

    def __init__(self, said: dict[int, tuple[str, float]]) -> None:
        self.said, self.seen = said, 0

    def read(self, lines: Sequence[Pixels], language: bool = True) -> list[Reading]:
        self.seen += len(lines)
        return [reading(*self.said[int(line[0, 0])]).reading for line in lines]


def either_way(upright: tuple[str, float], turned: tuple[str, float]) -> tuple[Look, int]:
    """What is chosen of a line that reads so, and so on its head; and in how many looks."""
    line = np.zeros((32, 128), np.uint8)
    line[-1, -1] = 1  # the first pixel of the turned one
    told = Told({0: upright, 1: turned})
    return read_carefully(told, [line])[0], told.seen


@pytest.mark.parametrize("text", ["GZ6", "Z1GL", "609 CL"])
def test_codes_that_read_well_either_way_are_turned_though_sure(text: str) -> None:
    look, seen = either_way((text, 0.93), ("1572", 0.99))
    assert (look.reading.text, look.turns, seen) == ("1572", 2, 2)
    look, seen = either_way((text, 0.93), ("1572", 0.9))
    assert (look.reading.text, look.turns, seen) == (text, 0, 2)
    assert either_way((text, CERTAIN), ("1572", 0.99))[1] == 1


@pytest.mark.parametrize("text", ["6089", "NOON", "K6", "6.9L", "S号6"])
def test_other_sure_lines_are_not_turned(text: str) -> None:
    look, seen = either_way((text, 0.93), ("6809", 1.0))
    assert (look.reading.text, seen) == (text, 1)


def test_a_line_that_is_certainly_upended_is_not_looked_at_again() -> None:
    look, seen = either_way(("£0S1", 0.5), ("1503", 0.99))
    assert (look.reading.text, look.turns, seen) == ("1503", 2, 2)
    assert either_way(("£0S1", 0.5), ("1503", 0.97))[1] > 2


class Unsure(Told):
    """Sure of all characters but the last, which it reads otherwise each time."""

    def __init__(self, least: float) -> None:
        super().__init__({})
        self.confidences = np.array([1.0] * 19 + [least], np.float32)

    def read(self, lines: Sequence[Pixels], language: bool = True) -> list[Reading]:
        self.seen += len(lines)
        return [Reading("a" * 19 + str(self.seen), np.zeros(20, np.float32), self.confidences)]


@pytest.mark.parametrize(("least", "looks"), [(SURE - 0.01, 4), (SURE, 1)])
def test_one_doubtful_character_among_sure_ones_is_enough(least: float, looks: int) -> None:
    unsure = Unsure(least)
    read_carefully(unsure, [np.zeros((32, 160), np.uint8)])
    assert unsure.seen == looks


@pytest.mark.parametrize(("light", "looks"), [(False, 1), (True, 4)])
def test_a_light_network_looks_at_longer_lines_again(light: bool, looks: int) -> None:
    unsure = Unsure(0.5)
    unsure.light = light
    read_carefully(unsure, [np.zeros((32, 256), np.uint8)])
    assert unsure.seen == looks


@settings(max_examples=20, deadline=None)
@given(texts=st.lists(TEXTS, min_size=2, max_size=5), depth=st.integers(0, 250))
def test_lines_do_not_see_each_other(recogniser: Recogniser, texts: list[str], depth: int) -> None:
    lines = [smudged(text, seed, depth) for seed, text in enumerate(texts)]
    together = [look.reading.text for look in read_carefully(recogniser, lines)]
    alone = [read_carefully(recogniser, [line])[0].reading.text for line in lines]
    assert together == alone


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_line_is_read_and_says_how(recogniser: Recogniser, turns: int) -> None:
    picture = np.rot90(bands.draw("abcab"), -turns)
    look = read_carefully(recogniser, [picture])[0]
    assert (look.reading.text, look.turns) == ("abcab", turns)
    assert read_carefully(recogniser, [picture], turned=False)[0].reading.text != "abcab"
