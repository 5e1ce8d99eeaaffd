"""Which way to round each weight, so that the layer's output changes least.

The nearest whole number is the best for each weight alone, not for their sum. Here they are
rounded one input after another, and the error of that is made up for by the weights of the inputs
still to come, as far as these are correlated with it (Frantar et al., "GPTQ", 2022, after Hassibi
and Stork, "Optimal Brain Surgeon", 1993). It needs no gradient, only the covariance of the inputs
on calibration lines.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from penjing.compression.quantization.graphs import Floats

LARGEST = 127
LARGEST_PAIR = 126  # 255 times it is within 16 bits, with two steps to spare for rounding
SMALLEST_SCALE = 1e-12
DAMPING = 0.01  # of the mean variance, added to each: 9,600 places give only an estimate

Whole = NDArray[np.int8]


def scales(weight: Floats) -> Floats:
    """The step of the integers in each row of ``weight`` (outputs, channels, ...), (outputs,).

    Processors without VNNI instructions add the products of two neighbouring channels in 16 bits
    and cut off what is beyond. The steps, float32, are so wide that nothing is cut off.
    """
    row = np.moveaxis(weight, 1, -1).reshape(len(weight), -1)
    even = row[:, : row.shape[1] // 2 * 2]
    steps = np.abs(row).max(1) / LARGEST
    if even.size:
        steps = np.maximum(steps, np.abs(even[:, ::2] + even[:, 1::2]).max(1) / LARGEST_PAIR)
    return np.asarray(np.maximum(steps, SMALLEST_SCALE), np.float32)


def nearest(weight: NDArray[Any], scale: Floats) -> Whole:
    """``weight`` (outputs, ...) in steps of ``scale``, which broadcasts with it."""
    steps = weight.astype(np.float64) / scale
    return np.clip(np.rint(steps), -LARGEST, LARGEST).astype(np.int8)


def least_error(weight: Floats, scale: Floats, inputs: Floats) -> Whole:
    """``weight`` (outputs, channels) in steps of ``scale`` (outputs, 1), as whole numbers.

    ``inputs`` (places, channels) are samples of the layer's input. For no output is the variance
    of the error above that of rounding to the nearest; for its mean see ``qdq.mean_lost``.
    """
    together = covariance(inputs)
    order = np.argsort(-np.diag(together), kind="stable")  # the weightiest is rounded first
    inverse = np.linalg.inv(together[np.ix_(order, order)])
    upper = np.linalg.cholesky(inverse).T
    left = weight[:, order].astype(np.float64)
    whole = np.empty(weight.shape, np.int8)
    for k, channel in enumerate(order):
        whole[:, channel] = nearest(left[:, k], scale[:, 0])
        missed = (left[:, k] - whole[:, channel] * scale[:, 0]) / upper[k, k]
        left[:, k + 1 :] -= np.outer(missed, upper[k, k + 1 :])
    plain = nearest(weight, scale)
    better = errors(weight - whole * scale, together) <= errors(weight - plain * scale, together)
    return np.where(better[:, None], whole, plain)


def covariance(inputs: Floats) -> NDArray[Any]:
    """The covariance of ``inputs`` (places, channels), damped: float64 (channels, channels)."""
    centred = (inputs - inputs.mean(0)).astype(np.float64)
    together = centred.T @ centred / len(inputs)
    damping = DAMPING * np.trace(together) / len(together) or 1.0
    return np.asarray(together + damping * np.eye(len(together)))


def errors(change: NDArray[Any], together: NDArray[Any]) -> NDArray[Any]:
    """The variance of each output's error, (outputs,).

    ``change`` (outputs, channels) is the error of the weights, ``together`` the inputs' covariance.
    """
    return np.asarray(((change @ together) * change).sum(1))
