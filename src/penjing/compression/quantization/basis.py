"""Two linear layers in a row: what passes between them may be said in any basis.

In the basis that training happened to find, a few numbers are large and take up the levels of
all, and the second layer's rows share a long direction that takes up the scale of each. Both lessen
if that layer's long directions are shortened, and the first one's stretched for it, and everything
is then turned at random, so that no number stands out (Ashkboos et al., "QuaRot", 2024).
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

POWER = 0.25  # of the second layer's lengths, that the first one takes over


def rebased(
    model: onnx.ModelProto, layers: Sequence[Layer], seen: Mapping[str, Activation]
) -> tuple[onnx.ModelProto, dict[str, Activation]]:
    """A copy that computes the same in another basis, and what would be seen in that."""
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
    """What to multiply a column of numbers by, (n, n), and its inverse; ``reads`` (outputs, n)."""
    squares, directions = np.linalg.eigh(reads.astype(np.float64).T @ reads)
    lengths = np.sqrt(np.maximum(squares, 1e-9 * squares.max() + np.finfo(float).tiny))
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=directions.shape))[0]
    there = turn @ (directions * lengths**POWER) @ directions.T
    back = (directions * lengths**-POWER) @ directions.T @ turn.T
    return there, back
