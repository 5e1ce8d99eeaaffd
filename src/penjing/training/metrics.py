"""How well a network reads rendered lines that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass

import torch
from rapidfuzz.distance import Levenshtein

from penjing.charset import Charset
from penjing.models.crnn import CRNN
from penjing.training.batches import Batch, Sample, Source, collate


@dataclass(frozen=True)
class Score:
    """How ``lines`` lines were read, as shares in 0..1.

    ``exact`` are the lines without a mistake, ``characters`` the characters right (1 - edit
    distance / length).
    """

    lines: int
    exact: float
    characters: float


def validation_batches(source: Source, lines: int, charset: Charset, size: int = 32) -> list[Batch]:
    """The first ``lines`` lines of ``source``, sorted by width, in batches of ``size``."""
    return batched(validation_samples(source, lines), charset, size)


def validation_samples(source: Source, lines: int) -> list[Sample]:
    """The first ``lines`` lines of ``source``, the narrowest first.

    Where ``source`` has fewer, each of them once.
    """
    count = min(lines, len(source)) if isinstance(source, Sized) else lines
    return sorted((source.render(i) for i in range(count)), key=lambda s: s.image.shape[1])


def batched(samples: Sequence[Sample], charset: Charset, size: int = 32) -> list[Batch]:
    """``samples``, in their order, in batches of ``size``."""
    return [collate(samples[i : i + size], charset) for i in range(0, len(samples), size)]


def collapse(labels: Sequence[int]) -> list[int]:
    """Greedy CTC: drop repeats, then blanks (-1)."""
    before = [-1, *labels[:-1]]
    return [k for k, b in zip(labels, before, strict=True) if k >= 0 and k != b]


def score(model: CRNN, batches: Iterable[Batch], charset: Charset) -> Score:
    """Read ``batches`` in eval mode and float32, and score what was read."""
    was_training = model.training
    model.eval()
    lines = exact = errors = characters = 0
    for batch in batches:
        with torch.no_grad():
            labels, _ = model.read(batch.images)
        for row, text in zip(labels.tolist(), batch.texts, strict=True):
            got = charset.decode(collapse(row))
            lines += 1
            exact += got == text
            errors += min(len(text), Levenshtein.distance(got, text))
            characters += len(text)
    model.train(was_training)
    return Score(lines, exact / max(1, lines), 1 - errors / max(1, characters))
