"""Line pictures to text: width buckets, windows over long lines, one ONNX session.

A line's text never depends on the lines read with it: lines share a batch only when their padded
widths are equal, and padding depends on nothing but the line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from penjing.charset import Charset
from penjing.errors import WeightsError
from penjing.runtime import ctc, windows
from penjing.runtime.amounts import with_point
from penjing.runtime.batches import batches, side_by_side
from penjing.runtime.ctc import Frames
from penjing.runtime.language import Language
from penjing.runtime.pictures import Pixels
from penjing.runtime.plates import with_office
from penjing.runtime.rectify import fit_height
from penjing.runtime.rescoring import rescored
from penjing.runtime.scripts import in_one_script
from penjing.runtime.sessions import open_session
from penjing.runtime.threads import available_threads
from penjing.runtime.weights import find

LIGHT = 2_000_000  # bytes: a smaller file's network takes a fraction of a line's time
NARROW = 64  # narrower lines are centred on this width
_BUCKET = 16
_COARSE_BUCKET = 32  # beyond half a window, where a few columns more cost little
OLD_OUTPUTS = ["labels", "confidence"]  # files that tell no alternatives are read as they are
OUTPUTS = [*OLD_OUTPUTS, "alternatives", "log_probabilities"]


@dataclass(frozen=True)
class Reading:
    """The text of one line picture.

    ``centres`` (K,) float32 are fractions of the picture's width, one for each character of
    ``text``; ``confidences`` (K,) float32.
    """

    text: str
    centres: np.ndarray[Any, Any]
    confidences: np.ndarray[Any, Any]

    @cached_property
    def confidence(self) -> float:
        """Mean over the characters; 0 for an empty text."""
        return sum(self.confidences.tolist()) / len(self.text) if self.text else 0.0


class Recogniser:
    """A recogniser of lines; immutable, and safe to use from many threads at once.

    ``model`` is the name of a shipped model or the path of an .onnx file. Raises WeightsError if
    it is missing, or is not one of penjing's. ``light`` says whether another look costs little.
    """

    light = False

    def __init__(self, model: str | Path = "default", threads: int | None = None) -> None:
        path = find(model)
        self.name = path.stem
        self._session = open_session(path, threads=1)
        self.light = path.stat().st_size < LIGHT
        self.threads = threads or available_threads()  # lines are read so many at once
        meta = self._session.get_modelmeta().custom_metadata_map
        inputs = [value.name for value in self._session.get_inputs()]
        self._outputs = outputs = [value.name for value in self._session.get_outputs()]
        if inputs != ["image"] or outputs not in (OUTPUTS, OLD_OUTPUTS) or "charset" not in meta:
            raise WeightsError(f"{path.name} is no recogniser of penjing's: {inputs} -> {outputs}")
        self.plan: dict[str, Any] = json.loads(meta.get("plan", "{}"))
        self.charset = Charset(self.plan.get("charset", self.name), meta["charset"])
        self.language = Language.of(self.charset) if outputs == OUTPUTS else None

    def read(self, lines: Sequence[Pixels], language: bool = True) -> list[Reading]:
        """Texts of gray line pictures, uint8 (H, W) of any height.

        Without ``language`` each character is what its own picture looks like most.
        """
        fitted = [fit_height(line) for line in lines]
        pieces = [piece for k, line in enumerate(fitted) for piece in _pieces(k, line)]
        parts: dict[int, list[windows.Part]] = defaultdict(list)
        for piece, frames in zip(pieces, self._run([p.pixels for p in pieces]), strict=True):
            parts[piece.line].append(windows.Part(piece.first_frame, frames))
        table = self.language if language else None
        return [
            self._reading(windows.merge(parts[k]), table, _offset(line), line.shape[1])
            for k, line in enumerate(fitted)
        ]

    def _run(self, pictures: Sequence[Pixels]) -> list[Frames]:
        """Frames of padded pictures, batched with those of equal width."""

        def run(batch: list[int]) -> list[Frames]:
            image = np.array([pictures[k] for k in batch])[:, None]
            said = self._session.run(self._outputs, {"image": image})
            if len(said) == len(OLD_OUTPUTS):
                said += [np.zeros((*said[0].shape, 0), kind) for kind in (np.int64, np.float32)]
            return list(map(Frames, *said))

        grouped = batches([picture.shape[1] for picture in pictures])
        results: dict[int, Frames] = {}
        for batch, frames in zip(grouped, side_by_side(run, grouped, self.threads), strict=True):
            results.update(zip(batch, frames, strict=True))
        return [results[k] for k in range(len(pictures))]

    def _reading(
        self, frames: Frames, language: Language | None, offset: int, width: int
    ) -> Reading:
        decoded = ctc.collapse(frames.labels, frames.confidence)
        if language is not None:
            decoded = in_one_script(rescored(decoded, frames, language), frames, language)
            decoded = with_office(decoded, frames, self.charset)
            decoded = with_point(decoded, frames, self.charset)
        text = self.charset.decode(decoded.classes)
        kept = slice(len(text) - len(text.lstrip(" ")), len(text.rstrip(" ")))
        centres = [min(max((x - offset) / width, 0.0), 1.0) for x in decoded.centres[kept]]
        confidences = np.array(decoded.confidence[kept], np.float32)
        return Reading(text[kept], np.array(centres, np.float32), confidences)


@dataclass(frozen=True)
class _Piece:
    """What the session is run on: a padded line, or a window of a long one."""

    line: int
    pixels: Pixels
    first_frame: int


def _pieces(line: int, pixels: Pixels) -> list[_Piece]:
    width = pixels.shape[1]
    if width <= windows.WIDTH:
        return [_Piece(line, pad(pixels), 0)]
    return [
        _Piece(line, pixels[:, x : x + windows.WIDTH], x // ctc.FRAME)
        for x in windows.starts(width)
    ]


def pad(pixels: Pixels) -> Pixels:
    """A line at the next width that the session is run at, filled with its border's median."""
    width = pixels.shape[1]
    step = _BUCKET if width <= windows.WIDTH // 2 else _COARSE_BUCKET
    target = max(NARROW, -(-width // step) * step)
    if target == width:
        return pixels
    left = _offset(pixels)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    border.sort()  # np.median takes as long as a layer of the network
    ground = int(border[len(border) // 2])
    right = target - width - left
    return cv2.copyMakeBorder(pixels, 0, 0, left, right, cv2.BORDER_CONSTANT, value=ground)


def _offset(pixels: Pixels) -> int:
    """Columns of padding before a line: a narrow one stands in the middle."""
    return max(0, NARROW - pixels.shape[1]) // 2
