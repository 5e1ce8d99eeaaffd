"""``penjing serve`` starts, stops, dies and runs out of disk and memory: the next is answered."""

from __future__ import annotations

import io
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from serving import PATIENT, as_json, children, command, pdf, png, until

READ = as_json(png(), line=True)
LONG_TEXT = "abcb" * 20
# Eight times one line of a size that takes its time.
LONG_WORK = {"images": [as_json(png(LONG_TEXT, 8), line=True) for _ in range(8)]}


def lines(client: httpx.Client) -> list[dict]:
    response = client.post("/api/v1/ocr", json=READ)
    assert response.status_code == 200, response.text
    return response.json()["lines"]


def large() -> bytes:
    """A picture whose pixels are 48 MB."""
    out = io.BytesIO()
    Image.new("RGB", (4000, 4000), "white").save(out, "PNG", compress_level=1)
    return out.getvalue()


def begin_long_work(
    pool: ThreadPoolExecutor, client: httpx.Client, work: dict[str, Any] = LONG_WORK
) -> Future[httpx.Response]:
    answer = pool.submit(httpx.post, client.base_url.join("/api/v1/batch"), json=work, timeout=240)
    until(lambda: "penjing_jobs 1.0" in client.get("/metrics").text)
    return answer


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_it_is_ready_in_two_seconds(bands_model: Path) -> None:
    """Of processor time, which on an idle machine is no less than the clock's."""
    with command(bands_model) as (process, _):
        assert cpu_seconds(process.pid) + sum(map(cpu_seconds, children(process.pid))) < 2.5


def test_sigterm_finishes_what_is_under_way_and_exits_0(bands_model: Path) -> None:
    with command(bands_model) as (process, client), ThreadPoolExecutor(1) as pool:
        answer = begin_long_work(pool, client)
        process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        assert process.wait(timeout=25) == 0
        assert time.monotonic() - start < 20
        results = answer.result().json()["results"]
        assert [result["text"] for result in results] == [LONG_TEXT] * 8


