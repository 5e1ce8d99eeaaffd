"""Memory that is free again is the system's again, wherever in the heap it lies."""

from __future__ import annotations

import io
import platform
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from serving import children, command

from penjing.service.memory import give_back, resident_bytes


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can give back holes")
def test_holes_in_the_heap_are_given_back() -> None:
    blocks = [np.ones(60_000, np.uint8) for _ in range(2000)]  # too small to be mapped alone
    del blocks[:-1:2], blocks[:-1:2]  # three of four: holes all over, and the heap's end in use
    held = resident_bytes()
    give_back()
    assert held - resident_bytes() > 50_000_000
    assert all(block.all() for block in blocks)


@pytest.mark.skipif(platform.system() != "Linux", reason="only Linux has these huge pages")
def test_no_part_of_the_heap_is_for_huge_pages_once_large_pictures_were_read(
    bands_model: Path,
) -> None:
    """They would fill the holes again. The first pictures teach glibc to put such into the heap."""
    large = io.BytesIO()
    Image.new("RGB", (2000, 1500), "white").save(large, "PNG", compress_level=1)
    with command(bands_model) as (process, client):
        (serving,) = children(process.pid)
        for _ in range(5):
            read = client.post("/api/v1/line", files={"image": large.getvalue()})
            assert read.status_code == 200, read.text
        mappings = Path(f"/proc/{serving}/smaps").read_text()
    flags = re.findall(r"^VmFlags: (.*)$", mappings, re.MULTILINE)
    assert flags
    assert not [one for one in flags if "hg" in one.split()]
