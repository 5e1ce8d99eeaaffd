"""Simplified texts become traditional ones by the longest words that a table knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.synth.assets.traditional import OLD_PRINT, Converter, twins

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


def test_twins_leave_out_what_both_scripts_write() -> None:
    found = dict(twins())
    if not found:
        pytest.skip("no texts fetched: penjing data fetch --fallback")
    assert found["内"] == "內"
    assert found["说"] == "說"
    assert not found.keys() & set("里后台人")


def test_old_print_differs_from_what_is_typed() -> None:
    assert all(typed != old for typed, old in OLD_PRINT.items())
    assert not OLD_PRINT.keys() & set(OLD_PRINT.values())
