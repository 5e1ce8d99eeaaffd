"""Early exits: from which threshold a line may leave there, and whether that pays.

The threshold is chosen on rendered lines that no network was trained on; whether it pays is
measured on the lines given, kind by kind, beside the same network without an exit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import mean
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from penjing.compression.probing import observed, reader, right, spread
from penjing.export.two_depths import NEVER, SURENESS, threshold, with_threshold
from penjing.labelled import Line
from penjing.report.latency import interleaved
from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Recogniser

ALWAYS = -1.0  # a threshold that every line is above
TIMED = 50  # lines of a kind that are timed, at most


@dataclass(frozen=True)
class Kind:
    """Lines of one kind, at full depth and with the exit.

    ``left`` is the share that leaves early, ``exact_full`` and ``exact_exit`` the shares read
    exactly. Milliseconds are means over lines, each of them timed several times; ``ratio`` is
    ``ms_exit / ms_full``.
    """

    kind: str
    lines: int
    left: float
    exact_full: float
    exact_exit: float
    ms_full: float
    ms_exit: float
    ratio: float


def chosen_threshold(model: onnx.ModelProto, lines: Sequence[Line], loss: float) -> float:
    """The least threshold at which ``lines`` lose at most ``loss`` (a share) of exact match."""
    early = right(reader(with_threshold(model, ALWAYS)), lines)
    full = right(reader(with_threshold(model, NEVER)), lines)
    return least_threshold(sure(model, lines), early, full, loss)


def least_threshold(
    sureness: NDArray[np.floating[Any]],
    early: NDArray[np.bool_],
    full: NDArray[np.bool_],
    loss: float,
) -> float:
    """The least threshold that, like every higher one, loses at most ``loss``.

    Args:
        sureness: of each line at the exit, 0..1.
        early, full: whether each line is read exactly at the exit, and at full depth.
    """
    order = np.argsort(-sureness, kind="stable")
    lost = np.cumsum(full[order].astype(int) - early[order].astype(int)) / max(1, len(order))
    least = NEVER
    for k, value in enumerate(sureness[order]):
        following = sureness[order[k + 1]] if k + 1 < len(order) else 0.0
        if following == value:
            continue  # equally sure lines leave together
        if lost[k] > loss:
            break
        least = float(following)
    return least


def kinds(
    plain: onnx.ModelProto, model: onnx.ModelProto, lines: Mapping[str, Sequence[Line]]
) -> Iterator[Kind]:
    """Each kind of ``lines`` read by ``plain``, without an exit, and by ``model``, in turns."""
    readers = {"full": reader(plain), "exit": reader(model)}
    one = {name: partial(_read, recogniser) for name, recogniser in readers.items()}
    for kind, members in lines.items():
        times = [interleaved(one, [line.pixels]) for line in spread(members, TIMED)]
        ms_full, ms_exit = (mean(t[name].median for t in times) for name in ("full", "exit"))
        full, early = (float(right(readers[name], members).mean()) for name in ("full", "exit"))
        yield Kind(
            kind,
            len(members),
            round(float((sure(model, members) > threshold(model)).mean()), 4),
            round(full, 4),
            round(early, 4),
            round(ms_full, 3),
            round(ms_exit, 3),
            round(ms_exit / ms_full, 3),
        )


def sure(model: onnx.ModelProto, lines: Sequence[Line]) -> NDArray[Any]:
    """How sure the exit is of each line, 0..1, (lines,)."""
    seen = observed(model, [SURENESS], [line.pixels for line in lines])
    return np.array([float(value[0]) for [value] in seen])


def _read(recogniser: Recogniser, pixels: Pixels) -> object:
    return recogniser.read([pixels])
