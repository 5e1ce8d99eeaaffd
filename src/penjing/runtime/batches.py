"""Pictures of lines through one session: equal widths together, several batches side by side.

A network this small gains nothing from two threads within a line: they wait for each other after
every operator. Two lines at once, each on a thread of its own, take little more time than one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

COLUMNS = 1024  # of pictures in one run: the memory of larger ones is fetched anew each time

Item = TypeVar("Item")
Result = TypeVar("Result")


def batches(widths: Sequence[int]) -> list[list[int]]:
    """Positions in ``widths``, grouped by equal ones, ``COLUMNS`` together; the widest first."""
    equal: dict[int, list[int]] = defaultdict(list)
    for k, width in enumerate(widths):
        equal[width].append(k)
    grouped = []
    for width in sorted(equal, reverse=True):
        size = max(1, COLUMNS // width)
        grouped += [equal[width][k : k + size] for k in range(0, len(equal[width]), size)]
    return grouped


def side_by_side(
    call: Callable[[Item], Result], items: Sequence[Item], threads: int
) -> Iterable[Result]:
    """``call`` of each item, in order, on up to ``threads`` threads.

    They live for this call alone: a pool that is kept does not survive a fork.
    """
    workers = min(threads, len(items))
    if workers < 2:
        return map(call, items)
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(call, items))
