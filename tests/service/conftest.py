"""One server for all tests that leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import serving


@pytest.fixture(scope="session")
def client(bands_model: Path) -> Iterator[httpx.Client]:
    with serving(bands_model) as (client, _):
        yield client
