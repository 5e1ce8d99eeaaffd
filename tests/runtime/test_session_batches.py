"""Batches hold every picture once, each among its equals; threads change nothing but the time."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from penjing.runtime.batches import COLUMNS, batches, side_by_side


@given(widths=st.lists(st.integers(1, 40).map(lambda k: 32 * k), max_size=80))
def test_every_picture_is_in_one_batch_of_its_width(widths: list[int]) -> None:
    grouped = batches(widths)
    assert sorted(k for batch in grouped for k in batch) == list(range(len(widths)))
    for batch in grouped:
        assert len({widths[k] for k in batch}) == 1
        assert len(batch) == 1 or sum(widths[k] for k in batch) <= COLUMNS
    widest_first = [widths[batch[0]] for batch in grouped]
    assert widest_first == sorted(widest_first, reverse=True)


@given(items=st.lists(st.integers(), max_size=30), threads=st.integers(1, 4))
def test_answers_come_in_order(items: list[int], threads: int) -> None:
    assert list(side_by_side(lambda k: k + 1, items, threads)) == [k + 1 for k in items]


def test_as_many_run_at_once_as_there_are_threads() -> None:
    together = threading.Barrier(2, timeout=20)  # broken, and so an error, if one runs alone
    assert len(list(side_by_side(lambda _: together.wait(), range(2), threads=2))) == 2
    names = list(side_by_side(lambda _: threading.current_thread().name, range(3), threads=1))
    assert set(names) == {threading.current_thread().name}
