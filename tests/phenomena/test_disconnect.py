"""Clients that hang up or trickle, hostile uploads, stops and killed processes."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from PIL import Image
from serving import as_json, pdf, png, serving, until

from penjing.service.jobs import Deadline
from penjing.service.limits import DEFAULT_LIMITS

READ = as_json(png(), line=True)


def header_of(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds nothing."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk


def gif(frames: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "GIF")
    one = out.getvalue()
    start = one.index(b",", 13)
    return one[:start] + one[start:-1] * frames + b";"


def pdf_of_many_pages(count: int) -> bytes:
    kids = b"3 0 R " * count
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count "
        + str(count).encode()
        + b">>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99999 99999]>>endobj\n"
        + b"trailer<</Root 1 0 R>>\n%%EOF"
    )


HOSTILE = {
    "bomb": header_of(60_000, 60_000),
    "lying header": header_of(4_000, 4_000),
    "truncated": png()[:100],
    "gif of 10,000 frames": gif(10_000),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "zip after gif": b"GIF89a" + b"PK\x03\x04" * 100,
    "truncated pdf": pdf("abc")[:300],
    "pdf of nothing": b"%PDF-1.7\n%%EOF",
    "pdf of noise": b"%PDF-1.7\n" + bytes(range(256)) * 50,
    "nothing": b"",
}


def test_hostile_uploads_are_refused_and_the_next_is_answered_as_before(
    bands_model: Path,
) -> None:
    with serving(bands_model) as (client, _):
        before = client.post("/api/v1/ocr", json=READ).json()["lines"]
        for name, data in HOSTILE.items():
            response = client.post("/api/v1/ocr", files={"image": ("a\0b/../c.png", data)})
            assert 400 <= response.status_code < 500, (name, response.text)
            assert response.json()["error"]["code"] != "internal", name
        assert client.post("/api/v1/ocr", json=READ).json()["lines"] == before


def test_a_pdf_of_10000_vast_pages_gives_its_first_pages_only(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, pages=2, page_pixels=100_000)
    with serving(bands_model, limits) as (client, _):
        many = pdf_of_many_pages(10_000)
        response = client.post("/api/v1/ocr", json=as_json(many, line=True))
        if response.status_code == 200:
            answer = response.json()
            assert len(answer["pages"]) == 2
            assert all(page["width"] * page["height"] <= 100_000 for page in answer["pages"])
            assert "first 2" in answer["pages"][0]["warnings"][0]
        else:
            assert response.status_code == 413, response.text
        assert client.post("/api/v1/ocr", json=READ).json()["text"] == "abcabcab"


def test_who_hangs_up_while_waiting_is_not_read_for(bands_model: Path) -> None:
    with serving(bands_model) as (client, engine):
        held = threading.Event()
        with ThreadPoolExecutor(engine.jobs.workers) as pool:
            for _ in range(engine.jobs.workers):
                pool.submit(engine.jobs.run, lambda: held.wait(60), Deadline.after(60))
            until(lambda: engine.jobs.count == engine.jobs.workers)
            body = json.dumps(READ).encode()
            request = b"POST /api/v1/ocr HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            request += f"Content-Length: {len(body)}\r\n\r\n".encode() + body
            with socket.create_connection(
                (client.base_url.host, client.base_url.port)
            ) as impatient:
                impatient.sendall(request)
                until(lambda: engine.jobs.waiting == 1)
            time.sleep(0.6)  # the server's loop has to notice
            held.set()
        until(lambda: engine.jobs.count == 0)
        metrics = client.get("/metrics").text
        assert "penjing_pages_total 0.0" in metrics
        assert 'penjing_rejected_total{reason="abandoned"} 1.0' in metrics


def test_who_sends_a_byte_at_a_time_is_cut_off_and_disturbs_nobody(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, receive_seconds=1.0)
    with serving(bands_model, limits) as (client, _):
        slow = socket.create_connection((client.base_url.host, client.base_url.port))
        slow.sendall(b"POST /api/v1/ocr HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n")
        end = time.monotonic() + 15
        with slow:
            while _takes(slow, b"x"):
                assert client.post("/api/v1/ocr", json=READ).json()["text"] == "abcabcab"
                assert time.monotonic() < end, "it was never cut off"
                time.sleep(0.2)


def _takes(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


@contextmanager
def command(model: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``penjing serve`` as a user starts it, and its address once it is ready."""
    serve = [sys.executable, "-m", "penjing", "serve", "--port", "0", "--model", str(model)]
    with subprocess.Popen(serve, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[1]
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            until(lambda: ready(url), seconds=120)
            yield process, url
        finally:
            process.terminate()
            process.wait(timeout=30)


def ready(url: str) -> bool:
    try:
        return httpx.get(url + "readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def test_sigterm_finishes_what_is_under_way_and_exits_0(bands_model: Path) -> None:
    with command(bands_model) as (process, url):
        text = "abcb" * 20
        batch = {"images": [as_json(png(text, 8), line=True) for _ in range(16)]}
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(httpx.post, url + "api/v1/batch", json=batch, timeout=60)
            until(lambda: "penjing_jobs 1.0" in httpx.get(url + "metrics", timeout=30).text)
            process.send_signal(signal.SIGTERM)
            start = time.monotonic()
            assert process.wait(timeout=25) == 0
            assert time.monotonic() - start < 20
            results = answer.result().json()["results"]
            assert [result["text"] for result in results] == [text] * 16


def test_a_killed_process_is_replaced_and_nobody_is_refused(bands_model: Path) -> None:
    with command(bands_model) as (process, url):
        assert httpx.post(url + "api/v1/ocr", json=READ, timeout=60).json()["text"] == "abcabcab"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 1
        os.kill(int(children[0]), signal.SIGKILL)
        time.sleep(0.2)
        # The connection waits for the next process.
        answer = httpx.post(url + "api/v1/ocr", json=READ, timeout=60)
        assert answer.json()["text"] == "abcabcab"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=25) == 0


def test_a_bad_model_or_address_ends_with_a_message(bands_model: Path, tmp_path: Path) -> None:
    serve = [sys.executable, "-m", "penjing", "serve", "--port", "0"]
    none = subprocess.run(
        [*serve, "--model", str(tmp_path / "none.onnx")], capture_output=True, text=True, timeout=60
    )
    assert none.returncode == 1
    assert "weights" in none.stderr
    away = subprocess.run(
        [*serve, "--host", "203.0.113.1"], capture_output=True, text=True, timeout=60
    )
    assert away.returncode == 1
    assert "address" in away.stderr
    assert "Traceback" not in none.stderr + away.stderr
