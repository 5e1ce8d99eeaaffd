"""What several tests of drawing need."""

from __future__ import annotations

import pytest

from penjing.errors import DataError
from penjing.synth.assets.fonts import load_faces
from penjing.synth.typesetting.draw import GlyphBook


@pytest.fixture(scope="module")
def book() -> GlyphBook:
    """Every face that training may use; tests are skipped where there is none."""
    try:
        return GlyphBook(load_faces())
    except DataError as error:
        pytest.skip(f"no fonts: {error}")
