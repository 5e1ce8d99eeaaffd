"""A PDF page's own characters as the lines of a Page, whichever way they run."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from penjing.documents.page_space import Boxes, Matrix, moved
from penjing.documents.text_layer import Glyphs
from penjing.runtime.caution import Caution
from penjing.runtime.orientation import prevailing
from penjing.runtime.result import Character, Line, Page, Point, Quad, Word

_NEW_CELL = 1.2  # a gap of this many character heights begins another line, as between columns


def page_of(found: Glyphs, matrix: Matrix, width: int, height: int) -> Page:
    """A Page of ``width`` x ``height`` pixels by ``matrix`` (see ``page_space``) with the drawn
    characters in reading order; confidence is 1."""
    text = _Text(found, matrix)
    runs = text.runs()
    lines = tuple(text.line(run) for run in runs)
    turns = [text.quarter(run[0]) for run in runs]
    rotation = 90 * prevailing(turns, [len(line.text) for line in lines])
    said = [Caution("own_text", "the PDF's own text was taken; nothing was recognised")]
    if found.hidden:
        left_out = f"{found.hidden} characters of it cannot be seen, and were left out"
        said.append(Caution("hidden_left_out", left_out))
    page = Page(lines, width, height, "text_layer", "none", warnings=tuple(said), rotation=rotation)
    return page.ordered


class _Text:
    """Characters with their boxes in pixels, and the quarter turns (``np.rot90``) that let each
    one's line of writing run to the right."""

    def __init__(self, found: Glyphs, matrix: Matrix) -> None:
        self._found = found
        self._boxes = moved(found.boxes, matrix)
        along = found.along @ matrix[:, :2].T
        self._quarters = (
            np.round(np.arctan2(along[:, 1], along[:, 0]) / (np.pi / 2)).astype(int) % 4
        )

    def quarter(self, k: int) -> int:
        return int(self._quarters[k])

    def runs(self) -> list[list[int]]:
        """Indices of drawn characters, line by line; breaks, turns and wide gaps part them."""
        runs: list[list[int]] = [[]]
        for k, letter in enumerate(self._found.text):
            if letter in "\r\n":
                runs.append([])
            elif self._found.drawn[k]:
                if runs[-1] and not self._continues(runs[-1][-1], k):
                    runs.append([])
                runs[-1].append(k)
        return [run for run in runs if run]

    def line(self, run: list[int]) -> Line:
        words: list[list[int]] = [[run[0]]]
        for before, k in pairwise(run):
            if k > before + 1:  # white space stood between
                words.append([])
            words[-1].append(k)
        turns = self._turns(run)
        made = tuple(self._word(word, turns) for word in words)
        return Line(" ".join(word.text for word in made), 1.0, self._around(run, turns), made)

    def _continues(self, j: int, k: int) -> bool:
        """Whether ``k`` follows ``j`` without a gap, along either axis."""
        a, b = self._boxes[j], self._boxes[k]
        size = max(1.0, float(max(a[3] - a[1], b[3] - b[1])))
        across = max(b[0] - a[2], a[0] - b[2])
        down = max(b[1] - a[3], a[1] - b[3])
        near = max(across, down) < _NEW_CELL * size
        return bool(near and self._quarters[j] == self._quarters[k])

    def _turns(self, run: list[int]) -> int:
        """Those of the characters; one more where they stand one below the other, as in a column
        of vertical writing."""
        turns = self.quarter(run[0])
        x, y = _middle(self._boxes[run[-1]]) - _middle(self._boxes[run[0]])
        across, down = ((x, y), (y, -x), (-x, -y), (-y, x))[turns]
        return (turns + 1) % 4 if down > abs(across) else turns

    def _word(self, members: list[int], turns: int) -> Word:
        letters = tuple(
            Character(self._found.text[k], 1.0, _point(_middle(self._boxes[k]))) for k in members
        )
        text = "".join(letter.text for letter in letters)
        return Word(text, 1.0, self._around(members, turns), letters)

    def _around(self, members: list[int], turns: int) -> Quad:
        """From the text's own top left."""
        left, top = self._boxes[members, :2].min(axis=0)
        right, bottom = self._boxes[members, 2:].max(axis=0)
        corners = [
            _point(at) for at in ((left, top), (right, top), (right, bottom), (left, bottom))
        ]
        a, b, c, d = corners[turns:] + corners[:turns]
        return (a, b, c, d)


def _middle(box: Boxes) -> np.ndarray[Any, Any]:
    middle: np.ndarray[Any, Any] = (box[:2] + box[2:]) / 2
    return middle


def _point(at: Any) -> Point:
    return (round(float(at[0]), 1), round(float(at[1]), 1))
