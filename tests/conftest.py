"""Fixtures that several rooms share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# Machines that run tests are often busy: an example may take long without anything being wrong.
settings.register_profile("penjing", deadline=None)
settings.load_profile("penjing")


@pytest.fixture(scope="session")
def bands_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a small recogniser that really reads the script of ``bands.py``."""
    import bands

    return bands.build(tmp_path_factory.mktemp("weights") / "bands.onnx")
