"""``penjing serve`` under many clients at once: is every answer the serial one, and how soon is it?

Pictures of mixed sizes are cut from the example page and read once each, serially; then the clients
ask for them in random order for as long as was asked, each waiting when it is told that the service
is busy.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np

from benchmarks import soak
from penjing.service.limits import DEFAULT_LIMITS

PAGE = Path(__file__).parent.parent / "examples" / "page.png"


@dataclass
class Observed:
    """What the clients saw: seconds of each request by status, and answers unlike the serial."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    wrong: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, status: int, seconds: float, same: bool) -> None:
        with self.lock:
            self.seconds.setdefault(status, []).append(seconds)
            self.wrong += not same

    @property
    def answers(self) -> int:
        return len(self.seconds.get(200, []))

    def fail(self, error: Exception) -> None:
        with self.lock:
            self.broken[type(error).__name__] += 1


def pictures() -> list[bytes]:
    """Lines, parts of the page, and pages of several sizes, as PNG."""
    page = cv2.imread(str(PAGE))
    height, width = page.shape[:2]
    lines = [page[top : top + 50, 50 : width // 2] for top in (50, 130, 180, 310)]
    parts = [page[: height // 2], page[height // 2 :], page[:, : width // 2]]
    pages = [cv2.resize(page, None, fx=scale, fy=scale) for scale in (0.5, 1, 1.5, 2)]
    return [cv2.imencode(".png", picture)[1].tobytes() for picture in lines + parts + pages]


@contextmanager
def served(model: str) -> Iterator[tuple[str, dict[str, float]]]:
    """The address of a fresh service, and how long it took to start and, afterwards, to stop."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    serve = ["-m", "penjing", "serve", "--port", str(port), "--model", model]
    took = {}
    start = time.monotonic()
    with subprocess.Popen([sys.executable, *serve], stderr=subprocess.DEVNULL) as process:
        try:
            while not ready(url):
                time.sleep(0.02)
            took["start_s"] = round(time.monotonic() - start, 2)
            yield url, took
        finally:
            stopped = time.monotonic()
            process.terminate()
            took["exit_status"] = process.wait(timeout=60)
            took["stop_s"] = round(time.monotonic() - stopped, 2)


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").is_success
    except httpx.HTTPError:
        return False


def ask(client: httpx.Client, picture: bytes) -> tuple[httpx.Response, float]:
    start = time.monotonic()
    response = client.post("/api/v1/ocr", files={"image": picture})
    return response, time.monotonic() - start


def visit(
    url: str, seed: int, asked: list[bytes], serial: list[Any], end: float, observed: Observed
) -> None:
    """One client, until ``end`` on the monotonic clock."""
    dice = np.random.default_rng(seed)
    with httpx.Client(base_url=url, timeout=2 * DEFAULT_LIMITS.deadline) as client:
        while time.monotonic() < end:
            k = int(dice.integers(len(asked)))
            try:
                response, seconds = ask(client, asked[k])
            except httpx.HTTPError as error:
                observed.fail(error)
                continue
            same = not response.is_success or response.json()["lines"] == serial[k]
            observed.add(response.status_code, seconds, same)
            if response.status_code == 429:
                time.sleep(float(response.headers["Retry-After"]) * dice.uniform(0.5, 1.5))


def measure(model: str, seconds: float, clients: int) -> tuple[dict[str, Any], list[soak.Sample]]:
    """The figures of a run, and samples of the service's memory during it."""
    asked = pictures()
    observed = Observed()
    samples: list[soak.Sample] = []
    with served(model) as (url, took):
        with httpx.Client(base_url=url, timeout=60) as client:
            answers = [ask(client, picture)[0].raise_for_status() for picture in asked]
        serial = [answer.json()["lines"] for answer in answers]
        begun = time.monotonic()
        end = begun + seconds
        threads = [
            threading.Thread(target=visit, args=(url, k, asked, serial, end, observed))
            for k in range(clients)
        ]
        for thread in threads:
            thread.start()
        while not samples or time.monotonic() < end:  # one at least, however busy the machine
            held = soak.resident_megabytes(url)
            now = time.monotonic()
            samples.append(soak.Sample(now - begun, observed.answers, held))
            time.sleep(min(max(0.2, seconds / 500), max(0.0, end - now)))
        for thread in threads:
            thread.join()
        lasted = time.monotonic() - begun
    report = {
        "model": model,
        "clients": clients,
        "seconds": round(lasted, 1),
        **took,
        **summary(observed, lasted),
        **soak.summary(samples),
    }
    return report, samples


def summary(observed: Observed, lasted: float) -> dict[str, Any]:
    answered = np.array(observed.seconds.get(200, [np.nan]))
    refused = np.array(observed.seconds.get(429, [np.nan]))
    return {
        "by_status": {str(s): len(times) for s, times in sorted(observed.seconds.items())},
        "broken_connections": dict(observed.broken),
        "wrong_answers": observed.wrong,
        "answers_per_s": round(observed.answers / lasted, 2),
        **{f"p{q}_ms": milliseconds(answered, q) for q in (50, 95, 99)},
        **{f"refused_p{q}_ms": milliseconds(refused, q) for q in (50, 99)},
    }


def milliseconds(times: np.ndarray, percent: int) -> float:
    return round(float(np.percentile(times, percent)) * 1000, 1)


def sound(report: dict[str, Any]) -> bool:
    """Whether each answer was the serial one, each status 200 or 429, and hardly one too late."""
    return (
        report["wrong_answers"] == 0
        and not report["broken_connections"]
        and set(report["by_status"]) <= {"200", "429"}
        and report["p99_ms"] <= DEFAULT_LIMITS.deadline * 1000
        and report["exit_status"] == 0
    )
