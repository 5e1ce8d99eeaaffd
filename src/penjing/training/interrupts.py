"""Ctrl-C, and a polite kill: the step under way is done, and what was learnt is kept."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import TypeVar

Self = TypeVar("Self", bound="Interrupts")

_POLITE = (signal.SIGINT, signal.SIGTERM)
_SAID = "stopping after this step, from which the same command goes on; once more stops at once"


class Interrupts:
    """While it is entered, the first SIGINT or SIGTERM is only ``noted``, for the loop to heed.

    A second one raises KeyboardInterrupt at once. Signals reach the main thread alone: in any
    other, nothing is changed. Enter it after background processes have been started, or they
    would inherit it.

    Args:
        quiet: say nothing when one comes, as all processes but the first.
    """

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.noted = False

    def __enter__(self: Self) -> Self:
        self._before = {}
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._note) for number in _POLITE}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.noted:
            raise KeyboardInterrupt
        self.noted = True
        if not self.quiet:
            print(_SAID, file=sys.stderr, flush=True)
