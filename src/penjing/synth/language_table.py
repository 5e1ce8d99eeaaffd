"""A language table: pairs of characters counted in the texts that lines are drawn from.

Smoothed by interpolation with absolute discounting (Chen and Goodman, "An Empirical Study of
Smoothing Techniques for Language Modeling", 1998), then cut down to the pairs that tell most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from penjing.charset import Charset
from penjing.runtime.language import OTHER, SPACE, STEP, SYMBOLS, Language, symbol
from penjing.synth.texts.sampler import TextSampler

SEED = 40_000_003  # of the drawn texts
DRAWN = 300_000  # texts such as lines have; all running text is counted once besides
PAIRS = 430_000  # kept, at two to three bytes each
DISCOUNT = 0.75  # taken off each count, and given to pairs that were never seen
_CHUNK = 20_000  # texts encoded at once

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def texts(charset: Charset) -> Iterator[str]:
    """The texts that a table is counted from. Raises DataError where no corpus was fetched."""
    sampler = TextSampler(charset)
    for i in range(DRAWN):
        yield sampler.sample(np.random.default_rng([SEED, i])).string
    for corpus in ("running", "traditional", "japanese"):
        if corpus in sampler.vocabulary.lines:
            yield from sampler.vocabulary.lines[corpus].text.splitlines()


def learnt(
    charset: Charset,
    texts: Iterable[str],
    twins: Iterable[tuple[str, str]] = (),
    japanese: Iterable[tuple[str, str]] = (),
    pairs: int = PAIRS,
) -> Language:
    """The language table of ``texts``, with at most ``pairs`` pairs of characters.

    A character outside ``charset`` ends a run of neighbours, as the end of a text does. ``twins``
    are simplified characters with their traditional forms, ``japanese`` Chinese characters of
    either script with their Japanese forms.
    """
    numbers = _numbers(charset, texts)
    size = len(charset) + 1
    keys, counts = _pairs(numbers, size)
    first, second = keys // size, keys % size
    total = np.bincount(first, counts, size)
    seen = np.maximum(total, 1)
    left = np.where(total > 0, DISCOUNT * np.bincount(first, minlength=size) / seen, 1.0)
    alone = _alone(counts, second, size)
    chances = (counts - DISCOUNT) / seen[first] + left[first] * alone[second]
    tells = counts * np.log(chances / (left[first] * alone[second]))
    kept = np.sort(np.argsort(-tells, kind="stable")[:pairs])
    first, second, chances = first[kept], second[kept], chances[kept]
    # Where all likely pairs are listed, only a rounding error would be left to share out.
    likely, anywhere = (
        np.maximum(1 - np.bincount(first, listed, size), 1e-9)
        for listed in (chances, alone[second])
    )
    return Language(
        charset,
        counts=np.bincount(first, minlength=size).astype(np.uint16),
        followers=second.astype(np.uint16),
        pairs=_steps(chances / alone[second]),
        others=_steps(likely / anywhere),
        latin=_latin(charset, numbers),
        twins=_forms(charset, twins),
        japanese=_forms(charset, japanese),
    )


def _forms(charset: Charset, pairs: Iterable[tuple[str, str]]) -> NDArray[np.uint16]:
    """(N, 2) class numbers of those pairs that ``charset`` has, in order."""
    known = sorted(charset.encode("".join(pair)) for pair in pairs if charset.covers(pair))
    return np.array(known, np.uint16).reshape(-1, 2)


def _numbers(charset: Charset, texts: Iterable[str]) -> Ints:
    """All ``texts`` as class numbers, with the border between them; -1 for foreign characters."""
    number = np.full(0x110000, -1, np.int32)
    number[[ord(c) for c in charset.characters]] = np.arange(len(charset))
    number[ord("\n")] = len(charset)
    found = []
    rest = iter(texts)
    while chunk := list(islice(rest, _CHUNK)):
        found.append(number[np.frombuffer("\n".join(["", *chunk]).encode("utf-32-le"), np.uint32)])
    return np.append(np.concatenate(found), len(charset)).astype(np.int64)


def _pairs(numbers: Ints, size: int) -> tuple[Ints, Ints]:
    """Pairs as first * size + second, ascending, and how often each was seen."""
    a, b = numbers[:-1], numbers[1:]
    known = (a >= 0) & (b >= 0) & (a + b < 2 * (size - 1))
    return np.unique(a[known] * size + b[known], return_counts=True)


def _latin(charset: Charset, numbers: Ints) -> NDArray[np.int8]:
    """Associations of letters with the three symbols before them: int8, an axis for each place."""
    symbols = np.array([*map(symbol, charset.characters), SPACE, OTHER])[numbers]
    # A line begins behind three spaces, as far as letters can see.
    symbols = np.insert(symbols, np.repeat(np.flatnonzero(numbers == len(charset)), 2), SPACE)
    counts = [_runs(symbols, length) for length in range(1, 5)]
    chances = alone = (counts[0] + 0.5) / (counts[0] + 0.5).sum()
    for count in counts[1:]:
        total = count.sum(-1, keepdims=True)
        left = DISCOUNT * (count > 0).sum(-1, keepdims=True)
        mixed = (np.maximum(count - DISCOUNT, 0) + left * chances) / np.maximum(total, 1)
        chances = np.where(total > 0, mixed, np.broadcast_to(chances, count.shape))
    return _steps((chances / alone)[..., 1:SPACE])


def _runs(symbols: Ints, length: int) -> Floats:
    """How often each run of ``length`` symbols was seen, one axis for each place in it."""
    key = np.zeros(len(symbols) - length + 1, np.int64)
    for k in range(length):
        key = key * SYMBOLS + symbols[k : k + len(key)]
    return np.bincount(key, minlength=SYMBOLS**length).reshape((SYMBOLS,) * length).astype(float)


def _alone(counts: Ints, second: Ints, size: int) -> Floats:
    """(size,) how probable each character is anywhere, whatever stands before it.

    The mean of two estimates, which was better than either: by how often it was seen, and by how
    many different characters it was seen after (Kneser and Ney, 1995): a character known from one
    phrase only is unlikely in others, however often that phrase was seen.
    """
    by_number = np.bincount(second, counts, size) + 0.5
    by_company = np.bincount(second, minlength=size) + 0.5
    return by_number / by_number.sum() / 2 + by_company / by_company.sum() / 2


def _steps(associations: Floats) -> NDArray[np.int8]:
    """Ratios of probabilities as a table stores them: their logarithms in steps of ``STEP``."""
    return np.clip(np.rint(np.log(associations) / STEP), -127, 127).astype(np.int8)
