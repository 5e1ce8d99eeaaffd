"""Batches are a pure function of their number, hold every line once, and keep the labels."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from stripes import LETTERS, StripeSource

from penjing.charset import Charset
from penjing.training.batches import Batch, Stream, collate

CHARSET = Charset("digits", LETTERS)


def _stream(
    start: int = 0, shard: int = 0, shards: int = 1, batch: int = 8, pool: int = 4
) -> Stream:
    return Stream(
        StripeSource(), CHARSET, shard=shard, shards=shards, batch=batch, pool=pool, start=start
    )


def _take(stream: Stream, count: int) -> list[Batch]:
    batches = iter(stream)
    return [next(batches) for _ in range(count)]


@settings(max_examples=15, deadline=None)
@given(start=st.integers(0, 20))
def test_a_stream_started_late_gives_what_it_would_have_given(start: int) -> None:
    whole, late = _take(_stream(), start + 2)[start:], _take(_stream(start), 2)
    for a, b in zip(whole, late, strict=True):
        assert torch.equal(a.images, b.images)
        assert a.texts == b.texts


@settings(max_examples=20, deadline=None)
@given(batch=st.integers(1, 9), pool=st.integers(1, 7), shards=st.integers(1, 3))
def test_a_pool_holds_each_of_its_lines_once(batch: int, pool: int, shards: int) -> None:
    texts: list[str] = []
    for shard in range(shards):
        for part in _take(_stream(0, shard, shards, batch, pool), pool):
            assert part.texts
            texts += part.texts
    source = StripeSource()
    expected = [source.render(i).text for i in range(batch * pool * shards)]
    assert sorted(texts) == sorted(expected)


@given(first=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_collation_keeps_texts_and_moves_centres_with_their_ink(first: int) -> None:
    samples = [StripeSource(longest=3).render(first + i) for i in range(4)]
    batch = collate(samples, CHARSET)
    for row, sample in enumerate(samples):
        own = batch.line == row
        assert CHARSET.decode(batch.label[own].tolist()) == sample.text
        columns = batch.centre[own].round().long()
        # Every digit has some dark band in the column of its centre.
        darkest = batch.images[row, 0][:, columns].amin(0)
        assert darkest.max() < 110
        assert np.all(np.diff(batch.centre[own].numpy()) > 0)
