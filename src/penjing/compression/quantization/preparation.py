"""A network made ready for eight bits: it says the same, with numbers that are easier to round.

From what calibration lines show, in this order: the picture comes in as bytes, the head's inner
numbers are said in a better basis, and the channels between convolutions get one size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import onnx

from penjing.compression.quantization.activations import Activation
from penjing.compression.quantization.basis import rebased
from penjing.compression.quantization.calibration import calibrated
from penjing.compression.quantization.equalization import equalized
from penjing.compression.quantization.layers import Layer, layers
from penjing.compression.quantization.picture import taken_as_bytes
from penjing.runtime.pictures import Pixels


class Prepared(NamedTuple):
    """What ``qdq.quantized`` takes: a network, its layers, and what passes between them."""

    model: onnx.ModelProto
    layers: Sequence[Layer]
    seen: Mapping[str, Activation]


def prepared(model: onnx.ModelProto, lines: Iterable[Pixels]) -> Prepared:
    """Made ready on gray ``lines``, uint8 (H, W).

    Raises QuantizationError for a network without layers in floats, DataError without lines.
    """
    model = taken_as_bytes(model)
    found = layers(model)
    seen = calibrated(model, found, lines)
    model, seen = rebased(model, found, seen)
    model, seen = equalized(model, found, seen)
    return Prepared(model, found, seen)
