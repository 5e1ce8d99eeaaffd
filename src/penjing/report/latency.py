"""Milliseconds on one thread, by the clock.

Models take turns picture by picture, so that whatever else the machine does slows all alike.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch

from penjing.models import CRNN, Plan, build
from penjing.report.counting import WIDTH
from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Recogniser

WARM_UP = 3  # pictures read before the clock counts
SPOKEN = 0.3  # share of a line's frames that may hold a character, measured on rendered lines

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Timing:
    """Milliseconds a picture."""

    median: float
    p95: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Timing:
        return cls(float(np.median(milliseconds)), float(np.percentile(milliseconds, 95)))


@dataclass(frozen=True)
class Turns(Generic[Answer]):
    """What one of several readers took and gave: ``milliseconds`` of each of its turns, and its
    ``answers`` to the pictures when it saw them first."""

    milliseconds: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def taking_turns(
    readers: Mapping[str, Callable[[Pixels], Answer]], pictures: Sequence[Pixels], repeats: int = 3
) -> dict[str, Turns[Answer]]:
    """Every reader on every picture, ``repeats`` times over, in order.

    Another reader begins each time. The k-th times of all were measured one after another.
    """
    names = list(readers)
    for name in names:
        for picture in pictures[:WARM_UP]:
            readers[name](picture)
    turns: dict[str, Turns[Answer]] = {name: Turns() for name in names}
    for again in range(repeats):
        for k, picture in enumerate(pictures):
            first = (again + k) % len(names)
            for name in names[first:] + names[:first]:
                start = time.perf_counter()
                answer = readers[name](picture)
                turns[name].milliseconds.append((time.perf_counter() - start) * 1000)
                if not again:
                    turns[name].answers.append(answer)
    return turns


def interleaved(
    readers: Mapping[str, Callable[[Pixels], object]], pictures: Sequence[Pixels], repeats: int = 3
) -> dict[str, Timing]:
    """The time that each reader takes for a picture, measured in turns."""
    turns = taking_turns(readers, pictures, repeats)
    return {name: Timing.of(own.milliseconds) for name, own in turns.items()}


@dataclass(frozen=True)
class Footprint:
    """Bytes of the ONNX file, and median milliseconds a line."""

    bytes: int
    milliseconds: float


class Scales:
    """Weighs networks against one reference: exported, run in ONNX Runtime, taking turns with it.

    The ratio of a network's time to the reference's is measured on each line, one right after the
    other; its median times ``milliseconds``, the reference's own time, is the result. So weighings
    of different hours can be compared, however busy the machine was.

    Args:
        pictures: gray lines, uint8 (height, width).
        milliseconds: the reference's, from an earlier sitting; measured now by default.
    """

    def __init__(
        self,
        reference: CRNN,
        pictures: Sequence[Pixels],
        repeats: int = 5,
        milliseconds: float | None = None,
    ) -> None:
        self.pictures, self.repeats = pictures, repeats
        self._read, self.bytes = _deployed(reference)
        alone = interleaved({"": self._read}, pictures, repeats)[""].median
        self.milliseconds = milliseconds or alone

    def weigh(self, model: CRNN) -> Footprint:
        """Export ``model`` and time it beside the reference."""
        read, size = _deployed(model)
        readers = {"ours": read, "reference": self._read}
        both = taking_turns(readers, self.pictures, self.repeats)
        ratios = np.divide(both["ours"].milliseconds, both["reference"].milliseconds)
        return Footprint(size, self.milliseconds * float(np.median(ratios)))


@torch.no_grad()
def untrained(plan: Plan, pictures: Sequence[Pixels]) -> CRNN:
    """A random network that takes as long as a trained one of the same plan.

    Frames that are surely blank are not classified, which saves time; its blank is biased so that
    as many frames are classified as in a trained network.
    """
    torch.manual_seed(0)
    model = build(plan).eval()
    images = torch.from_numpy(np.stack(pictures))[:, None]
    odds = model.head.blank_logit(model(images))
    model.head.blank.bias.sub_(odds.quantile(SPOKEN))
    return model


def noise(height: int, count: int = 6) -> list[Pixels]:
    """Pictures to time untrained networks on, as wide as multiply-adds are counted for."""
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (height, WIDTH), dtype=np.uint8) for _ in range(count)]


def _deployed(model: CRNN) -> tuple[Callable[[Pixels], object], int]:
    """A reader of single pictures on one thread, and the size of its file."""
    from penjing.export import export

    with tempfile.TemporaryDirectory() as folder:
        file = export(model, Path(folder) / "network.onnx")
        recogniser = Recogniser(file, threads=1)
        return partial(_read_one, recogniser), file.stat().st_size


def _read_one(recogniser: Recogniser, picture: Pixels) -> object:
    return recogniser.read([picture])
