"""Mandarin retold with the words of Hokkien."""

from random import Random

from penjing.synth.texts.hokkien import Hokkien


def test_words_are_replaced_and_everything_else_stays() -> None:
    hokkien = Hokkien()
    told = {hokkien("他不知道孩子在哪裡，1987年。", Random(seed)) for seed in range(20)}
    assert all(
        text.startswith(("伊毋知囡仔", "𪜶毋知囡仔")) and text.endswith("佗位，1987年。")
        for text in told
    )
    assert len(told) > 1, "a word that has two translations should get both"


def test_the_same_generator_tells_the_same() -> None:
    assert Hokkien()("我們都很高興", Random(7)) == Hokkien()("我們都很高興", Random(7))
