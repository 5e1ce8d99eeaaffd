"""One serving process: waitress around the application, until it is told to stop or has grown.

The supervisor starts it as ``python -m penjing.service.server SOCKET``, the descriptor of a
listening socket, and hands it its settings on standard input.
"""

from __future__ import annotations

import logging
import os
import pickle
import resource
import signal
import socket
import sys
import threading
import time

from waitress import create_server, wasyncore

from penjing.errors import PenjingError
from penjing.service.app import create_app
from penjing.service.channel import Channel
from penjing.service.engine import Engine
from penjing.service.memory import give_back, resident_bytes
from penjing.service.supervisor import COULD_NOT_START, Settings

log = logging.getLogger("penjing.service")

_TICK = 0.25  # seconds between two looks at the clock, the memory and the signals
_TIDY = 10.0  # seconds between two times of giving memory back
_GRACE = 0.5  # seconds in which those who are just connecting or sending are still answered
_SPARE_FILES = 48  # beyond all connections, for PDFs, pictures, the model and the log
_SPARE_THREADS = 4  # beyond all jobs, for health, metrics, the page and refusals
_FAILED = 70  # a status that makes the supervisor start another process


class Server:
    """Serves ``engine`` on ``listening`` until ``stop`` is called or it has grown too large."""

    def __init__(self, engine: Engine, listening: socket.socket, token: str | None = None) -> None:
        self.engine = engine
        self.limits = limits = engine.limits
        self._stopping = threading.Event()
        self._fresh = sys.maxsize  # the least bytes held since it was ready
        self._channels: dict[int, object] = {}
        self._server = create_server(
            create_app(engine, token),
            map=self._channels,
            sockets=[listening],
            # A thread waits for each job; bodies are gathered by the loop, without a thread.
            threads=engine.jobs.workers + limits.queue + _SPARE_THREADS,
            connection_limit=_bearable(limits.connections),
            channel_timeout=limits.idle_seconds,
            cleanup_interval=5,
            channel_request_lookahead=1,  # notice clients that hang up while they wait
            max_request_body_size=limits.body_bytes + 1024 * 1024,
            inbuf_overflow=limits.body_bytes + 2 * 1024 * 1024,  # pictures never touch a disk
            outbuf_overflow=64 * 1024 * 1024,
            ident=None,
        )
        self._server.channel_class = Channel
        self._server.engine = engine
        self._server.leaving = False

    def stop(self) -> None:
        """Unready at once; ``run`` returns when what is under way is done, or time is up."""
        self._stopping.set()

    def run(self) -> None:
        tidied = time.monotonic()
        while not self._stopping.is_set():
            self._turn()
            if time.monotonic() - tidied > _TIDY:
                give_back()
                tidied = time.monotonic()
            if self._overgrown():
                log.warning("penjing: grown too large; making room for a new process")
                self._server.del_channel(self._channels)  # new connections wait for that
                self._leave(self.limits.deadline)
                return
        self.engine.drain()
        self._leave(self.limits.drain_seconds)

    def _overgrown(self) -> bool:
        """Only growth counts: what a fresh process holds, the next one would hold as well."""
        if not self.engine.ready:
            return False
        held = resident_bytes()
        self._fresh = min(self._fresh, held)
        return held - self._fresh > self.limits.growth

    def _leave(self, seconds: float) -> None:
        """Answer those who are connected, and close each connection after its answer."""
        self._server.leaving = True
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < seconds:
            if passed > _GRACE and not self._under_way():
                break
            self._turn()
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._channels)

    def _turn(self) -> None:
        wasyncore.loop(timeout=_TICK, use_poll=True, map=self._channels, count=1)
        latest = time.monotonic() - self.limits.receive_seconds
        for channel in list(self._server.active_channels.values()):
            if channel.receiving_since < latest:
                channel.will_close = True

    def _under_way(self) -> bool:
        return any(channel.under_way for channel in list(self._server.active_channels.values()))


def _bearable(connections: int) -> int:
    """No more than the limit on open files allows: who accepts one too many fails at it forever."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return connections
    return max(1, min(connections, files - _SPARE_FILES))


def main() -> int:
    settings: Settings = pickle.load(sys.stdin.buffer)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # the queue is watched by us
    listening = socket.socket(fileno=int(sys.argv[1]))
    try:
        engine = Engine(settings.model, settings.threads, settings.limits)
    except PenjingError as error:
        log.error("penjing: %s: %s", error.code, error)
        return COULD_NOT_START
    server = Server(engine, listening, settings.token)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    threading.Thread(target=engine.warm_up, name="warm-up", daemon=True).start()
    threading.Thread(target=_stop_with_supervisor, args=[server], daemon=True).start()
    try:
        server.run()
    except Exception:
        log.exception("penjing: the server failed")
        return _FAILED
    return 0


def _stop_with_supervisor(server: Server) -> None:
    sys.stdin.buffer.read()  # ends when the supervisor does
    server.stop()


if __name__ == "__main__":
    status = main()
    # Threads that are still inside native code make an ordinary exit abort.
    logging.shutdown()
    os._exit(status)
