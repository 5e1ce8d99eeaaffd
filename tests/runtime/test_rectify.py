"""A line comes out of the page level and 32 pixels high, however it lay there."""

from __future__ import annotations

from pathlib import Path

import bands
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.runtime.recogniser import Recogniser
from penjing.runtime.rectify import HEIGHT, fit_height, straighten


@pytest.fixture(scope="module")
def recogniser(bands_model: Path) -> Recogniser:
    return Recogniser(bands_model, threads=1)


@settings(max_examples=40, deadline=None)
@given(
    text=st.text("abc", min_size=2, max_size=12),
    height=st.floats(20, 200),
    angle=st.floats(-180, 180),
)
def test_turned_and_scaled_lines_read_the_same(
    recogniser: Recogniser, text: str, height: float, angle: float
) -> None:
    line = bands.draw(text, scale=4)
    size = np.array([line.shape[1], line.shape[0]], np.float32) * height / line.shape[0]
    reach = int(np.hypot(*size)) + 8
    corners = cv2.boxPoints(((0, 0), (float(size[0]), float(size[1])), 0.0))
    turn = np.deg2rad(angle)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    own = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32) * np.abs(corners).max(axis=0)
    polygon = (own @ rotation + reach / 2).astype(np.float32)
    there = cv2.getPerspectiveTransform(
        np.array([[0, 0], [line.shape[1], 0], line.shape[::-1], [0, line.shape[0]]], np.float32),
        polygon,
    )
    page = cv2.warpPerspective(line, there, (reach, reach), flags=cv2.INTER_AREA, borderValue=255)
    straight = straighten(page, polygon)
    assert straight.shape[0] == HEIGHT
    assert abs(straight.shape[1] - line.shape[1] / 4) <= 1
    assert recogniser.read([straight])[0].text == text


@given(height=st.integers(1, 300), width=st.integers(1, 900))
def test_fit_height_keeps_proportions(height: int, width: int) -> None:
    fitted = fit_height(np.full((height, width), 77, np.uint8))
    assert fitted.shape == (HEIGHT, min(1 << 14, max(1, round(width * HEIGHT / height))))
    assert (fitted == 77).all()
