"""Two linear layers in a row: a change of basis between them makes both easier to round.

The first layer may be multiplied by any invertible matrix and the second by its inverse: the two
compute the same. In the basis that training happened to find, a few of the numbers between them are
large and take up the levels of all, and the rows of the second layer's weight share a direction in
which they are long, which takes up the scale of each row. Both lessen if the second layer is shrunk
along such directions, the first one stretched to match, and the basis then rotated at random, so
that no number stands out (Ashkboos et al., "QuaRot", 2024).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from penjing.compression.quantization.activations import Activation
from penjing.compression.quantization.graphs import constants, copied, replace_weights, rows
from penjing.compression.quantization.layers import LINEAR, Layer, pairs

POWER = 0.25  # of the second layer's singular values, that moves into the first one


def rebased(
    model: onnx.ModelProto, layers: Sequence[Layer], seen: Mapping[str, Activation]
) -> tuple[onnx.ModelProto, dict[str, Activation]]:
    """A copy with a better basis between linear layers, and ``seen`` as it would be there.

    Layers with a ReLU between them are left as they are.
    """
    edited = copied(model)
    weights = constants(edited.graph)
    after = dict(seen)
    for first, second in pairs(edited, layers):
        if first.kind != LINEAR or second.kind != LINEAR or first.output != first.result:
            continue
        makes, reads = (rows(layer.node, weights[layer.node.input[1]]) for layer in (first, second))
        there, back = change(reads)
        makes[:], reads[:] = there @ makes, reads @ back
        for name in first.node.input[2:]:
            weights[name] = (there @ weights[name]).astype(np.float32)
        values = seen[first.result].values @ there.T
        after[first.result] = Activation.of(values.astype(np.float32))
        replace_weights(
            edited.graph, {n: weights[n] for n in (*first.node.input[1:], second.node.input[1])}
        )
    return edited, after


def change(reads: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The matrix that changes the basis of n numbers in a column, (n, n), and its inverse.

    ``reads`` (outputs, n) is the weight of the layer that reads them.
    """
    squares, directions = np.linalg.eigh(reads.astype(np.float64).T @ reads)
    lengths = np.sqrt(np.maximum(squares, 1e-9 * squares.max() + np.finfo(float).tiny))
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=directions.shape))[0]
    there = turn @ (directions * lengths**POWER) @ directions.T
    back = (directions * lengths**-POWER) @ directions.T @ turn.T
    return there, back
