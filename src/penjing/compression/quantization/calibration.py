"""Calibration: samples of a network's activations on lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from penjing.charset import Charset
from penjing.compression.probing import observed
from penjing.compression.quantization.activations import Activation
from penjing.compression.quantization.graphs import Floats
from penjing.compression.quantization.layers import Layer
from penjing.compression.quantization.picture import with_its_levels
from penjing.errors import DataError
from penjing.labelled import load_lines
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.rectify import to_gray
from penjing.synth.render import LineRenderer

SEED = 20_000_029  # of rendered lines on which no network is trained or examined
RENDERED = 300  # lines
PLACES = 32  # that are sampled in each activation of each line


def calibrated(
    model: onnx.ModelProto, layers: Sequence[Layer], lines: Iterable[Pixels]
) -> dict[str, Activation]:
    """Each activation of ``layers``, by name, at random places of gray ``lines``, uint8 (H, W).

    Raises DataError without lines.
    """
    names = list(dict.fromkeys(name for layer in layers for name in layer.activations))
    rng = np.random.default_rng(0)
    seen = [[_some(v, rng) for v in values] for values in observed(model, names, lines)]
    if not seen:
        raise DataError("there is no line to calibrate on")
    columns = zip(*seen, strict=True)
    found = {n: Activation.of(np.concatenate(v)) for n, v in zip(names, columns, strict=True)}
    return with_its_levels(model, found)


def calibration_lines(charset: Charset, folder: Path | None = None) -> Iterator[Pixels]:
    """Lines rendered in ``charset``, then those of a labelled folder. Raises DataError."""
    renderer = LineRenderer(SEED, charset=charset)
    for i in range(RENDERED):
        yield renderer.render(i).image
    for label in load_lines(folder) if folder else ():
        yield to_gray(decode(label.image).pixels)


def _some(tensor: NDArray[Any], rng: np.random.Generator) -> Floats:
    """Random places of a tensor (N, channels, height, width) or (..., channels).

    As float32 (PLACES, channels).
    """
    last = np.moveaxis(tensor, 1, -1) if tensor.ndim == 4 else tensor
    values = last.reshape(-1, last.shape[-1])
    return np.asarray(values[rng.integers(0, len(values), PLACES)], np.float32)
