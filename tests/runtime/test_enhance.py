"""Enhancement does what it says, and nothing when not asked."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from penjing.report.degradation import degraded
from penjing.runtime.enhance import (
    NO_ENHANCEMENT,
    Enhancement,
    advised,
    contrast,
    enhance,
    noise,
    text_rows,
    tilt,
)


@pytest.fixture
def page() -> np.ndarray:
    page = np.full((400, 600), 220, np.uint8)
    for k in range(6):
        cv2.putText(page, "level text 12345", (90, 80 + 48 * k), 0, 1.1, 60, 2, cv2.LINE_AA)
    return page


def turned(page: np.ndarray, angle: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((300, 200), angle, 1.0)
    return cv2.warpAffine(page, matrix, (600, 400), borderMode=cv2.BORDER_REPLICATE)


def test_nothing_unless_asked(page: np.ndarray) -> None:
    assert enhance(page, NO_ENHANCEMENT) is page


@pytest.mark.parametrize("angle", [-7.0, -2.4, 0.0, 3.0, 9.0])
def test_tilt_is_found_and_undone(page: np.ndarray, angle: float) -> None:
    crooked = turned(page, -angle)
    assert tilt(crooked) == pytest.approx(angle, abs=0.5)
    assert abs(tilt(enhance(crooked, Enhancement(deskew=True)))) <= 0.5


def test_clahe_raises_contrast_and_binarise_leaves_two_levels(page: np.ndarray) -> None:
    faint = (200 + page / 10).astype(np.uint8)
    assert enhance(faint, Enhancement(clahe=True)).std() > 1.5 * faint.std()
    shaded = (page * np.linspace(0.3, 1, 600)).astype(np.uint8)
    binary = enhance(np.stack([shaded] * 3, axis=2), Enhancement(binarise=True))
    assert set(np.unique(binary)) == {0, 255}
    ground = page == 220
    assert (binary[ground] == 255).mean() > 0.98
    assert (binary[page < 100] == 0).mean() > 0.9


def grainy(page: np.ndarray, deviation: float) -> np.ndarray:
    grain = np.random.default_rng(0).normal(0, deviation, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("deviation", [0.0, 5.0, 20.0])
def test_noise_is_estimated_in_spite_of_the_strokes(page: np.ndarray, deviation: float) -> None:
    assert noise(grainy(page // 2 + 60, deviation)) == pytest.approx(deviation, rel=0.15, abs=0.3)


def test_denoise_takes_noise_away_and_leaves_the_strokes(page: np.ndarray) -> None:
    quiet = enhance(grainy(page, 20.0), Enhancement(denoise=True))
    assert noise(quiet) < 3
    assert np.abs(quiet.astype(int) - page).mean() < 0.4 * 20


def test_the_gate_leaves_a_good_picture_alone(page: np.ndarray) -> None:
    assert advised(page) == NO_ENHANCEMENT
    assert np.array_equal(enhance(page, Enhancement(auto=True)), page)


def test_the_gate_sees_what_is_wrong(page: np.ndarray) -> None:
    assert advised(turned(page, -4)).deskew
    assert advised(grainy(page, 30)).denoise
    dark = (page * 0.1).astype(np.uint8)
    assert contrast(dark) < 30
    assert advised(dark) == Enhancement(stretch=True)
    assert advised(grainy(dark, 3)) == Enhancement(stretch=True, denoise=True)
    assert contrast(enhance(dark, Enhancement(auto=True))) > 200


def test_a_step_that_was_asked_for_stays(page: np.ndarray) -> None:
    assert advised(page, Enhancement(binarise=True, auto=True)) == Enhancement(binarise=True)


@pytest.mark.parametrize("ground", [220, 30])
def test_the_rows_of_a_line_are_found(ground: int) -> None:
    line = np.full((100, 500), ground, np.uint8)
    cv2.putText(line, "between margins", (20, 60), 0, 1.0, 250 - ground, 2, cv2.LINE_AA)
    rows = np.flatnonzero((line != ground).any(axis=1))
    top, bottom = text_rows(line)
    assert rows[0] - 8 <= top <= rows[0] + 2
    assert rows[-1] - 2 <= bottom <= rows[-1] + 9
    assert text_rows(np.full((20, 90), ground, np.uint8)) == (0, 20)


@pytest.mark.parametrize("steps", [Enhancement(deskew=True), Enhancement(auto=True)])
def test_a_tilted_line_is_levelled_and_cut_out(steps: Enhancement) -> None:
    line = np.full((44, 420), 230, np.uint8)
    cv2.putText(line, "a line of some length", (10, 30), 0, 1.0, 30, 2, cv2.LINE_AA)
    crooked = degraded(line, "tilt", 4, (0,))
    assert crooked.shape[0] > 90
    top, bottom = text_rows(enhance(crooked, steps))
    assert 22 < bottom - top < 50
