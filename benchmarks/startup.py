"""The first page: ``penjing read`` from a cold start, and what of it is import, load and read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.peers import HERE
from benchmarks.tables import Row

_STEADY = 10  # reads after the first


def measure(page: Path, threads: int, times: int) -> list[Row]:
    """Medians over ``times`` fresh processes, in milliseconds and MB."""
    command = [sys.executable, "-m", "penjing", "read", str(page), "--threads", str(threads)]
    whole = [_run(command) for _ in range(times)]
    inside = [_unfolded(page, threads) for _ in range(times)]
    rows: list[Row] = [
        {"what": "penjing read, cold", "ms": _middle(ms for ms, _ in whole)},
        {"what": "penjing read, peak memory", "mb": _middle(mb for _, mb in whole)},
    ]
    rows += [{"what": name, "ms": _middle(run[name] for run in inside)} for name in inside[0]]
    return [{"what": row["what"], "ms": row.get("ms", ""), "mb": row.get("mb", "")} for row in rows]


def _middle(values: Iterable[float]) -> float:
    return round(median(values), 1)


def _run(command: list[str]) -> tuple[float, float]:
    """Milliseconds and greatest resident MB of a command; this process is smaller than that."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return 1000 * (time.perf_counter() - start), usage.ru_maxrss / 1024


def _unfolded(page: Path, threads: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.startup", str(page), str(threads)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _unfold(page: str, threads: int) -> dict[str, float]:
    """Milliseconds of each step in this fresh process."""
    clock = [time.perf_counter()]
    from penjing import Reader

    clock.append(time.perf_counter())
    reader = Reader(threads=threads)
    clock.append(time.perf_counter())
    for _ in range(1 + _STEADY):
        reader.read(page)
        clock.append(time.perf_counter())
    steps = [1000 * (after - before) for before, after in pairwise(clock)]
    names = ("import", "load", "first read")
    return {**dict(zip(names, steps, strict=False)), "steady read": median(steps[3:])}


if __name__ == "__main__":
    print(json.dumps(_unfold(sys.argv[1], int(sys.argv[2]))))
