"""A bounded queue before a few threads. Who comes when it is full, or too long to be served in
time, is told so at once.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from penjing.service.errors import Abandoned, Busy, DeadlinePassed, Draining, ServiceError

T = TypeVar("T")

_LOOK = 0.25  # seconds between two times of asking whether a client still waits
_LATEST = 0.2  # what the latest job counts for in the mean time of a job


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock, and a way to ask whether the client still waits."""

    at: float
    gone: Callable[[], bool] = lambda: False

    @classmethod
    def after(cls, seconds: float, gone: Callable[[], bool] = lambda: False) -> Deadline:
        return cls(time.monotonic() + seconds, gone)

    @property
    def left(self) -> float:
        """Seconds, never less than 0."""
        return max(0.0, self.at - time.monotonic())

    def check(self) -> None:
        """Raises DeadlinePassed or Abandoned; call it before each piece of work."""
        if not self.left:
            raise DeadlinePassed("it could not be read in time")
        if self.gone():
            raise Abandoned("the client has hung up")


@dataclass
class _Job(Generic[T]):
    work: Callable[[], T]
    deadline: Deadline
    future: Future[T] = field(default_factory=Future)


class Jobs:
    """``workers`` threads and ``places`` in the queue before them."""

    def __init__(self, workers: int, places: int) -> None:
        self.workers = workers
        self._capacity = workers + places
        self._queue: queue.SimpleQueue[_Job[Any]] = queue.SimpleQueue()
        self._count = 0
        self._seconds = 0.0  # the mean time of a job, the latest ones counting most
        self._lock = threading.Lock()
        self._draining = False
        for k in range(workers):
            threading.Thread(target=self._work, name=f"reader-{k}", daemon=True).start()

    def run(self, work: Callable[[], T], deadline: Deadline) -> T:
        """What ``work`` gives, done by one of the threads when its turn comes.

        Raises what it raises, or Busy, Draining, DeadlinePassed or Abandoned.
        """
        with self._lock:
            if self._draining:
                raise Draining("the service is going down")
            if self._count >= self._capacity or self._wait() > deadline.left:
                message = f"{self.waiting} others are waiting; please come back"
                raise Busy(message, retry_after=math.ceil(max(1.0, self._seconds)))
            self._count += 1
        job = _Job(work, deadline)
        self._queue.put(job)
        while not wait([job.future], timeout=min(_LOOK, deadline.left)).done:
            try:
                deadline.check()
            except ServiceError:
                self._withdraw(job)
                raise
        return job.future.result()

    @property
    def count(self) -> int:
        """Jobs waiting or under way."""
        return self._count

    @property
    def waiting(self) -> int:
        return max(0, self._count - self.workers)

    def _wait(self) -> float:
        """Seconds that one more job would take, its own work included; 0 if it need not wait."""
        if self._count < self.workers:
            return 0.0
        return self._seconds * (1 + self._count / self.workers)

    def _withdraw(self, job: _Job[Any]) -> None:
        """Unless it is under way, it never will be, and its place is free at once."""
        if job.future.cancel():
            with self._lock:
                self._count -= 1

    def drain(self) -> None:
        """Take no more; those inside are still done."""
        self._draining = True

    def _work(self) -> None:
        while True:
            job = self._queue.get()
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                self._do(job)
            finally:
                with self._lock:
                    self._count -= 1

    def _do(self, job: _Job[Any]) -> None:
        try:
            job.deadline.check()
            result = self._timed(job.work)
        except BaseException as error:  # it belongs to whoever waits for the future
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _timed(self, work: Callable[[], T]) -> T:
        start = time.monotonic()
        try:
            return work()
        finally:
            took = time.monotonic() - start
            self._seconds += (_LATEST if self._seconds else 1.0) * (took - self._seconds)
