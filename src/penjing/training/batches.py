"""Endless, repeatable batches of lines.

Lines are taken a pool at a time, sorted by width and cut into a fixed number of batches of equal
total width, so that batch k of shard s is a pure function of (source, s, k): a run resumes at any
batch without replaying the ones before.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from penjing.charset import Charset
from penjing.errors import PenjingError

LEAST_WIDTH = 64  # px; narrower lines are centred in this width, as the reader centres them
UNIT = 4  # batches hold a multiple of this many lines: each new shape costs oneDNN a compilation


class Sample(Protocol):
    """A line: gray uint8 (32, width), its text, and the x of each character's centre in pixels."""

    @property
    def image(self) -> NDArray[np.uint8]: ...
    @property
    def text(self) -> str: ...
    @property
    def centres(self) -> NDArray[np.float32]: ...


class Source(Protocol):
    """Lines by number; the same number always gives the same line."""

    def render(self, index: int) -> Sample: ...


@dataclass(frozen=True)
class Batch:
    """Lines padded to one width.

    Attributes:
        images: uint8 (batch, 1, 32, width).
        line, label, centre: for each character of all lines in order, its line's number (int64),
            class (int64) and centre in pixels (float32), (characters,) each.
        texts: what each line says.
    """

    images: Tensor
    line: Tensor
    label: Tensor
    centre: Tensor
    texts: tuple[str, ...]


def collate(samples: Sequence[Sample], charset: Charset) -> Batch:
    """Pad lines to one width, each with its border's median gray, as the reader does."""
    width = padded(max(s.image.shape[1] for s in samples))
    images = np.empty((len(samples), 1, samples[0].image.shape[0], width), np.uint8)
    centres = []
    for row, s in zip(images, samples, strict=True):
        own = s.image.shape[1]
        left = max(0, LEAST_WIDTH - own) // 2
        row[0] = border_median(s.image)
        row[0, :, left : left + own] = s.image
        centres.append(s.centres + left)
    return Batch(
        torch.from_numpy(images),
        torch.from_numpy(np.repeat(np.arange(len(samples)), [len(s.text) for s in samples])),
        torch.tensor([k for s in samples for k in charset.encode(s.text)], dtype=torch.long),
        torch.from_numpy(np.concatenate(centres).astype(np.float32)),
        tuple(s.text for s in samples),
    )


def padded(width: int) -> int:
    """The width in pixels of a batch whose widest line has ``width``."""
    step = 32 if width <= 256 else 64
    return -(-max(LEAST_WIDTH, width) // step) * step


def border_median(image: NDArray[np.uint8]) -> int:
    """The median gray of the pixels along a line's four edges."""
    return int(np.median(np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])))


class Stream(IterableDataset[Batch]):
    """The endless batches of shard number ``shard`` of ``shards``.

    Args:
        batch: lines in a batch, on average.
        pool: batches that are rendered together and sorted by width.
        start: number of the first batch to give.
        first_line: number, in ``source``, of the line that the run began with.
    """

    def __init__(
        self,
        source: Source,
        charset: Charset,
        *,
        shard: int,
        shards: int,
        batch: int,
        pool: int,
        start: int = 0,
        first_line: int = 0,
    ) -> None:
        self.source, self.charset = source, charset
        self.shard, self.shards = shard, shards
        self.batch, self.pool = batch, pool
        self.start, self.first_line = start, first_line

    def __iter__(self) -> Iterator[Batch]:
        number, skip = divmod(self.start, self.pool)
        while True:
            yield from self._pool(number)[skip:]
            number, skip = number + 1, 0

    def _pool(self, number: int) -> list[Batch]:
        count = self.batch * self.pool
        first = self.first_line + (number * self.shards + self.shard) * count
        samples = [self.source.render(first + i) for i in range(count)]
        samples.sort(key=lambda s: s.image.shape[1])
        reach = np.cumsum([s.image.shape[1] for s in samples])
        k = np.arange(1, self.pool)
        cuts = np.searchsorted(reach, reach[-1] * k / self.pool)
        # Whole units, strictly rising: no batch is empty, however much the widths differ.
        unit = UNIT if self.batch % UNIT == 0 else 1
        cuts = np.maximum.accumulate(np.maximum(cuts // unit - k, 0)) + k
        cuts = np.minimum(cuts, count // unit - self.pool + k) * unit
        bounds = [0, *cuts.tolist(), count]
        # One order for all shards: computing lines of like width at once, none waits long.
        order = np.random.default_rng(number).permutation(self.pool)
        return [collate(samples[bounds[i] : bounds[i + 1]], self.charset) for i in order]


def loader(stream: Stream) -> Iterator[Batch]:
    """Render in one background process, a few batches ahead. Raises what rendering raises."""
    items = DataLoader(
        Telling(stream),
        batch_size=None,
        num_workers=1,
        prefetch_factor=24,
        worker_init_fn=_in_the_background,
    )
    # OpenCV's threads do not survive a fork, but its exit waits for them: end them before.
    cv2.setNumThreads(1)
    return _raising(iter(items))  # the process is forked here


class Telling(IterableDataset[Batch | PenjingError]):
    """A stream that yields its PenjingError as the last item instead of raising it.

    DataLoader would bury the message in the traceback of its worker process.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def __iter__(self) -> Iterator[Batch | PenjingError]:
        try:
            yield from self.stream
        except PenjingError as error:
            yield error


def _raising(items: Iterator[Batch | PenjingError]) -> Iterator[Batch]:
    for item in items:
        if isinstance(item, PenjingError):
            raise item
        yield item


def _in_the_background(worker: int) -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    # Ctrl-C reaches it too, and the step under way wants its lines; it ends with its parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
