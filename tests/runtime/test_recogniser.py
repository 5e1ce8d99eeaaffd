"""Lines read right whatever their width and company."""

from __future__ import annotations

from pathlib import Path

import bands
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.errors import WeightsError
from penjing.runtime import windows
from penjing.runtime.recogniser import Recogniser, pad

TEXTS = st.text("abc", min_size=1, max_size=120)


@pytest.fixture(scope="module")
def recogniser(bands_model: Path) -> Recogniser:
    return Recogniser(bands_model, threads=1)


@settings(max_examples=40, deadline=None)
@given(text=TEXTS, scale=st.integers(1, 3))
def test_reads_lines_of_any_length_and_size(recogniser: Recogniser, text: str, scale: int) -> None:
    """120 letters are 2,880 pixels: three windows."""
    reading = recogniser.read([bands.draw(text, scale)])[0]
    assert reading.text == text
    assert reading.confidence > 0.9
    width = len(text) * bands.PITCH + bands.PITCH / 2
    expected = (np.arange(len(text)) * bands.PITCH + 18) / width
    assert np.abs(reading.centres - expected).max() * width <= 2


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=12))
def test_neighbours_do_not_matter(recogniser: Recogniser, texts: list[str]) -> None:
    lines = [bands.draw(text) for text in texts]
    together = recogniser.read(lines)
    alone = [recogniser.read([line])[0] for line in lines]
    for a, b in zip(together, alone, strict=True):
        assert a.text == b.text
        assert np.array_equal(a.confidences, b.confidences)
        assert np.array_equal(a.centres, b.centres)


def test_spaces_between_words_stay_and_at_the_ends_go(recogniser: Recogniser) -> None:
    assert recogniser.read([bands.draw(" ab c ")])[0].text == "ab c"


def test_nothing_is_read_from_nothing(recogniser: Recogniser) -> None:
    assert recogniser.read([]) == []
    reading = recogniser.read([np.full((32, 100), 255, np.uint8)])[0]
    assert (reading.text, reading.confidence) == ("", 0.0)


@given(width=st.integers(1, windows.WIDTH), level=st.integers(0, 255))
def test_padding_is_narrow_regular_and_of_the_ground(width: int, level: int) -> None:
    padded = pad(np.full((32, width), level, np.uint8))
    step = 16 if width <= windows.WIDTH // 2 else 32
    assert padded.shape[1] % step == 0
    assert max(64, width) <= padded.shape[1] < max(65, width + step)
    assert (padded == level).all()


@given(width=st.integers(windows.WIDTH + 1, 20_000))
def test_windows_cover_the_line_and_overlap(width: int) -> None:
    starts = windows.starts(width)
    assert starts[0] == 0
    assert width - 4 < starts[-1] + windows.WIDTH <= width or width < windows.WIDTH + 4
    steps = np.diff(starts)
    assert (steps % 4 == 0).all()
    assert (windows.WIDTH - steps >= windows.OVERLAP).all()


def test_a_foreign_model_is_refused(tmp_path: Path, bands_model: Path) -> None:
    model = onnx.load(str(bands_model))
    del model.metadata_props[:]
    onnx.save(model, str(tmp_path / "foreign.onnx"))
    with pytest.raises(WeightsError, match="no recogniser of penjing's"):
        Recogniser(tmp_path / "foreign.onnx")
    with pytest.raises(WeightsError, match="shipped are"):
        Recogniser("no-such-model")
