"""The shipped detector finds drawn lines, gray or coloured, small or turned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.report.evaluation import iou
from penjing.runtime.caution import Caution
from penjing.runtime.detector import MODEL, DBDetector, DetectorSettings, clockwise
from penjing.runtime.weights import folder, shipped


@pytest.fixture(scope="module")
def detector() -> DBDetector:
    return DBDetector(threads=1)


def page_with(lines: list[tuple[str, int, int]]) -> np.ndarray:
    page = np.full((400, 600), 245, np.uint8)
    for text, x, y in lines:
        cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 20, 2, cv2.LINE_AA)
    return page


def test_finds_each_line_once(detector: DBDetector) -> None:
    lines = [("First line", 40, 80), ("Second 123", 40, 200), ("third", 350, 330)]
    gray = page_with(lines)
    ink = [cv2.boundingRect((page_with([line]) < 128).astype(np.uint8)) for line in lines]
    for pixels in (gray, cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)):
        found = detector.detect(pixels)
        assert len(found.polygons) == len(found.scores) == 3
        assert (found.scores > 0.5).all()
        for x, y, w, h in ink:
            box = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)
            assert max(iou(box, polygon) for polygon in found.polygons) > 0.5


def test_finds_nothing_on_a_blank_page(detector: DBDetector) -> None:
    found = detector.detect(np.full((300, 300), 255, np.uint8))
    assert found.polygons.shape == (0, 4, 2)
    assert found.scores.shape == (0,)


def test_margins_and_tiles_do_not_move_a_line(detector: DBDetector) -> None:
    small = page_with([("Somewhere 42", 40, 200)])
    [near] = detector.detect(small).polygons
    large = np.full((1216, 1600), 245, np.uint8)
    large[700:1100, 900:1500] = small
    [far] = detector.detect(large).polygons
    assert far == pytest.approx(near + np.array([900, 700]), abs=4)
    large[20:60, 20:60] = 0  # no margin is left, so this is searched in several tiles,
    far = min(detector.detect(large).polygons, key=lambda polygon: -polygon.sum())
    assert far == pytest.approx(near + np.array([900, 700]), abs=6)  # each weighed by its whole


def test_large_pictures_are_shrunk_and_it_is_said(detector: DBDetector) -> None:
    assert detector.detect(np.full((2400, 3200), 255, np.uint8)).scale == pytest.approx(0.5, 0.05)


def test_a_long_picture_keeps_its_print(detector: DBDetector) -> None:
    long = np.concatenate([page_with([("far down 77", 40, 200)])] * 9)  # 600 wide, 3,600 high
    found = detector.detect(long)
    assert found.scale == pytest.approx(0.8, 0.05)
    assert len(found.polygons) == 9


def test_a_dense_table_keeps_its_top(detector: DBDetector) -> None:
    """1,300 cells, on a page of the size that is searched unshrunk."""
    table = np.full((1600, 1600), 255, np.uint8)
    for row in range(50):
        for column in range(26):
            corner = (10 + 61 * column, 25 + 31 * row)
            cv2.putText(table, f"{10 + (7 * row + column) % 90}", corner, 0, 0.6, 0, 1)
    found = detector.detect(table)
    assert len(found.polygons) >= 1290
    assert found.polygons[..., 1].min() < 30
    assert found.warnings == ()


def test_too_many_lines_leave_the_surest_and_it_is_said() -> None:
    page = page_with([("First line", 40, 80), ("Second 123", 40, 200), ("third", 350, 330)])
    every = DBDetector(threads=1).detect(page)
    few = DBDetector(DetectorSettings(most_boxes=2), threads=1).detect(page)
    assert few.warnings == (
        Caution("lines_left_out", "3 lines were found; only the 2 surest are read"),
    )
    surest = np.delete(np.arange(3), every.scores.argmin())
    assert np.array_equal(few.polygons, every.polygons[surest])
    assert np.array_equal(few.scores, every.scores[surest])


def test_the_file_is_the_one_its_card_describes() -> None:
    file = folder() / "detectors" / MODEL
    assert file.stat().st_size < 1_000_000
    card = file.with_suffix(".md").read_text(encoding="utf-8")
    assert "Apache License 2.0" in card
    assert "What was changed" in card
    assert MODEL not in {path.name for path in shipped().values()}  # it reads no lines


@given(
    across=st.floats(10, 200),
    down=st.floats(10, 200),
    angle=st.floats(0, 90),
)
def test_clockwise_from_the_top_left(across: float, down: float, angle: float) -> None:
    corners = clockwise(cv2.boxPoints(((300, 300), (across, down), angle)))
    first, second, third, _ = corners
    side, next_side = second - first, third - second
    assert side[0] * next_side[1] - side[1] * next_side[0] > 0  # clockwise, y pointing down
    assert side[0] >= abs(side[1]) - 1e-3  # the first side is the most level, left to right
