"""Keeps one serving process alive. It owns the socket, so that while a process that died or grew
too large is replaced, new connections wait instead of being refused.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from penjing.errors import PenjingError
from penjing.service.limits import DEFAULT_LIMITS

_TICK = 0.1  # seconds
_SETTLED = 3.0  # seconds; a process that fails sooner could not start, and would not again


class AddressError(PenjingError):
    """The address cannot be listened on."""

    code = "address"


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes any free one. Raises AddressError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        raise AddressError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return listening


def supervise(listening: socket.socket, **settings: Any) -> int:
    """Serve until SIGTERM or SIGINT; the exit status. ``settings`` are those of ``Settings``."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    while True:
        began = time.monotonic()
        child = _start(listening, settings)
        while child.poll() is None and not told.wait(_TICK):
            pass
        if told.is_set():
            return _end(child)
        if child.returncode > 0 and time.monotonic() - began < _SETTLED:
            return 1  # it has said why
        print(f"penjing: process ended ({child.returncode}); starting another", file=sys.stderr)


def _start(listening: socket.socket, settings: dict[str, Any]) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-m", "penjing.service.server"],
        stdin=subprocess.PIPE,
        text=True,
        pass_fds=[listening.fileno()],
        start_new_session=True,  # Ctrl-C reaches it once, through us
    )
    assert child.stdin is not None
    with child.stdin as pipe:
        pipe.write(json.dumps({"socket": listening.fileno(), **settings}) + "\n")
    return child


def _end(child: subprocess.Popen[str]) -> int:
    """Let it drain; kill it if it outlives its time for that."""
    child.terminate()
    try:
        return child.wait(timeout=DEFAULT_LIMITS.drain_seconds + 3)
    except subprocess.TimeoutExpired:
        child.kill()
        return 1
