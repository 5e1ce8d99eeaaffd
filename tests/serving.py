"""A real server on a loopback port: in threads of the test's own process, or in its own."""

from __future__ import annotations

import base64
import io
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import bands
import httpx
import numpy as np
from PIL import Image

from penjing.service.engine import Engine
from penjing.service.limits import DEFAULT_LIMITS, Limits
from penjing.service.server import Server
from penjing.service.supervisor import Settings, listen

# Machines that run tests are often busy: what takes long is not wrong.
PATIENT = replace(DEFAULT_LIMITS, deadline=200, page_seconds=100)


@contextmanager
def serving(
    model: Path, limits: Limits = PATIENT, token: str | None = None
) -> Iterator[tuple[httpx.Client, Engine]]:
    """A client whose base URL is the server's, and the engine behind it.

    The server shares its process with every test before it, so whatever they hold must not make it
    give way to another process: there is none. It would stop accepting, and clients would wait.
    """
    engine = Engine(model, limits=replace(limits, growth=sys.maxsize))
    listening: socket.socket = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = Server(engine, listening, token)
    engine.warm_up()
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with httpx.Client(base_url=url, timeout=240) as client:
            yield client, engine
    finally:
        server.stop()
        thread.join(timeout=30)
        assert not thread.is_alive(), "the server did not stop"


@contextmanager
def command(
    model: Path, limits: Limits | None = None, **popen: Any
) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """``penjing serve`` as a user starts it, once it is ready; or the same with other limits."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    serve = [sys.executable, "-m", "penjing", "serve", "--port", port, "--model", str(model)]
    if limits:
        code = (
            "import pickle, sys; from penjing.service import supervisor as s;"
            "settings = pickle.load(sys.stdin.buffer);"
            f"sys.exit(s.supervise(s.listen('127.0.0.1', {port}), settings))"
        )
        serve = [sys.executable, "-c", code]
    popen = {"stdin": subprocess.PIPE, "stderr": subprocess.DEVNULL, **popen}
    with subprocess.Popen(serve, **popen) as process:
        if limits:
            assert process.stdin is not None
            with process.stdin as pipe:
                pickle.dump(Settings(str(model), limits=limits), pipe)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=240) as client:
                until(lambda: ready(client))
                yield process, client
        finally:
            process.terminate()
            process.wait(timeout=30)


def ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def children(pid: int) -> list[int]:
    """The processes that this one has started and that still live."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def png(text: str = "abcabcab", scale: int = 2) -> bytes:
    out = io.BytesIO()
    Image.fromarray(bands.draw(text, scale)).save(out, "PNG")
    return out.getvalue()


def pdf(*texts: str) -> bytes:
    """A PDF with one line picture on each page."""
    out = io.BytesIO()
    pages = [Image.fromarray(bands.draw(text, 2)) for text in texts]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


def tiff(*texts: str, kind: str = "TIFF") -> bytes:
    """A TIFF, or an animation, with one line picture on each page; with no text, one too small."""
    out = io.BytesIO()
    drawn = [bands.draw(text, 2) if text else np.zeros((2, 2), np.uint8) for text in texts]
    pages = [Image.fromarray(page) for page in drawn]
    pages[0].save(out, kind, save_all=True, append_images=pages[1:])
    return out.getvalue()


def as_json(data: bytes, **options: Any) -> dict[str, Any]:
    return {"image_base64": base64.b64encode(data).decode(), "options": options}


def until(true: Any, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
