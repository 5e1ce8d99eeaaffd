"""Where the lines are. A detector is anything with ``detect``; ours runs PP-OCRv6's DB model.

Differentiable binarization: Liao et al. 2020, arXiv:1911.08947. Where the model's file comes from
is told by the card beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np

from penjing.runtime.caution import Caution
from penjing.runtime.pictures import Pixels
from penjing.runtime.sessions import open_session
from penjing.runtime.tiles import STEP, cover
from penjing.runtime.weights import folder

MODEL = "pp-ocrv6-tiny.onnx"
_FAINTEST = 8  # gray levels by which a row or column must vary to be more than a margin


@dataclass(frozen=True)
class Detection:
    """Quadrilaterals float32 (N, 4, 2), clockwise from the top left, with scores (N,) in 0 … 1.

    ``scale`` is how far the picture was shrunk or enlarged before the search. ``warnings`` tell of
    lines that were found and left out.
    """

    polygons: np.ndarray[Any, Any]
    scores: np.ndarray[Any, Any]
    scale: float = 1.0
    warnings: tuple[Caution, ...] = ()


class Detector(Protocol):
    """Finds lines of text; must be safe to use from many threads at once."""

    def detect(self, pixels: Pixels) -> Detection:
        """Lines in a picture, uint8 (H, W) gray or (H, W, 3) RGB."""
        ...


@dataclass(frozen=True)
class DetectorSettings:
    """Sides in pixels. How they were chosen is told in docs/speed.md.

    PP-OCRv6 was published with a smallest side of 736, which finds no more lines, and with an
    ``unclip`` of 1.6, which leaves lines smaller in their boxes than our recogniser reads best.
    """

    smallest_side: int = 320  # smaller pictures are enlarged towards this
    enlarged: float = 2.0  # at most so many times: letters must not outgrow what it was trained on
    largest_side: int = 1600  # larger pictures are shrunk to this …
    narrowest: int = 480  # … unless their other side would be smaller: they are long, not fine
    pixel_threshold: float = 0.3
    box_threshold: float = 0.5
    unclip: float = 1.3  # how far boxes are grown, in areas over half circumferences
    most_boxes: int = 5000  # the surest; no page has so many lines, but a picture of specks may


class DBDetector:
    """PP-OCRv6 tiny."""

    def __init__(
        self, settings: DetectorSettings = DetectorSettings(), threads: int | None = None
    ) -> None:
        self.settings = settings
        self._session = open_session(folder() / "detectors" / MODEL, threads, arena=True)
        self._input = self._session.get_inputs()[0].name

    def detect(self, pixels: Pixels) -> Detection:
        """See Detector."""
        height, width = pixels.shape[:2]
        heat = self._heat(self._resize(pixels))
        boxes, scores, warnings = self._boxes(heat)
        scale = np.array([width / heat.shape[1], height / heat.shape[0]], np.float32)
        polygons = np.clip(boxes * scale, 0, np.array([width, height], np.float32))
        across = np.linalg.norm(polygons[:, 1] - polygons[:, 0], axis=1)
        down = np.linalg.norm(polygons[:, 3] - polygons[:, 0], axis=1)
        kept = (across > 3) & (down > 3)
        return Detection(polygons[kept], scores[kept], float(1 / scale.max()), warnings)

    def _resize(self, pixels: Pixels) -> Pixels:
        """RGB whose sides are multiples of 32 within the settings; proportions are kept nearly."""
        height, width = pixels.shape[:2]
        short, long = min(height, width), max(height, width)
        limits = self.settings
        most = limits.largest_side / long
        enlarged = max(1.0, min(limits.smallest_side / short, limits.enlarged, most))
        scale = enlarged * min(1.0, max(most, limits.narrowest / short))
        size = [max(STEP, round(side * scale / STEP) * STEP) for side in (width, height)]
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        resized: Pixels = cv2.resize(pixels, size, interpolation=way)
        return resized if resized.ndim == 3 else cv2.cvtColor(resized, cv2.COLOR_GRAY2RGB)

    def _heat(self, image: Pixels) -> np.ndarray[Any, Any]:
        """Probability of text for each pixel, float32 (H, W); blank margins have none."""
        heat = np.zeros(image.shape[:2], np.float32)
        inside = (_inked(image, axis=1), _inked(image, axis=0))
        image, inner = image[inside], heat[inside]
        if inner.size == 0:
            return heat
        for rows, columns in cover(*inner.shape):
            tile = image[rows.start : rows.stop, columns.start : columns.stop]
            found = self._session.run(None, {self._input: _normalise(tile)})[0][0, 0]
            inner[rows.first : rows.last, columns.first : columns.last] = found[
                rows.first - rows.start : rows.last - rows.start,
                columns.first - columns.start : columns.last - columns.start,
            ]
        return heat

    def _boxes(
        self, heat: np.ndarray[Any, Any]
    ) -> tuple[np.ndarray, np.ndarray, tuple[Caution, ...]]:
        """Rectangles around what lies above the threshold, grown back to the size of the text."""
        above = (heat > self.settings.pixel_threshold).astype(np.uint8)
        mask = cv2.dilate(above, np.ones((2, 2), np.uint8))
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        found, scores = [], []
        for contour in contours:
            rectangle = cv2.minAreaRect(contour)
            if min(rectangle[1]) < 3:
                continue
            score = _mean_inside(heat, cv2.boxPoints(rectangle))
            if score >= self.settings.box_threshold:
                found.append(rectangle)
                scores.append(score)
        kept, warnings = _surest(scores, self.settings.most_boxes)
        boxes = [self._grown(found[k]) for k in kept]
        return (
            np.array(boxes, np.float32).reshape(-1, 4, 2),
            np.array([scores[k] for k in kept], np.float32),
            warnings,
        )

    def _grown(self, rectangle: Any) -> np.ndarray[Any, Any]:
        """Growing a rectangle by the same on every side: no polygon clipping is needed for that."""
        centre, (across, down), angle = rectangle
        grow = across * down * self.settings.unclip / (across + down)
        return clockwise(cv2.boxPoints((centre, (across + grow, down + grow), angle)))


def _surest(scores: list[float], most: int) -> tuple[list[int], tuple[Caution, ...]]:
    """Which of the boxes to keep, in their order, and what to say if that is not all."""
    if len(scores) <= most:
        return list(range(len(scores))), ()
    kept = np.argsort(scores)[-most:]
    left_out = f"{len(scores):,} lines were found; only the {most:,} surest are read"
    return sorted(kept.tolist()), (Caution("lines_left_out", left_out),)


def _inked(image: Pixels, axis: int) -> slice:
    """Whole steps of rows (``axis`` 1) or columns (0) of RGB between margins without contrast.

    A step of margin is left where there is one.
    """
    brightest = cv2.reduce(image, axis, cv2.REDUCE_MAX).reshape(-1, 3)
    contrast = brightest - cv2.reduce(image, axis, cv2.REDUCE_MIN).reshape(-1, 3)
    inked = np.flatnonzero(contrast.max(axis=1) >= _FAINTEST)
    if len(inked) == 0:
        return slice(0, 0)
    first, last = inked[0] // STEP - 1, inked[-1] // STEP + 2
    return slice(max(0, int(first)) * STEP, min(len(contrast), int(last) * STEP))


def clockwise(corners: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Four corners of a rectangle from its top left, clockwise; the first side is nearest level."""
    centre = corners.mean(axis=0)
    turn = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    corners = corners[np.argsort(turn)]  # y points down, so growing angles go clockwise
    edges = np.roll(corners, -1, axis=0) - corners
    level = edges[:, 0] / np.maximum(1e-6, np.linalg.norm(edges, axis=1))
    return np.roll(corners, -int(level.argmax()), axis=0)


def _mean_inside(heat: np.ndarray[Any, Any], corners: np.ndarray[Any, Any]) -> float:
    height, width = heat.shape
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    mask = np.zeros((high[1] - low[1] + 1, high[0] - low[0] + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - low).astype(np.int32)], 1)
    return float(cv2.mean(heat[low[1] : high[1] + 1, low[0] : high[0] + 1], mask)[0])


def _normalise(image: Pixels) -> np.ndarray[Any, Any]:
    """float32 (1, 3, H, W) in -1 … 1. The model was trained on BGR."""
    return cv2.dnn.blobFromImage(image, 1 / 127.5, mean=(127.5,) * 3, swapRB=True)
