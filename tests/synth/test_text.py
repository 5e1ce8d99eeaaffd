"""Texts: within the charset, repeatable, varied enough that every class is met."""

import re
from collections import Counter
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.charset import DEFAULT, Charset
from penjing.errors import DataError
from penjing.runtime.plates import PROVINCES
from penjing.synth.texts import chinese_fields, codes, english, figures
from penjing.synth.texts.lines import Lines
from penjing.synth.texts.sampler import LATIN, TRAILING, TextSampler
from penjing.synth.texts.vocabulary import LONGEST

CHARSET = Charset.load(DEFAULT)
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def sampler() -> TextSampler:
    try:
        return TextSampler(CHARSET)
    except DataError:
        pytest.skip("no texts fetched: penjing data fetch --fallback")


def test_every_text_is_clean_and_every_topic_occurs(sampler: TextSampler) -> None:
    rng = np.random.default_rng(7)
    texts = [sampler.sample(rng) for _ in range(12_000)]
    for text in texts:
        assert 1 <= len(text.string) <= LONGEST
        assert CHARSET.covers(text.string)
        assert text.string == " ".join(text.string.split(" ")) == text.string.strip()
        assert "  " not in text.string
    assert {t.topic for t in texts} == set(sampler.mix)
    assert 5 < float(np.median([len(t.string) for t in texts])) < 15
    letters = Counter("".join(t.string for t in texts))
    assert all(letters[c] > 1 for c in CHARSET.characters if c.isascii())
    assert len(letters) > len(CHARSET) / 2


def test_closing_marks_rarely_begin_a_line(sampler: TextSampler) -> None:
    rng = np.random.default_rng(11)
    texts = [sampler.sample(rng).string for _ in range(6_000)]
    running = [text for text in texts if len(text) > 1]
    assert sum(text[0] in TRAILING for text in running) < 0.015 * len(running)


def test_a_charset_without_chinese_gets_latin_texts_of_all_its_characters() -> None:
    latin = Charset.load("latin-v1")
    try:
        sampler = TextSampler(latin)
    except DataError:
        pytest.skip("no texts fetched: penjing data fetch --fallback")
    rng = np.random.default_rng(7)
    texts = [sampler.sample(rng) for _ in range(12_000)]
    assert all(latin.covers(text.string) for text in texts)
    assert {text.topic for text in texts} == set(LATIN) == set(sampler.mix)
    letters = Counter("".join(text.string for text in texts))
    assert all(letters[c] > 5 for c in latin.characters)


def test_texts_that_hold_nothing_of_a_charset_are_told() -> None:
    with pytest.raises(DataError, match=r"labelled pictures|data fetch"):
        TextSampler(Charset("greek", "αβγ"))


def test_the_seed_decides(sampler: TextSampler) -> None:
    def draw(seed: int) -> list[str]:
        rng = np.random.default_rng(seed)
        return [sampler.sample(rng).string for _ in range(50)]

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_rare_characters_are_drawn_by_rarity(sampler: TextSampler) -> None:
    r = Random(0)
    drawn = Counter(sampler._letter(r) for _ in range(100_000))
    assert len(drawn) > 0.9 * len(CHARSET)
    assert max(drawn.values()) < 200


@settings(deadline=None)
@given(st.integers(1, 99_999_999), st.integers(0, 99))
def test_capital_amounts_say_their_number(whole: int, cents: int) -> None:
    """Read back digit by digit, the numerals give the amount they were made of."""
    text = chinese_fields.upper_amount(whole + cents / 100)
    units = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = 0
    head, _, tail = text.partition("圆")
    for c in head:
        if c in chinese_fields.CAPITAL:
            digit = chinese_fields.CAPITAL.index(c)
        elif c in units:
            section, digit = section + digit * units[c], 0
        elif c == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
    assert total + section + digit == whole
    small = {"角": 0, "分": 0}
    for number, unit in pairwise(tail):
        if unit in small:
            small[unit] = chinese_fields.CAPITAL.index(number)
    assert small["角"] * 10 + small["分"] == cents


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (52.7, "伍拾贰圆柒角整"),
        (1052, "壹仟零伍拾贰圆整"),
        (100500.05, "壹拾万零伍佰圆零伍分"),
        (0.31, "零圆叁角壹分"),
    ],
)
def test_capital_amounts_as_cheques_have_them(amount: float, text: str) -> None:
    assert chinese_fields.upper_amount(amount) == text


@settings(deadline=None)
@given(seeds)
def test_plates_have_seven_or_eight_characters_and_no_i_or_o(seed: int) -> None:
    plate = codes.plate(Random(seed)).replace("·", "")
    assert len(plate) in (7, 8)
    assert plate[0] in PROVINCES
    assert not set(plate) & set("IO")


@settings(deadline=None)
@given(seeds)
def test_tills_print_rates_sums_and_numbers_as_they_are_read_back(seed: int) -> None:
    r = Random(seed)
    assert re.search(r"(^|[^0-9])[0-9]{1,2}(\.0)? ?%", english.tax(r))
    assert english.due(r)[0].isalpha()
    number = english.registration(r)
    assert number.startswith("(") == number.endswith(")")
    assert sum(c.isdigit() for c in number) >= 6


def test_boards_say_words(sampler: TextSampler) -> None:
    texts = [english.board(Random(seed), sampler.vocabulary) for seed in range(400)]
    assert all(any(c.isalpha() for c in text) for text in texts)
    assert 0.5 < sum(text.isupper() for text in texts) / len(texts) < 0.85


@settings(deadline=None)
@given(seeds, st.integers(1, 20))
def test_digits_are_as_many_as_asked(seed: int, count: int) -> None:
    assert len(figures.digits(Random(seed), count)) == count


def test_long_numbers_end_in_odd_digits_too() -> None:
    r = Random(1)
    for count in (8, 15, 16, 20):
        ends = Counter(figures.digits(r, count)[-1] for _ in range(2000))
        assert len(ends) == 10
        assert min(ends.values()) > 100


@settings(deadline=None)
@given(st.lists(st.text("盆景 ab龘\t", max_size=12), max_size=8), seeds, st.integers(1, 9))
def test_pieces_of_lines_are_pieces_of_the_text(parts: list[str], seed: int, length: int) -> None:
    tiny = Charset("tiny", " 盆景abc")
    lines = Lines("\n".join([*parts, "盆景 abc"]), tiny)
    r = Random(seed)
    for piece in (lines.pick(r), lines.window(r, length), lines.phrase(r, length)):
        assert tiny.covers(piece)
        assert piece in lines.text
        assert piece == piece.strip()
    assert len(lines.window(r, length)) <= length
    assert len(lines.phrase(r, length)) <= length
