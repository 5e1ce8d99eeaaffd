"""Simplified texts become traditional ones by the longest words that a table knows."""

from hypothesis import given
from hypothesis import strategies as st

from penjing.synth.traditional import Converter

TABLE = {"发": "發", "头发": "頭髮", "头": "頭", "里": "裏", "公里": "公里"}
convert = Converter(TABLE)


def test_of_words_that_begin_alike_the_longest_is_taken() -> None:
    assert convert("头发白了，出发三公里") == "頭髮白了，出發三公里"
    assert convert("里头") == "裏頭"


@given(st.text(alphabet="甲乙丙丁 abc\n"))
def test_what_no_table_knows_stays(text: str) -> None:
    assert convert(text) == text


@given(st.lists(st.sampled_from("发头里公甲，\n")).map("".join))
def test_nothing_that_the_table_could_replace_is_left(text: str) -> None:
    assert not set(convert(text)) & {"发", "头"}
    assert len(convert(text)) == len(text)
