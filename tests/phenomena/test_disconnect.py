"""Clients that hang up or send a byte at a time disturb nobody."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from serving import as_json, png, serving, until

from penjing.service.jobs import Deadline
from penjing.service.limits import DEFAULT_LIMITS

READ = as_json(png(), line=True)


def connect(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port))


def post(path: str, value: Any) -> bytes:
    """A whole request as it goes over the wire."""
    body = json.dumps(value).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def test_who_hangs_up_while_waiting_is_not_read_for(bands_model: Path) -> None:
    with serving(bands_model) as (client, engine):
        held = threading.Event()
        with ThreadPoolExecutor(engine.jobs.workers) as pool:
            for _ in range(engine.jobs.workers):
                pool.submit(engine.jobs.run, lambda: held.wait(60), Deadline.after(60))
            until(lambda: engine.jobs.count == engine.jobs.workers)
            with connect(client) as impatient:
                impatient.sendall(post("/api/v1/ocr", READ))
                until(lambda: engine.jobs.waiting == 1)
            # The loop that answers the first of these has been told of the hanging up, and has
            # noticed it before it comes to the second.
            for _ in range(2):
                assert client.get("/livez").status_code == 200
            until(lambda: engine.jobs.waiting == 0)  # the place is another's, before its turn came
            held.set()
        abandoned = 'penjing_rejected_total{reason="abandoned"} 1.0'
        until(lambda: abandoned in client.get("/metrics").text)
        assert "penjing_pages_total 0.0" in client.get("/metrics").text


def test_who_hangs_up_while_being_read_for_or_while_sending_is_forgotten(bands_model: Path) -> None:
    with serving(bands_model) as (client, engine):
        before = client.post("/api/v1/ocr", json=READ).json()["lines"]
        long_work = {"images": [as_json(png("abcb" * 20, 8), line=True)] * 8}
        for _ in range(3):
            with connect(client) as impatient:
                impatient.sendall(post("/api/v1/batch", long_work))
                until(lambda: engine.jobs.count == 1)
            with connect(client) as impatient:
                impatient.sendall(post("/api/v1/batch", long_work)[:-1000])
            until(lambda: engine.jobs.count == 0)
        assert client.post("/api/v1/ocr", json=READ).json()["lines"] == before


def test_who_sends_a_byte_at_a_time_is_cut_off(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, receive_seconds=3.0)
    with serving(bands_model, limits) as (client, _):
        before = client.post("/api/v1/ocr", json=READ).json()["lines"]
        end = time.monotonic() + 60
        head, _, _ = post("/api/v1/ocr", READ).partition(b"{")
        with connect(client) as in_head, connect(client) as in_body:
            in_head.sendall(head[:20])
            in_body.sendall(head)
            while takes(in_head, b"x") | takes(in_body, b" "):
                assert client.post("/api/v1/ocr", json=READ).json()["lines"] == before
                assert time.monotonic() < end, "it was never cut off"
                time.sleep(1)
        assert client.post("/api/v1/ocr", json=READ).json()["lines"] == before


def takes(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True
