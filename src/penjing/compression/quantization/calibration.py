"""What the activations of a network are between, seen on lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, helper

from penjing.charset import Charset
from penjing.compression.quantization.qdq import Layer, Range
from penjing.report.evaluation import load_lines
from penjing.runtime import windows
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.recogniser import pad
from penjing.runtime.rectify import fit_height, to_gray
from penjing.synth.render import LineRenderer

SEED = 20_000_029  # of rendered lines; no network is trained on them, nor examined
RENDERED = 300


def calibrated(
    model: onnx.ModelProto, layers: Sequence[Layer], lines: Iterable[Pixels]
) -> dict[str, Range]:
    """Least and greatest of each activation of ``layers`` over gray ``lines``, uint8 (H, W)."""
    names = list(dict.fromkeys(name for layer in layers for name in layer.activations))
    ranges = dict.fromkeys(names, Range())
    for values in observed(model, names, lines):
        ranges = {name: ranges[name].widened(v) for name, v in zip(names, values, strict=True)}
    return ranges


def observed(
    model: onnx.ModelProto, names: Sequence[str], lines: Iterable[Pixels]
) -> Iterator[list[NDArray[Any]]]:
    """The tensors called ``names``, inner ones too, for each line; of a long line its beginning."""
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


def calibration_lines(charset: Charset, folder: Path | None = None) -> Iterator[Pixels]:
    """Lines rendered in ``charset``, then those of a labelled folder. Raises DataError."""
    renderer = LineRenderer(SEED, charset=charset)
    for i in range(RENDERED):
        yield renderer.render(i).image
    for label in load_lines(folder) if folder else ():
        yield to_gray(decode(label.image).pixels)
