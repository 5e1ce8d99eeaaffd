"""Enhancement does what it says, and nothing when not asked."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from penjing.runtime.enhance import NO_ENHANCEMENT, Enhancement, enhance, tilt


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
