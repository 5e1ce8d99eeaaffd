"""When a loop of training keeps what it has learnt, and when it stops."""

from __future__ import annotations

import time

from penjing.training.interrupts import Interrupts
from penjing.training.processes import Processes


class Pace(Interrupts):
    """Entered around a loop, and asked after each step. The first process decides for all of them,
    since keeping averages BatchNorm's statistics over them.

    Args:
        minutes: between two times of keeping.
    """

    def __init__(self, processes: Processes, minutes: float) -> None:
        super().__init__(quiet=not processes.first)
        self.stopped = False  # told to by a signal, once what there is has been kept
        self._processes = processes
        self._seconds = 60 * minutes
        self._kept_at = time.monotonic()

    def due(self) -> bool:
        """Whether it is time to keep what there is: after ``minutes``, or to stop after that."""
        self.stopped = self._processes.agree(self.noted)
        late = time.monotonic() - self._kept_at > self._seconds
        if self._processes.agree(self.stopped or late):
            self._kept_at = time.monotonic()
            return True
        return False
