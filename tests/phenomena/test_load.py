"""Many clients at once: each gets its own text, overload is refused at once, nothing grows."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from serving import as_json, png, serving, until

from penjing.service.jobs import Deadline, Jobs
from penjing.service.limits import DEFAULT_LIMITS
from penjing.service.metrics import resident_bytes

TEXTS = ["".join(letters) for letters in product("abc", repeat=4)]


def test_concurrent_answers_equal_serial_ones(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, queue=64)
    with serving(bands_model, limits) as (client, _):
        bodies = [as_json(png(text * (1 + k % 5)), line=True) for k, text in enumerate(TEXTS)]
        serial = [client.post("/api/v1/ocr", json=body).json()["lines"] for body in bodies]
        with ThreadPoolExecutor(32) as pool:
            answers = list(pool.map(lambda body: client.post("/api/v1/ocr", json=body), bodies))
        assert [answer.json()["lines"] for answer in answers] == serial
        assert [lines[0]["text"] for lines in serial][:5] == [
            text * (1 + k) for k, text in enumerate(TEXTS[:5])
        ]


def test_overload_is_refused_at_once_and_passes(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, queue=2)
    with serving(bands_model, limits) as (client, engine):
        held = threading.Event()
        stuck = engine.jobs.workers + limits.queue
        with ThreadPoolExecutor(stuck) as pool:
            far = Deadline.after(60)
            for _ in range(stuck):
                pool.submit(engine.jobs.run, lambda: held.wait(60), far)
            until(lambda: engine.jobs.count == stuck)
            start = time.monotonic()
            response = client.post("/api/v1/ocr", json=as_json(png(), line=True))
            assert time.monotonic() - start < 2
            assert response.status_code == 429
            assert int(response.headers["Retry-After"]) >= 1
            assert client.get("/livez").status_code == 200
            assert f"penjing_queue_waiting {limits.queue}.0" in client.get("/metrics").text
            held.set()
        until(lambda: engine.jobs.count == 0)
        again = client.post("/api/v1/ocr", json=as_json(png(), line=True))
        assert again.json()["text"] == "abcabcab"


def test_a_job_whose_time_has_passed_is_never_begun(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, deadline=0.3)
    with serving(bands_model, limits) as (client, engine):
        held = threading.Event()
        with ThreadPoolExecutor(engine.jobs.workers) as pool:
            for _ in range(engine.jobs.workers):
                pool.submit(engine.jobs.run, lambda: held.wait(60), Deadline.after(60))
            until(lambda: engine.jobs.count == engine.jobs.workers)
            response = client.post("/api/v1/ocr", json=as_json(png(), line=True))
            assert response.status_code == 504
            assert response.json()["error"]["code"] == "deadline_passed"
            held.set()
        until(lambda: engine.jobs.count == 0)
        assert "penjing_pages_total 0.0" in client.get("/metrics").text


def test_jobs_hand_errors_back_and_live_on() -> None:
    jobs = Jobs(workers=1, places=1)
    with pytest.raises(ZeroDivisionError):
        jobs.run(lambda: 1 // 0, Deadline.after(5))
    assert jobs.run(lambda: 7, Deadline.after(5)) == 7


def soak(model: Path, seconds: float, clients: int) -> tuple[int, int, int]:
    """Requests answered, and resident bytes after the first fifth and at the end."""
    limits = replace(DEFAULT_LIMITS, queue=2 * clients)
    with serving(model, limits) as (client, _):
        end = time.monotonic() + seconds

        def ask(first: int) -> int:
            done = 0
            while time.monotonic() < end:
                text = TEXTS[(first + done) % len(TEXTS)] * (1 + (first + done) % 7)
                response = client.post("/api/v1/ocr", json=as_json(png(text), line=True))
                assert response.status_code in (200, 429), response.text
                if response.status_code == 200:
                    assert response.json()["text"] == text
                    done += 1
            return done

        with ThreadPoolExecutor(clients) as pool:
            asked = [pool.submit(ask, 11 * k) for k in range(clients)]
            time.sleep(seconds / 5)
            early = resident_bytes()
            answered = sum(each.result() for each in asked)
        return answered, early, resident_bytes()


def test_a_short_soak_does_not_grow(bands_model: Path) -> None:
    answered, early, late = soak(bands_model, seconds=5, clients=4)
    assert answered > 20
    assert late - early < 40 * 2**20


@pytest.mark.slow
@pytest.mark.timeout(2000)
def test_a_long_soak_does_not_grow(bands_model: Path) -> None:
    answered, early, late = soak(bands_model, seconds=1800, clients=32)
    assert answered > 10_000
    assert late - early < 30 * 2**20
