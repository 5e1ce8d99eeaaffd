"""A worker process that is asked one thing at a time, and answers each with a line of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.peers import HERE, Peer


@dataclass(frozen=True)
class Answer:
    """What a worker read, and what it cost.

    ``ms`` by the clock, ``cpu_ms`` of the processor; ``mb`` is the peak memory so far; ``lines``
    are texts with their four corners, if these are known.
    """

    ms: float
    cpu_ms: float
    mb: float
    lines: list[tuple[str, list[list[float]] | None]]

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self.lines)


class Conversation:
    """Starts the worker of ``peer`` and talks with it; a context manager.

    Raises Unavailable, or RuntimeError if the worker dies or fails.
    """

    def __init__(self, peer: Peer, threads: int) -> None:
        self.peer = peer
        one = {name: str(threads) for name in ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT")}
        command = [str(peer.python()), "-m", f"benchmarks.workers.{peer.worker}"]
        self._process = subprocess.Popen(
            [*command, "--threads", str(threads), "--model", peer.model],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=HERE.parent,
            env={**os.environ, **one},
            text=True,
            encoding="utf-8",
        )
        self.ready_mb = float(self._hear()["mb"])

    def ask(self, image: Path, way: str) -> Answer:
        """Read a picture as a "line" or as a "page"."""
        assert self._process.stdin is not None
        print(
            json.dumps({"image": str(image.resolve()), "as": way}),
            file=self._process.stdin,
            flush=True,
        )
        return Answer(**self._hear())

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.peer.name} died with status {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{self.peer.name}: {answer['error']}")
        return answer

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            print(f"{self.peer.name} had to be killed", file=sys.stderr)
