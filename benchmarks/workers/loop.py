"""The protocol: a JSON object a line in, one out. Needs nothing but the standard library.

Request: ``{"image": path, "as": "line" | "page"}``. Answer: ``{"ms", "cpu_ms", "mb", "lines"}``,
with ``lines`` a list of ``[text, polygon or null]``; or ``{"error": message}``. The first answer,
before any request, is ``{"ready": true, "mb": …}``. ``mb`` is the greatest resident memory so far.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

Found = tuple[str, "list[list[float]] | None"]  # a line's text, and its four corners if known


class Reader(Protocol):
    """What a worker must offer. Only ``read_line`` and ``read_page`` are timed."""

    def decode(self, data: bytes) -> Any:
        """An encoded picture as the peer likes its pixels."""

    def read_line(self, picture: Any) -> str:
        """The text of a decoded picture of one line."""

    def read_page(self, data: bytes) -> list[Found]:
        """Everything on an encoded picture."""


def serve(make: Callable[[argparse.Namespace], Reader]) -> None:
    """Build a reader from ``--threads`` and ``--model``, then answer until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", default="")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not mix with the answers
    reader = make(parser.parse_args())
    _say(answers, {"ready": True, "mb": peak_mb()})
    for line in sys.stdin:
        try:
            _say(answers, _answer(reader, json.loads(line)))
        except Exception as error:
            _say(answers, {"error": f"{type(error).__name__}: {error}"})


def peak_mb() -> float:
    """The greatest resident memory of this process; ru_maxrss would count the parent's too."""
    status = Path("/proc/self/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+)", status)
    return int(match[1]) / 1024 if match else 0.0


def _answer(reader: Reader, request: dict[str, str]) -> dict[str, Any]:
    data = Path(request["image"]).read_bytes()
    picture = reader.decode(data) if request["as"] == "line" else data
    wall, cpu = time.perf_counter(), time.process_time()
    if request["as"] == "line":
        found: list[Found] = [(reader.read_line(picture), None)]
    else:
        found = reader.read_page(data)
    return {
        "ms": 1000 * (time.perf_counter() - wall),
        "cpu_ms": 1000 * (time.process_time() - cpu),
        "mb": peak_mb(),
        "lines": found,
    }


def _say(answers: Any, message: dict[str, Any]) -> None:
    print(json.dumps(message, ensure_ascii=False), file=answers, flush=True)
