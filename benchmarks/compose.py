"""Pages with a known number of lines, pasted from labelled lines: A4 at 150 dots an inch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from penjing.files import write_whole
from penjing.labelled import Labelled, load_lines
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.rectify import HEIGHT, fit_height, to_gray

_WIDTH, _HEIGHT = 1240, 1754
_MARGIN, _PITCH = 64, 42
_COLUMNS = 2
_WIDEST = (_WIDTH - 3 * _MARGIN) // _COLUMNS
ROWS = (_HEIGHT - 2 * _MARGIN) // _PITCH
MOST = ROWS * _COLUMNS


def compose(lines: Sequence[tuple[Pixels, str]]) -> tuple[Pixels, list[dict[str, object]]]:
    """A page, uint8 (1754, 1240), and its labels; ``lines`` are gray, 32 high, at most ``MOST``."""
    page = np.full((_HEIGHT, _WIDTH), 250, np.uint8)
    labels: list[dict[str, object]] = []
    for k, (line, text) in enumerate(lines):
        x = _MARGIN + (k // ROWS) * (_WIDEST + _MARGIN)
        y = _MARGIN + (k % ROWS) * _PITCH
        width = line.shape[1]
        page[y : y + HEIGHT, x : x + width] = line
        corners = [[x, y], [x + width, y], [x + width, y + HEIGHT], [x, y + HEIGHT]]
        labels.append({"points": corners, "text": text})
    return page, labels


def printed(folder: Path) -> list[tuple[Pixels, str]]:
    """Lines of ``folder`` that look like a page's: dark on light, and no wider than a column."""
    chosen = []
    for label in _evenly(load_lines(folder)):
        line = fit_height(to_gray(decode(label.image).pixels))
        if line.shape[1] <= _WIDEST and float(np.median(line)) > 160:
            chosen.append((line, label.text))
    return chosen


def write_pages(folder: Path, out: Path, lines: int, pages: int) -> None:
    """``pages`` PNGs of ``lines`` lines each, labelled as ``penjing eval --pages`` takes them."""
    pool = printed(folder)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(pages):
        page, labels = compose([pool[(number * lines + k) % len(pool)] for k in range(lines)])
        encoded = cv2.imencode(".png", page)[1].tobytes()
        text = json.dumps({"complete": True, "lines": labels}, ensure_ascii=False)
        write_whole(out / f"{lines}-lines-{number}.png", [encoded])
        write_whole(out / f"{lines}-lines-{number}.json", [text.encode()])


def _evenly(labels: Sequence[Labelled]) -> Iterator[Labelled]:
    """All of them, neighbours far apart, so that any stretch has every kind."""
    stride = 397  # a prime, so that each is met once
    for k in range(len(labels)):
        yield labels[k * stride % len(labels)]
