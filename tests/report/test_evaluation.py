"""Scores follow their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import scored

from penjing.report.evaluation import english_spaces, iou, match, normalise, score, space_f1


def test_texts_are_compared_after_normalising() -> None:
    assert normalise("Ａ b\u3000Ｃ：ﬁ") == "abc:fi"
    assert score([scored("￥ 12.0", "¥12.0")])["exact"] == 1.0


def test_character_accuracy_is_over_all_characters() -> None:
    result = score([scored("abcdefgh", "abcdefgh"), scored("ab", "xy")])
    assert (result["exact"], result["char_accuracy"]) == (0.5, 0.8)
    assert "space_f1" not in result
    assert score([scored("ab", "a much longer reading")])["char_accuracy"] == 0.0


@given(st.lists(st.text("abc", min_size=1, max_size=4), min_size=2, max_size=6))
def test_space_f1(words: list[str]) -> None:
    spaced = " ".join(words)
    assert space_f1([(spaced, spaced)]) == 1.0
    assert space_f1([(spaced, "".join(words))]) == 0.0
    two_thirds = space_f1([("ab ab", "ab ab"), ("cd cd", "cdcd")])
    assert two_thirds == pytest.approx(2 / 3, abs=1e-4)


def test_spaces_are_scored_on_english_lines_that_have_some() -> None:
    lines = [scored("a b c", "a bc", language="en"), scored("盆 景", "盆景"), scored("ab", "a b")]
    assert english_spaces(lines) == {"lines": 1, "f1": 0.6667}
    assert english_spaces(lines[1:]) == {"lines": 0, "f1": 0.0}
    assert english_spaces([scored("a 1", "A  1", language="en/digits")])["f1"] == 1.0


def box(x: float, y: float, w: float, h: float) -> np.ndarray:
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)


SIDES = st.floats(1, 50)


@given(x=st.floats(0, 60), y=st.floats(0, 60), w=SIDES, h=SIDES)
def test_iou_of_rectangles(x: float, y: float, w: float, h: float) -> None:
    shared = max(0.0, min(x + w, 40) - max(x, 10)) * max(0.0, min(y + h, 40) - max(y, 10))
    expected = shared / (w * h + 900 - shared)
    assert iou(box(x, y, w, h), box(10, 10, 30, 30)) == pytest.approx(expected, abs=0.02)


def test_matching_is_one_to_one_and_prefers_the_best() -> None:
    labels = np.stack([box(0, 0, 100, 20), box(0, 30, 100, 20)])
    found = np.stack([box(0, 2, 100, 20), box(0, 0, 100, 20), box(200, 0, 9, 9)])
    assert match(labels, found) == [(0, 1)]
