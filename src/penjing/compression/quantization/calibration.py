"""What the activations of a network are between, seen on lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import onnx

from penjing.charset import Charset
from penjing.compression.probing import observed
from penjing.compression.quantization.qdq import Layer, Range
from penjing.labelled import load_lines
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.rectify import to_gray
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


def calibration_lines(charset: Charset, folder: Path | None = None) -> Iterator[Pixels]:
    """Lines rendered in ``charset``, then those of a labelled folder. Raises DataError."""
    renderer = LineRenderer(SEED, charset=charset)
    for i in range(RENDERED):
        yield renderer.render(i).image
    for label in load_lines(folder) if folder else ():
        yield to_gray(decode(label.image).pixels)
