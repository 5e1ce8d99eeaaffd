"""Memory that is free again is the system's again, wherever in the heap it lies."""

from __future__ import annotations

import platform

import numpy as np
import pytest

from penjing.service.memory import give_back, resident_bytes


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can give back holes")
def test_holes_in_the_heap_are_given_back() -> None:
    blocks = [np.ones(60_000, np.uint8) for _ in range(2000)]  # too small to be mapped alone
    del blocks[:-1:2], blocks[:-1:2]  # three of four: holes all over, and the heap's end in use
    held = resident_bytes()
    give_back()
    assert held - resident_bytes() > 50_000_000
    assert all(block.all() for block in blocks)
