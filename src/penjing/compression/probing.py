"""An ONNX graph in memory: which lines it reads exactly, and the values of its inner tensors."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, helper

from penjing.labelled import Line
from penjing.report.evaluation import normalise
from penjing.runtime import windows
from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Recogniser, pad
from penjing.runtime.rectify import fit_height


def reader(model: onnx.ModelProto) -> Recogniser:
    """A recogniser of ``model`` on one thread. Raises WeightsError for another kind of graph."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recogniser.onnx"
        onnx.save(model, file)
        return Recogniser(file, threads=1)


Item = TypeVar("Item")


def spread(lines: Sequence[Item], count: int) -> list[Item]:
    """At most ``count`` of ``lines``, evenly spaced: a folder may have them sorted by kind."""
    return list(lines[:: max(1, -(-len(lines) // count))])


def exact(recogniser: Recogniser, lines: Sequence[Line]) -> float:
    """Share of ``lines`` read exactly, as ``penjing eval`` compares texts."""
    return float(right(recogniser, lines).mean()) if lines else 0.0


def right(recogniser: Recogniser, lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Whether each of ``lines`` is read exactly, as ``penjing eval`` compares texts; (lines,)."""
    readings = recogniser.read([line.pixels for line in lines])
    texts = zip(readings, lines, strict=True)
    return np.array([normalise(r.text) == normalise(line.text) for r, line in texts], bool)


def observed(
    model: onnx.ModelProto, names: Sequence[str], lines: Iterable[Pixels]
) -> Iterator[list[NDArray[Any]]]:
    """For each line the values of the tensors called ``names``, which may be inner ones.

    Of a line longer than ``windows.WIDTH`` only the beginning is read.
    """
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    for name in names:
        watched.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(
        watched.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    for line in lines:
        picture = pad(np.ascontiguousarray(fit_height(line)[:, : windows.WIDTH]))
        yield session.run(list(names), {"image": picture[None, None]})
