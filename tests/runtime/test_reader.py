"""Pages are read whole: turned lines, strips, words in their places, many threads at once."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import bands
import cv2
import numpy as np
import pytest

from penjing import Reader
from penjing.errors import DetectorError
from penjing.runtime.caution import Caution
from penjing.runtime.detector import DBDetector, Detection, DetectorSettings
from penjing.runtime.enhance import Enhancement
from penjing.runtime.reader import ReadOptions
from penjing.runtime.result import Page


@dataclass(frozen=True)
class GivenBoxes:
    """A Detector that has been told where the lines are: (left, top, right, bottom)."""

    boxes: tuple[tuple[int, int, int, int], ...] = ()
    scale: float = 1.0

    def detect(self, pixels: np.ndarray) -> Detection:
        quads = [[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in self.boxes]
        polygons = np.array(quads, np.float32).reshape(-1, 4, 2)
        return Detection(polygons, np.ones(len(quads), np.float32), self.scale)


def page_of(*lines: tuple[np.ndarray, int, int]) -> tuple[np.ndarray, GivenBoxes]:
    page = np.full((500, 700), 255, np.uint8)
    boxes = []
    for line, x, y in lines:
        height, width = line.shape
        page[y : y + height, x : x + width] = line
        boxes.append((x, y, x + width, y + height))
    return page, GivenBoxes(tuple(boxes))


def test_a_page_in_order_with_words_in_place(bands_model: Path) -> None:
    pixels, detector = page_of((bands.draw("cc"), 30, 200), (bands.draw("ab ba"), 30, 50))
    page = Reader(bands_model, 1, detector).read(pixels)
    assert page.text == "ab ba\ncc"
    assert (page.route, page.width, page.height, page.model) == ("page", 700, 500, "bands")
    assert {"decode", "detect", "order", "recognise"} <= set(page.timings)
    first, second = page.lines[0].words
    assert (first.text, second.text) == ("ab", "ba")
    letter = second.characters[0]
    assert letter.text == "b"
    assert letter.centre == pytest.approx((30 + 3 * bands.PITCH + 18, 66), abs=2)
    assert first.polygon[1][0] < second.polygon[0][0]


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_turned_lines_are_read_and_their_polygon_says_so(
    bands_model: Path, quarter_turns: int
) -> None:
    pixels, detector = page_of((np.rot90(bands.draw("abcab"), -quarter_turns), 60, 40))
    page = Reader(bands_model, 1, detector).read(pixels)
    assert page.text == "abcab"
    left, top, right, bottom = detector.boxes[0]
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    assert page.lines[0].polygon[0] == corners[quarter_turns]
    upright_only = Reader(bands_model, 1, detector).read(pixels, ReadOptions(turned=False))
    assert (upright_only.text == "abcab") == (quarter_turns == 0)


def test_a_tall_single_letter_stays_upright(bands_model: Path) -> None:
    narrow = bands.draw("a")[:, 10:26]
    pixels, detector = page_of((narrow, 60, 40))
    assert Reader(bands_model, 1, detector).read(pixels).text == "a"


def test_a_strip_is_one_line_and_the_page_says_so(bands_model: Path) -> None:
    reader = Reader(bands_model, 1, GivenBoxes())
    strip = bands.draw("abcabcabcabc")
    page = reader.read(strip)
    assert (page.route, page.text) == ("line", "abcabcabcabc")
    assert reader.read_line(strip).text == page.text
    assert reader.read(strip, ReadOptions(line=False)).route == "page"


def test_a_bare_line_is_read_where_none_is_found_and_turned_only_if_asked(
    bands_model: Path,
) -> None:
    reader = Reader(bands_model, 1, GivenBoxes())
    upside_down = np.rot90(bands.draw("abcab"), 2)
    page = reader.read(upside_down)
    assert (page.route, page.text) == ("line", "abcab")
    page = reader.read(upside_down, ReadOptions(turned=False))
    assert (page.route, page.lines) == ("page", ())


@pytest.mark.parametrize("width", [300, 1600])  # bare, and a strip
def test_a_levelled_line_is_cut_out_of_its_margins(
    bands_model: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    picture = np.full((120, width), 255, np.uint8)
    line = bands.draw("abcab")
    picture[50 : 50 + line.shape[0], 60 : 60 + line.shape[1]] = line
    reader = Reader(bands_model, 1, GivenBoxes())
    heights: list[int] = []
    recognise = reader.recogniser.read
    monkeypatch.setattr(
        reader.recogniser,
        "read",
        lambda lines, *more: (
            heights.extend(one.shape[0] for one in lines) or recognise(lines, *more)
        ),
    )
    reader.read(picture)
    assert heights[0] == 120
    heights.clear()
    reader.read(picture, ReadOptions(enhancement=Enhancement(deskew=True)))
    assert heights[0] < 32


def test_a_strip_that_does_not_read_is_searched_for_lines(
    bands_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = np.full((40, 400), 255, np.uint8)
    reader = Reader(bands_model, 1, GivenBoxes())
    read: list[int] = []
    recognise = reader.recogniser.read
    monkeypatch.setattr(
        reader.recogniser,
        "read",
        lambda lines, *more: read.append(len(lines)) or recognise(lines, *more),
    )
    once = reader.read(empty, ReadOptions(line=True))
    looks, read[:] = list(read), []
    page = reader.read(empty)
    assert (page.route, page.lines, once.text) == ("page", (), "")
    assert [count for count in read if count] == [count for count in looks if count]


def test_shrinking_is_warned_of(bands_model: Path) -> None:
    page = Reader(bands_model, 1, GivenBoxes(scale=0.2)).read(np.full((99, 99), 255, np.uint8))
    assert page.warnings == (
        Caution("shrunk", "lines were searched for at 20% of the picture's size"),
    )


def test_what_the_detector_left_out_is_warned_of(bands_model: Path) -> None:
    pixels = np.full((300, 500), 250, np.uint8)
    for text, y in (("First words", 100), ("and others", 220)):
        cv2.putText(pixels, text, (50, y), 0, 1.5, 10, 3, cv2.LINE_AA)
    detector = DBDetector(DetectorSettings(most_boxes=1), threads=1)
    page = Reader(bands_model, 1, detector).read(pixels)
    assert page.warnings == (
        Caution("lines_left_out", "2 lines were found; only the 1 surest are read"),
    )


def test_without_a_detector_only_lines_are_read(bands_model: Path) -> None:
    reader = Reader(bands_model, 1, detector=None)
    assert reader.read(bands.draw("abc"), ReadOptions(line=True)).text == "abc"
    with pytest.raises(DetectorError):
        reader.read(np.zeros((99, 99), np.uint8))


def test_concurrent_reading_equals_serial(bands_model: Path) -> None:
    rng = np.random.default_rng(5)
    boxes = tuple((10, y, 10 + 700, y + 32) for y in (20, 90, 160))
    reader = Reader(bands_model, 1, GivenBoxes(boxes))
    pictures = [np.full((220, 720), 255, np.uint8) for _ in range(40)]
    texts = []
    for picture in pictures:
        lines = ["".join(rng.choice(list("abc"), rng.integers(1, 28))) for _ in boxes]
        for (x, y, _, _), line in zip(boxes, map(bands.draw, lines), strict=True):
            picture[y : y + 32, x : x + line.shape[1]] = line
        texts.append("\n".join(lines))
    serial = [reader.read(picture) for picture in pictures]
    assert [page.text for page in serial] == texts
    with ThreadPoolExecutor(8) as pool:
        concurrent = list(pool.map(reader.read, pictures * 3))
    for page, again in zip(serial * 3, concurrent, strict=True):
        assert again.lines == page.lines


def test_json_round_trip(bands_model: Path) -> None:
    pixels, detector = page_of((bands.draw("ab c"), 30, 200), (bands.draw("b"), 300, 50))
    page = Reader(bands_model, 1, detector).read(pixels)
    page = replace(page, warnings=(Caution("shrunk", "at 37%"), Caution("own_text", "of its own")))
    written = json.loads(json.dumps(page.to_dict()))
    assert Page.from_dict(written) == page
    assert written["warnings"] == ["at 37%", "of its own"]
    assert written.pop("warning_codes") == ["shrunk", "own_text"]
    older = Page.from_dict(written)
    assert [str(warning) for warning in older.warnings] == written["warnings"]
    assert {warning.code for warning in older.warnings} == {"other"}


def test_reading_imports_no_torch(bands_model: Path) -> None:
    code = (
        "import sys, numpy; from penjing import Reader\n"
        f"Reader({str(bands_model)!r}).read(numpy.full((80, 90), 255, 'u1'))\n"
        "print([m for m in ('torch', 'rapidocr', 'matplotlib', 'flask') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
