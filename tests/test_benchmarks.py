"""The benchmarks' own arithmetic, and a conversation with a real worker."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import bands
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import compose, endurance, soak
from benchmarks.compare import Run
from benchmarks.conversation import Answer, Conversation
from benchmarks.peers import Peer, Unavailable, ours
from benchmarks.speed import speed
from penjing.runtime.pictures import decode


def run_of(times: list[float]) -> Run:
    return Run("some", 50.0, 80.0, [[Answer(ms, ms, 80.0, [("a", None)])] for ms in times])


@given(
    times=st.lists(st.floats(0.5, 500), min_size=1, max_size=30),
    factor=st.floats(0.1, 20),
)
def test_a_peer_that_is_always_so_much_slower_has_that_ratio(
    times: list[float], factor: float
) -> None:
    base, slower = run_of(times), run_of([ms * factor for ms in times])
    row = speed(slower, base, range(len(times)))
    assert row["ratio"] == row["ratio_low"] == row["ratio_high"] == pytest.approx(factor, abs=0.006)
    assert row["p5_ms"] <= row["median_ms"] <= row["p95_ms"]


def test_composed_pages_hold_their_lines_where_the_labels_say() -> None:
    line = np.arange(32 * 100, dtype=np.uint8).reshape(32, 100)
    page, labels = compose.compose([(line, str(k)) for k in range(compose.MOST)])
    assert len({str(label["points"]) for label in labels}) == compose.MOST
    for label in labels:
        (left, top), _, (right, bottom), _ = np.array(label["points"])
        assert (page[top:bottom, left:right] == line).all()


def test_growth_leaves_the_warming_up_out() -> None:
    flat = [{"pages": k, "mb": 100.0 + (k >= 10) * 50} for k in range(100)]
    rising = [{"pages": k, "mb": 100.0 + k} for k in range(100)]
    assert endurance.growth(flat) == 0
    assert endurance.growth(rising) == pytest.approx(80)


@given(rise=st.floats(-500, 500), start=st.floats(50, 500), count=st.integers(3, 300))
def test_memory_that_rises_evenly_has_that_slope_to_the_digit(
    rise: float, start: float, count: int
) -> None:
    samples = [soak.Sample(3.6 * k, k, start + rise * 3.6 * k / 3600) for k in range(count)]
    assert soak.slope(samples) == pytest.approx((rise, 0), abs=1e-6)


def test_the_first_fifth_of_a_soak_has_no_say_in_its_slope() -> None:
    samples = [soak.Sample(k, k, 300.0 if k >= 20 else 3.0 * k) for k in range(100)]
    told = soak.summary(samples)
    assert (told["rss_mb_first"], told["rss_mb_settled"]) == (0, 300)
    assert (told["rss_mb_per_hour"], told["rss_mb_per_hour_error"]) == (0, 0)


def test_a_worker_reads_and_says_what_it_cost(bands_model: Path, tmp_path: Path) -> None:
    picture = tmp_path / "line.png"
    cv2.imwrite(str(picture), bands.draw("ab"))
    with Conversation(ours(str(bands_model)), threads=1) as talk:
        answer = talk.ask(picture, "line")
        assert answer.text == "ab"
        assert answer.cpu_ms > 0
        assert talk.ready_mb <= answer.mb
        with pytest.raises(RuntimeError, match=r"penjing bands: FileNotFoundError"):
            talk.ask(tmp_path / "none.png", "line")
        assert talk.ask(picture, "line").text == "ab"  # and goes on


def test_a_peer_that_lacks_something_says_what_to_install(tmp_path: Path) -> None:
    lacking = Peer("some", "tesseract", needs=tmp_path / "none", apt="some-package")
    with pytest.raises(Unavailable, match="apt-get install some-package"):
        lacking.python()


def test_endurance_reads_whole_pages_and_pieces_of_ever_other_sizes(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "page.png"), np.full((300, 700), 200, np.uint8))
    (tmp_path / "page.json").write_text('{"lines": []}')
    some = list(islice(endurance._pictures(tmp_path), 40))
    sizes = [decode(data).pixels.shape[:2] for data in some]
    assert sizes[0] == sizes[20] == (300, 700)
    assert len(set(sizes)) > 30
    assert some == list(islice(endurance._pictures(tmp_path), 40))
