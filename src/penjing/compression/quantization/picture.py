"""A picture is bytes already: the first layer reads these, and nothing is rounded again.

A traced network first scales the bytes p to about -1..1, p / 127.5 - 1. If that were rounded to 256
levels, neighbouring grays would fall together: zero must be a level, and lies at p = 127.5, so that
each p would be half way between two levels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from penjing.compression.quantization.activations import Activation
from penjing.compression.quantization.graphs import (
    Floats,
    constants,
    copied,
    read,
    replace_nodes,
    replace_weights,
    rows,
    store,
)

PICTURE = "picture"


def taken_as_bytes(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy whose first convolution reads DequantizeLinear of the image.

    Zero is moved by half a gray, to a whole byte, and the convolution's bias makes up for that:
    outputs stay the same, but for those beside the padding, which is half a gray off. A graph that
    begins in another way is left as it is.
    """
    edited = copied(model)
    graph = edited.graph
    weights = constants(graph)
    makers = {name: node for node in graph.node for name in node.output}
    uint8 = TensorProto.UINT8
    pictures = {v.name for v in graph.input if v.type.tensor_type.elem_type == uint8}
    for node in graph.node:
        if node.op_type != "Conv" or len(node.input) < 3 or node.input[1] not in weights:
            continue
        line = _line(makers, node.input[0], weights)
        if (
            line is None
            or line[0] not in pictures
            or list(read(graph.node)).count(node.input[0]) != 1
        ):
            continue
        image, step, start = line
        zero = round(-start / step)
        lost = start + zero * step  # in every pixel
        made = helper.make_node(
            "DequantizeLinear",
            [
                image,
                store(graph, f"{PICTURE}.scale", np.float32(step)),
                store(graph, f"{PICTURE}.zero_point", np.uint8(zero)),
            ],
            [PICTURE],
        )
        weight = rows(node, weights[node.input[1]])
        bias = weights[node.input[2]] + lost * weight.reshape(len(weight), -1).sum(1)
        node.input[0] = PICTURE
        replace_nodes(graph, [made, *graph.node])
        replace_weights(graph, {node.input[2]: bias.astype(np.float32)})
        break
    return edited


def with_its_levels(
    model: onnx.ModelProto, seen: Mapping[str, Activation]
) -> dict[str, Activation]:
    """``seen``, in which the levels of the picture are its 256 bytes."""
    weights = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    after = dict(seen)
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.output[0] == PICTURE:
            step, zero = (float(weights[name]) for name in node.input[1:])
            after[PICTURE] = replace(seen[PICTURE], low=-zero * step, high=(255 - zero) * step)
    return after


def _line(
    makers: Mapping[str, onnx.NodeProto], name: str, weights: Mapping[str, Floats]
) -> tuple[str, float, float] | None:
    """Where tensor ``name`` is slope * bytes + intercept: the bytes' name, slope and intercept."""
    slope, intercept = 1.0, 0.0
    while name in makers:
        node = makers[name]
        if node.op_type == "Cast":
            return node.input[0], slope, intercept
        if node.op_type not in ("Div", "Sub") or node.input[1] not in weights:
            return None
        number = float(weights[node.input[1]])
        if node.op_type == "Div":
            slope /= number
        else:
            intercept -= slope * number
        name = node.input[0]
    return None
