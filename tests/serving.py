"""A real server on a loopback port, in threads of the test's own process."""

from __future__ import annotations

import base64
import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bands
import httpx
from PIL import Image

from penjing.service.engine import Engine
from penjing.service.limits import DEFAULT_LIMITS, Limits
from penjing.service.server import Server
from penjing.service.supervisor import listen


@contextmanager
def serving(
    model: Path, limits: Limits = DEFAULT_LIMITS, token: str | None = None
) -> Iterator[tuple[httpx.Client, Engine]]:
    """A client whose base URL is the server's, and the engine behind it."""
    engine = Engine(model, limits=limits)
    listening: socket.socket = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = Server(engine, listening, token, limits)
    engine.warm_up()
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with httpx.Client(base_url=url, timeout=60) as client:
            yield client, engine
    finally:
        server.stop()
        thread.join(timeout=30)
        assert not thread.is_alive(), "the server did not stop"


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


def as_json(data: bytes, **options: Any) -> dict[str, Any]:
    return {"image_base64": base64.b64encode(data).decode(), "options": options}


def until(true: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
