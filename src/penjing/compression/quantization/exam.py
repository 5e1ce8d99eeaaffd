"""A graph in memory as a reader, and how many lines it reads exactly."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from penjing.report.evaluation import normalise
from penjing.report.lines import Line
from penjing.runtime.recogniser import Recogniser


def reader(model: onnx.ModelProto) -> Recogniser:
    """On one thread. Raises WeightsError for a graph that is no recogniser."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recogniser.onnx"
        onnx.save(model, file)
        return Recogniser(file, threads=1)


def spread(lines: Sequence[Line], count: int) -> list[Line]:
    """At most ``count`` of ``lines``, evenly: a folder often has its kinds one after another."""
    return list(lines[:: max(1, -(-len(lines) // count))])


def exact(recogniser: Recogniser, lines: Sequence[Line]) -> float:
    """Share of ``lines`` read exactly, as ``penjing eval`` compares texts."""
    return float(right(recogniser, lines).mean()) if lines else 0.0


def right(recogniser: Recogniser, lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Whether each of ``lines`` is."""
    readings = recogniser.read([line.pixels for line in lines])
    texts = zip(readings, lines, strict=True)
    return np.array([normalise(r.text) == normalise(line.text) for r, line in texts], bool)
