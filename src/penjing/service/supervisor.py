"""Keeps one serving process alive. It owns the socket, so that while a process that died or grew
too large is replaced, new connections wait instead of being refused.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from penjing.errors import PenjingError
from penjing.service.limits import DEFAULT_LIMITS, Limits

log = logging.getLogger("penjing.service")

_TICK = 0.1  # seconds
_SOON = 10.0  # seconds: a process that ends as soon as this is followed only after a pause,
_FIRST_PAUSE = 0.5  # which doubles from one such end
_LONGEST_PAUSE = 10.0  # to the next
_STEADY = {  # so that under load memory does not grow
    # glibc gives each thread a heap of its own, and none gives back what another freed: with
    # many threads that was 40 MB a minute, with two heaps it is nothing.
    "MALLOC_ARENA_MAX": "2",
    # NumPy wants huge pages under arrays of 4 MB. The wish outlives the array (numpy issue 31590):
    # where one was, the kernel fills the holes that were given back with pages of 2 MB. That was
    # 20 MB after some hundred answers; without, an answer takes 1 % more of a processor.
    "NUMPY_MADVISE_HUGEPAGE": "0",
}
COULD_NOT_START = 1  # the status with which Python itself ends when an import fails


@dataclass(frozen=True)
class Settings:
    """What ``penjing serve`` was asked for, handed to every serving process."""

    model: str = "default"
    threads: int = 1
    token: str | None = None
    limits: Limits = DEFAULT_LIMITS


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
    except (OSError, UnicodeError) as error:  # a name with an empty part is the latter
        reason = getattr(error, "strerror", None) or error
        raise AddressError(f"cannot listen on {host} port {port}: {reason}") from error
    return listening


def supervise(listening: socket.socket, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    pause = 0.0
    first = True
    while True:
        begun = time.monotonic()
        child = _start(listening, settings)
        while child.poll() is None and not told.is_set():
            time.sleep(_TICK)  # told.wait could deadlock with the signal's told.set
        if told.is_set():
            return _end(child, settings.limits)
        if child.returncode == COULD_NOT_START and first:
            return 1  # it has said why, and another could not either
        first = False  # a later one may only have been short of memory, for a while
        ended = time.monotonic()
        pause = 0.0 if ended - begun > _SOON else min(2 * pause or _FIRST_PAUSE, _LONGEST_PAUSE)
        log.warning("process ended (%d); another starts in %g s", child.returncode, pause)
        while time.monotonic() < ended + pause and not told.is_set():
            time.sleep(_TICK)
        if told.is_set():
            return 0


def _start(listening: socket.socket, settings: Settings) -> subprocess.Popen[bytes]:
    """Its standard input stays open: when that ends, the process knows that we are gone."""
    child = subprocess.Popen(
        [sys.executable, "-m", "penjing.service.server", str(listening.fileno())],
        stdin=subprocess.PIPE,
        pass_fds=[listening.fileno()],
        env={**_STEADY, **os.environ},
        start_new_session=True,  # Ctrl-C reaches it once, through us
    )
    assert child.stdin is not None
    with suppress(BrokenPipeError):  # it died already, which is seen by its status
        pickle.dump(settings, child.stdin)
        child.stdin.flush()
    return child


def _end(child: subprocess.Popen[bytes], limits: Limits) -> int:
    """Let it drain; kill it if it outlives its time for that."""
    child.terminate()
    try:
        status = child.wait(timeout=limits.drain_seconds + 3)
        return 0 if status == -signal.SIGTERM else status  # it had not even begun
    except subprocess.TimeoutExpired:
        child.kill()
        return 1
