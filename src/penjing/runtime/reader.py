"""Reader: a picture in, a Page out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from penjing.errors import DetectorError
from penjing.runtime.caution import Caution
from penjing.runtime.detector import DBDetector, Detector
from penjing.runtime.ends import stretched
from penjing.runtime.enhance import NO_ENHANCEMENT, Enhancement, advised, enhance, text_rows
from penjing.runtime.layout import line_at
from penjing.runtime.orientation import prevailing, turned
from penjing.runtime.pictures import DEFAULT_LIMITS, Picture, PictureLimits, Pixels, Source, decode
from penjing.runtime.recogniser import Recogniser
from penjing.runtime.rectify import Polygon, cut_out, to_gray
from penjing.runtime.result import Line, Page
from penjing.runtime.second_look import Look, read_carefully

STRIP = 8.0  # a picture this many times wider than high is first taken as one line
_STRIP_SURE = 0.75  # below this confidence a strip is searched for lines after all
_BARE_SURE = 0.9  # a picture in which nothing was found is one line if it reads as surely as this
_FEWEST_TURNED = 3  # lines that tell that a page is turned: two may be two signs
_TURNED_SURE = 0.6  # a page turned as a whole reads at least as surely
_SHRUNK = 0.4  # warn when detection saw less than this of the picture's resolution


@dataclass(frozen=True)
class ReadOptions:
    """How to read one picture.

    ``line``: True takes it as one line, False always searches it for lines, None decides by its
    shape. ``turned``: also try lines turned by 90° or 180° where the upright reading is doubtful.
    ``language``: let the text around a doubtful character help to tell it; without, each is what
    it looks like most. With ``enhancement.deskew`` all polygons lie on the levelled picture.
    """

    line: bool | None = None
    turned: bool = True
    enhancement: Enhancement = NO_ENHANCEMENT
    language: bool = True


class Reader:
    """Reads pictures; immutable after construction, and safe to use from many threads at once.

    ``model`` is a shipped model's name or an .onnx file; ``threads`` is what each call may use,
    by default all that affinity and quota allow; ``detector`` is ours, another, or None when only
    single lines will be read.

    >>> Reader().read("invoice.jpg").text
    """

    def __init__(
        self,
        model: str | Path = "default",
        threads: int | None = None,
        detector: Detector | Literal["default"] | None = "default",
        limits: PictureLimits = DEFAULT_LIMITS,
    ) -> None:
        self.recogniser = Recogniser(model, threads)
        self.detector = DBDetector(threads=threads) if detector == "default" else detector
        self.limits = limits

    @property
    def model(self) -> str:
        return self.recogniser.name

    def read(self, source: Source, options: ReadOptions = ReadOptions()) -> Page:
        """Everything on the picture. Raises PictureError if it cannot be read."""
        clock = _Clock()
        with clock("decode"):
            picture = decode(source, self.limits)
            steps = options.enhancement
            if steps.auto:
                steps = advised(to_gray(picture.pixels), steps)
                options = replace(options, enhancement=steps)
            pixels = enhance(picture.pixels, steps)
        strip = picture.width >= STRIP * picture.height
        if options.line or (options.line is None and strip):
            with clock("recognise"):
                line = self._whole(pixels, options)
            if options.line or line.confidence >= _STRIP_SURE or self.detector is None:
                return self._page(picture, [line], "line", clock)
        bare = options.line is None and not strip  # a strip has been tried as one line already
        return self._read_page(picture, pixels, options, clock, bare)

    def read_line(self, source: Source) -> Line:
        """A picture of one line. Raises PictureError if it cannot be read."""
        return self._whole(decode(source, self.limits).pixels, ReadOptions())

    def _whole(self, pixels: Pixels, options: ReadOptions) -> Line:
        """One line; cut out of its margins, which are wide where a tilted one was levelled."""
        gray = to_gray(pixels)
        width = gray.shape[1]
        top, bottom = text_rows(gray) if options.enhancement.deskew else (0, gray.shape[0])
        corners = np.array([[0, top], [width, top], [width, bottom], [0, bottom]], np.float32)
        looks = read_carefully(
            self.recogniser, [gray[top:bottom]], options.turned, options.language
        )
        look = looks[0]
        return line_at(look.reading, np.roll(corners, -look.turns, axis=0))

    def _read_page(
        self, picture: Picture, pixels: Pixels, options: ReadOptions, clock: _Clock, bare: bool
    ) -> Page:
        """A page; or, if nothing is found and it may be a ``bare`` line, that."""
        seen = self._search(pixels, options, clock)
        # Lines are found by their surroundings, and a bare one has none.
        if bare and not seen.polygons:
            with clock("recognise"):
                line = self._whole(pixels, options)
            if line.confidence >= _BARE_SURE:
                return self._page(picture, [line], "line", clock)
        turns = seen.turns
        if turns:
            upright = np.ascontiguousarray(np.rot90(pixels, turns))
            again = self._search(upright, options, clock)
            if again.surety > max(seen.surety, _TURNED_SURE * sum(again.characters)):
                seen = again.turned_back(turns, upright)
            else:
                turns = 0
        warnings = seen.warnings
        if seen.scale < _SHRUNK:
            shrunk = f"lines were searched for at {seen.scale:.0%} of the picture's size"
            warnings += (Caution("shrunk", shrunk),)
        page = self._page(picture, seen.lines(), "page", clock, warnings)
        with clock("order"):
            return replace(page.ordered, rotation=90 * turns)

    def _search(self, pixels: Pixels, options: ReadOptions, clock: _Clock) -> _Seen:
        """All lines of a page, found and read."""
        if self.detector is None:
            raise DetectorError("this Reader has no detector; it reads single lines only")
        with clock("detect"):
            found = self.detector.detect(pixels)
        with clock("rectify"):
            gray = to_gray(pixels)
            polygons = stretched(gray, found.polygons)
            pictures = [cut_out(gray, polygon) for polygon in polygons]
        with clock("recognise"):
            looks = read_carefully(self.recogniser, pictures, options.turned, options.language)
        return _Seen(looks, list(polygons), found.scale, found.warnings)

    def _page(
        self,
        picture: Picture,
        lines: list[Line],
        route: Literal["line", "page"],
        clock: _Clock,
        warnings: tuple[Caution, ...] = (),
    ) -> Page:
        return Page(
            lines=tuple(line for line in lines if line.text),
            width=picture.width,
            height=picture.height,
            route=route,
            model=self.model,
            timings=clock.milliseconds,
            warnings=picture.warnings + warnings,
        )


@dataclass(frozen=True)
class _Seen:
    """Lines of a page, at which share of its size the picture was searched for them, and what the
    detector left out.
    """

    looks: list[Look]
    polygons: list[Polygon]
    scale: float
    warnings: tuple[Caution, ...]

    @property
    def characters(self) -> list[int]:
        return [len(look.reading.text) for look in self.looks]

    @property
    def turns(self) -> int:
        """How many quarter turns set the page upright, if lines enough say so."""
        turns = [0 if look.column else look.turns for look in self.looks]
        most = prevailing(turns, self.characters)
        return most if turns.count(most) >= _FEWEST_TURNED else 0

    @property
    def surety(self) -> float:
        """How many characters were read, each counting as it is sure."""
        return sum(len(look.reading.text) * look.reading.confidence for look in self.looks)

    def turned_back(self, turns: int, upright: Pixels) -> _Seen:
        """As on the picture that was turned by ``turns`` to be ``upright``."""
        height, width = upright.shape[:2]
        return replace(self, polygons=[turned(one, -turns, width, height) for one in self.polygons])

    def lines(self) -> list[Line]:
        return [
            line_at(look.reading, np.roll(polygon, -look.turns, axis=0))
            for look, polygon in zip(self.looks, self.polygons, strict=True)
        ]


class _Clock:
    """Milliseconds by stage, for one picture."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        elapsed = (time.perf_counter() - start) * 1000
        self.milliseconds[stage] = round(self.milliseconds.get(stage, 0.0) + elapsed, 3)
