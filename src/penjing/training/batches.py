"""Endless, repeatable batches of lines.

Lines are taken a pool at a time, sorted by width and cut into a fixed number of batches of equal
total width, so that batch k of shard s is a pure function of (source, s, k): a run resumes at any
batch without replaying the ones before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from penjing.charset import Charset
from penjing.models.crnn import STRIDE

LEAST_WIDTH = 32


class Sample(Protocol):
    """A line: gray uint8 (32, width), its text, and the x of each character's centre in pixels."""

    image: NDArray[np.uint8]
    text: str
    centres: NDArray[np.float32]


class Source(Protocol):
    """Lines by number; the same number always gives the same line."""

    def render(self, index: int) -> Sample: ...


@dataclass(frozen=True)
class Batch:
    """Lines padded to one width.

    Attributes:
        images: uint8 (batch, 1, 32, width).
        line, label, centre: for each character of all lines in order, its line's number (int64),
            class (int64) and centre in pixels (float32).
        texts: what each line says.
    """

    images: Tensor
    line: Tensor
    label: Tensor
    centre: Tensor
    texts: tuple[str, ...]


def collate(samples: Sequence[Sample], charset: Charset) -> Batch:
    """Pad by repeating each line's last column, as the reader does."""
    width = max(LEAST_WIDTH, *(s.image.shape[1] for s in samples))
    width = -(-width // STRIDE) * STRIDE
    images = np.empty((len(samples), 1, samples[0].image.shape[0], width), np.uint8)
    for row, s in zip(images, samples, strict=True):
        own = s.image.shape[1]
        row[0, :, :own] = s.image
        row[0, :, own:] = s.image[:, -1:]
    return Batch(
        torch.from_numpy(images),
        torch.from_numpy(np.repeat(np.arange(len(samples)), [len(s.text) for s in samples])),
        torch.tensor([k for s in samples for k in charset.encode(s.text)], dtype=torch.long),
        torch.from_numpy(np.concatenate([s.centres for s in samples]).astype(np.float32)),
        tuple(s.text for s in samples),
    )


class Stream(IterableDataset[Batch]):
    """The batches of one shard, from number ``start`` on."""

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
            for batch in self._pool(number)[skip:]:
                yield batch
            number, skip = number + 1, 0

    def _pool(self, number: int) -> list[Batch]:
        count = self.batch * self.pool
        first = self.first_line + (number * self.shards + self.shard) * count
        samples = [self.source.render(first + i) for i in range(count)]
        samples.sort(key=lambda s: s.image.shape[1])
        reach = np.cumsum([s.image.shape[1] for s in samples])
        k = np.arange(1, self.pool)
        cuts = np.searchsorted(reach, reach[-1] * k / self.pool)
        # Strictly rising, so that every batch keeps a line however unlike the widths are.
        cuts = np.maximum.accumulate(np.maximum(cuts - k, 0)) + k
        bounds = [0, *np.minimum(cuts, count - self.pool + k).tolist(), count]
        order = np.random.default_rng([number, self.shard]).permutation(self.pool)
        return [collate(samples[bounds[i] : bounds[i + 1]], self.charset) for i in order]


def loader(stream: Stream) -> DataLoader[Batch]:
    """Render in one background process, a few batches ahead."""
    return DataLoader(
        stream, batch_size=None, num_workers=1, prefetch_factor=24, worker_init_fn=_one_thread
    )


def _one_thread(worker: int) -> None:
    import cv2

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
