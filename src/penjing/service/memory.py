"""The memory that this process holds; giving back what it no longer needs; having too little."""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penjing.service.errors import OutOfMemory

log = logging.getLogger("penjing.service")

_SIGNS = (  # what says so if it is no MemoryError
    "bad_alloc",  # C++
    "Failed to allocate memory",  # ONNX Runtime
    "Insufficient memory",  # OpenCV
    "out of memory",  # Pillow
    "can't start new thread",  # Python, for a thread's stack
    "Cannot allocate memory",  # the system
    "failed to map segment",  # the same, of a library that is imported
)


def resident_bytes() -> int:
    """Memory that this process holds in RAM; 0 where /proc is missing."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


def peak_bytes() -> int:
    """The most address space that this process ever had; 0 where /proc is missing."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return 1024 * int(status.partition("VmPeak:")[2].split()[0])


def give_back() -> None:
    """Return free pages to the system, where the C library can (glibc); it takes milliseconds.

    Pictures of all sizes leave holes between what is still in use, and by itself glibc returns
    only what is free at a heap's end: under steady load memory grew by 1 MB a minute. To fetch
    every large buffer from the system (MALLOC_MMAP_THRESHOLD_) cured that too, at 12 % of the time.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@contextmanager
def enough_memory() -> Iterator[None]:
    """Where there is not, raises OutOfMemory."""
    try:
        yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        log.warning("penjing: out of memory: %s: %s", type(error).__name__, str(error)[:300])
        raise OutOfMemory from None


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether this, or what it was raised from, tells of that."""
    if error is None:
        return False
    told = isinstance(error, MemoryError) or any(sign in str(error) for sign in _SIGNS)
    return told or is_out_of_memory(error.__cause__)
