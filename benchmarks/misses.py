"""Where the lines of pages are lost: not found, cut elsewhere, or read wrongly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from benchmarks.tables import Row
from penjing.labelled import LabelledPage, load_pages
from penjing.report.evaluation import match, normalise
from penjing.runtime.pictures import decode
from penjing.runtime.reader import Reader
from penjing.runtime.rectify import Polygon, cut_out, to_gray
from penjing.runtime.result import Page
from penjing.runtime.second_look import read_carefully

_FATES = ("right", "read wrongly", "merged", "split", "cut elsewhere", "not found")


def measure(folder: Path, model: str, threads: int) -> list[Row]:
    """How many labelled lines had each fate, and how many read right in their labelled box.

    ``right_in_box`` is what another cut of the line might win back.
    """
    reader = Reader(model, threads)
    lines: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for label in load_pages(folder):
        picture = decode(label.image)
        gray = to_gray(picture.pixels)
        fates = _fates(reader.read(picture), label)
        boxes = [cut_out(gray, polygon) for polygon in label.polygons]
        looks = read_carefully(reader.recogniser, boxes)
        for fate, look, text in zip(fates, looks, label.texts, strict=True):
            lines[fate] += 1
            right[fate] += normalise(look.reading.text) == normalise(text)
    return [{"fate": fate, "lines": lines[fate], "right_in_box": right[fate]} for fate in _FATES]


def _fates(page: Page, label: LabelledPage) -> list[str]:
    found = np.array([line.polygon for line in page.lines], np.float32).reshape(-1, 4, 2)
    pairs = dict(match(label.polygons, found))
    fates = []
    for k, (polygon, text) in enumerate(zip(label.polygons, label.texts, strict=True)):
        if k in pairs:
            same = normalise(page.lines[pairs[k]].text) == normalise(text)
            fates.append("right" if same else "read wrongly")
            continue
        around = [box for box in found if _inside(polygon, box)]
        parts = [box for box in found if _inside(box, polygon)]
        if any(sum(_inside(other, box) for other in label.polygons) > 1 for box in around):
            fates.append("merged")
        elif len(parts) > 1:
            fates.append("split")
        else:
            fates.append("cut elsewhere" if around or parts else "not found")
    return fates


def _inside(part: Polygon, whole: Polygon) -> bool:
    """Whether more than half of ``part`` lies in ``whole``."""
    hull = cv2.convexHull(part.astype(np.float32))
    shared, _ = cv2.intersectConvexConvex(hull, cv2.convexHull(whole.astype(np.float32)))
    return bool(shared > 0.5 * cv2.contourArea(hull))
