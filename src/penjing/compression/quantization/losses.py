"""Which layers cost accuracy: each is put into eight bits alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from penjing.compression.probing import exact, observed, reader, spread
from penjing.compression.quantization.preparation import Prepared
from penjing.compression.quantization.qdq import dequantized, quantized
from penjing.labelled import Line
from penjing.report.drawing import panels

LISTENED = 16  # lines on which rounding noise is measured; it differs little from line to line
READ = 400  # lines at most that are read with each layer


@dataclass(frozen=True)
class LayerLoss:
    """One layer in eight bits, all others as they were.

    ``decibels`` is the power of its output over the power of the error in that; ``lost`` is the
    share of lines that are no longer read exactly (less those that now are).
    """

    layer: str
    kind: str
    decibels: float
    lost: float


def layer_losses(network: Prepared, lines: Sequence[Line]) -> Iterator[LayerLoss]:
    """Quantise the layers one at a time and read ``lines`` with each."""
    model, layers, seen = network
    lines = spread(lines, READ)
    whole = exact(reader(model), lines)
    pictures = [line.pixels for line in spread(lines, LISTENED)]
    for layer in layers:
        alone = quantized(model, [layer], seen)
        after = layer.result
        if after in layer.activations:
            after = dequantized(after)
        right = [value for [value] in observed(model, [layer.result], pictures)]
        got = [value for [value] in observed(alone, [after], pictures)]
        yield LayerLoss(
            layer.name,
            layer.kind,
            round(signal_to_noise(right, got), 2),
            round(whole - exact(reader(alone), lines), 4),
        )


def signal_to_noise(right: Sequence[NDArray[Any]], got: Sequence[NDArray[Any]]) -> float:
    """The power of ``right`` over that of ``right - got``, in dB; infinite where they are equal."""
    signal = sum(float(np.square(a, dtype=np.float64).sum()) for a in right)
    noise = sum(
        float(np.square(a - b, dtype=np.float64).sum()) for a, b in zip(right, got, strict=True)
    )
    return 10 * math.log10(signal / noise) if noise else math.inf


def plot(losses: Sequence[LayerLoss], path: Path) -> None:
    """Bars from the first layer down to the last: decibels, and points of exact match lost."""
    names = [loss.layer.removeprefix("backbone.") for loss in losses]
    with panels(path, 2, share_y=True) as (left, right):
        left.barh(names, [min(loss.decibels, 100) for loss in losses])
        left.set(xlabel="signal over rounding noise, dB")
        right.barh(names, [100 * loss.lost for loss in losses], color="tab:red")
        right.set(xlabel="points of exact match lost alone")
        left.invert_yaxis()  # and with it the right one, which shares it
        for axes in (left, right):
            axes.tick_params(labelsize=6)
            axes.grid(axis="x", alpha=0.3)
