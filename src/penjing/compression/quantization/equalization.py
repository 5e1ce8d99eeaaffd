"""All channels of an activation are scaled to one range, since they share one scale.

Channels differ in range, and those with a small one are left a few of the 256 levels. But a factor
above zero passes through a ReLU: dividing a channel by it in the layer that makes it and
multiplying in the layer that reads it gives the same outputs (Nagel et al., "Data-Free Quantization
Through Weight Equalization and Bias Correction", 2019). Weights have a scale for each channel that
they make, so dividing costs them nothing; nor does multiplying, where the reader is depthwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx

from penjing.compression.quantization.activations import Activation
from penjing.compression.quantization.graphs import (
    Floats,
    attributes,
    constants,
    copied,
    replace_weights,
    rows,
)
from penjing.compression.quantization.layers import LINEAR, Layer, pairs

SMALLEST = 1 / 64  # least factor: channels nearly zero on calibration lines may be larger elsewhere


def equalized(
    model: onnx.ModelProto, layers: Sequence[Layer], seen: Mapping[str, Activation]
) -> tuple[onnx.ModelProto, dict[str, Activation]]:
    """A copy with channels scaled to one range, and ``seen`` as it would be there.

    It computes the same. An activation that is read by several nodes, or by one that is no layer,
    stays as it was; so does one between linear layers, which ``basis`` sees to.
    """
    edited = copied(model)
    weights = constants(edited.graph)
    after = dict(seen)
    for first, second in pairs(edited, layers):
        if first.kind == LINEAR:
            continue
        sizes = factors(seen[first.result].values)
        _divide(first.node, weights, sizes)
        _multiply(second.node, weights[second.node.input[1]], sizes)
        after[first.result] = Activation.of(seen[first.result].values / sizes)
        replace_weights(
            edited.graph, {n: weights[n] for n in (*first.node.input[1:], second.node.input[1])}
        )
    return edited, after


def factors(values: Floats) -> Floats:
    """Each channel's largest magnitude over that of all, (channels,); at least ``SMALLEST``."""
    reach = np.abs(values).max(0)
    return np.asarray(np.maximum(reach / max(reach.max(), 1e-12), SMALLEST), np.float32)


def _divide(maker: onnx.NodeProto, weights: Mapping[str, Floats], sizes: Floats) -> None:
    """Divide, in place, the weights and the bias that make each channel by ``sizes``."""
    for name in maker.input[1:]:
        weights[name].T[...] /= sizes  # of convolutions, whose outputs come first


def _multiply(reader: onnx.NodeProto, weight: Floats, sizes: Floats) -> None:
    """Multiply, in place, the weights that read each channel by ``sizes``."""
    view = rows(reader, weight)
    groups = attributes(reader).get("group", 1)
    for made, read in zip(np.split(view, groups), np.split(sizes, groups), strict=True):
        made *= read.reshape(1, -1, *[1] * (view.ndim - 2))
