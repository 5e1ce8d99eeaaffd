"""A network made ready for eight bits: it computes the same, in numbers that are easier to round.

In this order: the picture is read as bytes (``picture``); then, from activations on calibration
lines, the head's inner numbers get a better basis (``basis``), and the channels between
convolutions are scaled to one range (``equalization``).
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
    """What ``qdq.quantized`` takes: a network, its layers, and their activations by name."""

    model: onnx.ModelProto
    layers: Sequence[Layer]
    seen: Mapping[str, Activation]


def prepared(model: onnx.ModelProto, lines: Iterable[Pixels]) -> Prepared:
    """``model`` made ready, with gray calibration ``lines``, uint8 (H, W).

    Raises QuantizationError for a network without layers in floats, DataError without lines.
    """
    model = taken_as_bytes(model)
    found = layers(model)
    seen = calibrated(model, found, lines)
    model, seen = rebased(model, found, seen)
    model, seen = equalized(model, found, seen)
    return Prepared(model, found, seen)