def test_killed_in_the_middle_of_a_request_it_is_replaced(bands_model: Path) -> None:
    with command(bands_model) as (process, client), ThreadPoolExecutor(1) as pool:
        before = lines(client)
        lost = begin_long_work(pool, client)
        (serving,) = children(process.pid)
        os.kill(serving, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            lost.result()
        # New connections wait for the next process.
        with httpx.Client(base_url=client.base_url, timeout=240) as other:
            assert lines(other) == before
        assert children(process.pid) != [serving]


def test_a_killed_drawer_of_pdfs_costs_one_request(bands_model: Path) -> None:
    pages = pdf(*["abcabcab"] * 12)
    with command(bands_model) as (process, client), ThreadPoolExecutor(1) as pool:
        before = lines(client)
        lost = pool.submit(client.post, "/api/v1/ocr", json=as_json(pages, line=True))
        (serving,) = children(process.pid)
        until(lambda: children(serving))
        os.kill(children(serving)[0], signal.SIGKILL)
        assert lost.result().status_code == 507  # so does the system where memory runs out
        assert lost.result().json()["error"]["code"] == "out_of_memory"
        assert lines(client) == before
        assert children(process.pid) == [serving]


def test_without_its_supervisor_it_stops(bands_model: Path) -> None:
    with command(bands_model) as (process, client):
        (serving,) = children(process.pid)
        process.kill()
        until(lambda: not Path(f"/proc/{serving}/stat").exists() or zombie(serving))
        with pytest.raises(httpx.ConnectError):
            httpx.get(client.base_url)


def zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_it_needs_no_disk(bands_model: Path) -> None:
    """Not one byte can be written to any file, and the log's disk is full."""

    def no_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    with (
        Path("/dev/full").open("w") as full,
        command(bands_model, stderr=full, stdout=full, preexec_fn=no_files) as (process, client),
    ):
        before = lines(client)
        noise = io.BytesIO()
        Image.effect_noise((3000, 2500), 50).save(noise, "PNG")
        assert len(noise.getvalue()) > 4 * 2**20
        read = client.post("/api/v1/line", files={"image": noise.getvalue()})
        assert read.status_code == 200, read.text
        os.kill(children(process.pid)[0], signal.SIGKILL)  # which the supervisor wants to log
        with httpx.Client(base_url=client.base_url, timeout=240) as other:
            assert lines(other) == before


def test_with_few_files_it_takes_few_connections_and_the_rest_wait(bands_model: Path) -> None:
    """One that accepts what it has no file for would fail at it, and log that, without end."""

    def few_files() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    with (
        command(bands_model, stderr=subprocess.PIPE, preexec_fn=few_files) as (process, client),
        ExitStack() as idle,
    ):
        before = lines(client)
        address = (client.base_url.host, client.base_url.port)
        connections = [idle.enter_context(socket.create_connection(address)) for _ in range(80)]
        time.sleep(1)
        for connection in connections:
            connection.close()
        assert lines(client) == before
        process.terminate()
        assert process.stderr is not None
        assert b"Too many open files" not in process.stderr.read()


def test_grown_too_large_it_is_replaced_and_nobody_is_refused(bands_model: Path) -> None:
    limits = replace(PATIENT, growth=24 * 2**20)
    with command(bands_model, limits) as (process, client), ThreadPoolExecutor(3) as pool:
        before = lines(client)
        (first,) = children(process.pid)
        replaced = threading.Event()

        def ask() -> int:
            asked = 0
            with httpx.Client(base_url=client.base_url, timeout=240) as neighbour:
                while not replaced.is_set():
                    assert lines(neighbour) == before
                    asked += 1
            return asked

        neighbours = [pool.submit(ask) for _ in range(2)]
        try:
            read = client.post("/predict", files={"image": large()})
            assert read.status_code == 200, read.text
            until(lambda: children(process.pid) not in ([], [first]))
            assert lines(client) == before
        finally:
            replaced.set()
        assert all(neighbour.result() > 0 for neighbour in neighbours)


def test_who_connects_while_it_leaves_is_answered_by_the_next(bands_model: Path) -> None:
    """What was under way is finished, and the next one, no smaller when fresh, stays."""
    limits = replace(PATIENT, growth=24 * 2**20)
    work = {"images": [as_json(large())] * 3 + LONG_WORK["images"]}
    with (
        command(bands_model, limits, stderr=subprocess.PIPE) as (process, client),
        ThreadPoolExecutor(1) as pool,
    ):
        before = lines(client)
        (first,) = children(process.pid)
        answer = begin_long_work(pool, client, work)
        assert process.stderr is not None
        assert any(b"grown too large" in line for line in process.stderr)
        with httpx.Client(base_url=client.base_url, timeout=240) as other:
            assert lines(other) == before
            (second,) = children(process.pid)
            assert second != first
            results = answer.result().json()["results"]
            assert [result["text"] for result in results] == [""] * 3 + [LONG_TEXT] * 8
            for _ in range(10):
                assert lines(other) == before
        assert children(process.pid) == [second]


def test_one_that_dies_at_once_again_and_again_is_not_started_without_pause(
    bands_model: Path,
) -> None:
    with command(bands_model) as (process, client):
        before = lines(client)
        killed = set()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            for serving in children(process.pid):
                os.kill(serving, signal.SIGKILL)
                killed.add(serving)
            time.sleep(0.02)
        assert 1 < len(killed) <= 4
        with httpx.Client(base_url=client.base_url, timeout=240) as other:
            assert lines(other) == before


def test_a_replacement_that_cannot_start_is_followed_by_another(
    bands_model: Path, tmp_path: Path
) -> None:
    """Here the model is away for a while; memory may be as well."""
    model, away = tmp_path / "model.onnx", tmp_path / "away.onnx"
    shutil.copy(bands_model, model)
    with command(model, stderr=subprocess.PIPE) as (process, client):
        before = lines(client)
        model.rename(away)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        assert process.stderr is not None
        assert any(b"weights" in line for line in process.stderr)
        away.rename(model)
        with httpx.Client(base_url=client.base_url, timeout=240) as other:
            assert lines(other) == before
        assert process.poll() is None


def test_a_bad_model_or_address_ends_with_a_message(tmp_path: Path) -> None:
    serve = [sys.executable, "-m", "penjing", "serve", "--port", "0"]
    none = subprocess.run(
        [*serve, "--model", str(tmp_path / "none.onnx")],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert none.returncode == 1
    assert "weights" in none.stderr
    away = subprocess.run(
        [*serve, "--host", "203.0.113.1"], capture_output=True, text=True, timeout=240
    )
    assert away.returncode == 1
    assert "address" in away.stderr
    assert "Traceback" not in none.stderr + away.stderr
