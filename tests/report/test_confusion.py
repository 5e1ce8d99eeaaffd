"""Alignments spell both texts, take as few steps as there can be, and point at raw characters."""

from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from readings import scored

from penjing.report.confusion import aligned, confusions
from penjing.report.evaluation import normalise

TEXTS = st.text("ab 1１Ａß…盆\u0301", max_size=8)


@given(label=TEXTS, text=TEXTS)
@example(label="ab", text="")
@example(label="e\u0301", text="é")
def test_steps_spell_both_texts_and_are_as_few_as_can_be(label: str, text: str) -> None:
    steps = aligned(scored(label, text))
    assert "".join(s.right for s in steps) == normalise(label)
    assert "".join(s.read for s in steps) == normalise(text)
    distance = Levenshtein.distance(normalise(label), normalise(text))
    assert sum(s.wrong for s in steps) == distance
    for step in steps:
        if step.right and step.right_at is not None:
            assert step.right in normalise(label[step.right_at])
        if step.read and step.read_at is not None:
            assert step.read in normalise(text[step.read_at])


def test_confusions_are_counted_the_most_frequent_first() -> None:
    lines = [scored("a0b0", "aObO"), scored("x 0", "x O"), scored("abc", "ac"), scored("a", "a1")]
    found = {(c.right, c.read): [at for _, at in c.places] for c in confusions(lines)}
    assert next(iter(found)) == ("0", "o")
    assert found["0", "o"] == [1, 3, 2]  # in the raw reading: the space counts
    assert found["b", ""] == [1]
    assert found["", "1"] == [1]
    assert Counter(map(len, found.values())) == {3: 1, 1: 2}
