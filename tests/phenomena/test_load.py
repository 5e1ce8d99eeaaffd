"""Many clients at once: each gets its own text, overload is refused at once, nothing grows."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from serving import PATIENT, as_json, png, serving, until

from penjing.service.errors import Busy
from penjing.service.jobs import Deadline, Jobs
from penjing.service.limits import DEFAULT_LIMITS

TEXTS = ["".join(letters) for letters in product("abc", repeat=4)]


def test_concurrent_answers_equal_serial_ones(bands_model: Path) -> None:
    limits = replace(PATIENT, queue=64)
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
            response = client.post("/api/v1/ocr", json=as_json(png(), line=True))
            assert response.status_code == 429
            assert engine.jobs.count == stuck  # all still held, and this one was never taken
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


def test_who_could_not_be_served_in_time_is_refused_at_once() -> None:
    jobs = Jobs(workers=1, places=100)
    jobs.run(lambda: time.sleep(0.3), Deadline.after(60))  # so long does a job take
    held = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(jobs.run, lambda: held.wait(60), Deadline.after(60))
        until(lambda: jobs.count == 1)
        with pytest.raises(Busy) as refused:
            jobs.run(lambda: 7, Deadline.after(0.5))
        assert refused.value.retry_after
        patient = pool.submit(jobs.run, lambda: 7, Deadline.after(200))
        until(lambda: jobs.waiting == 1)
        held.set()
        assert patient.result() == 7
    assert jobs.run(lambda: 8, Deadline.after(5)) == 8  # nobody is before it


SECONDS = [4, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]


@pytest.mark.parametrize("seconds", SECONDS)
def test_many_clients_get_the_serial_answers_and_memory_stays(
    bands_model: Path, tmp_path: Path, seconds: float
) -> None:
    """The benchmark, with the real command; its status says whether anything was amiss."""
    out = tmp_path / "report.json"
    command = [sys.executable, "-m", "benchmarks", "service", "--model", bands_model, "--out", out]
    command += ["--seconds", str(seconds)]
    here = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(out.read_text())
    assert report["by_status"]["200"] >= 1
    course = out.with_suffix(".csv").read_text().splitlines()
    assert course[0] == "seconds,answers,rss_mb"
    assert f"{float(course[-1].split(',')[2]):.1f}" == str(report["rss_mb_last"])
    assert out.with_suffix(".png").stat().st_size > 0
    if "429" in report["by_status"]:
        assert report["refused_p50_ms"] < report["p50_ms"]
    if seconds >= 60:
        assert report["rss_mb_last"] - report["rss_mb_settled"] < 30
