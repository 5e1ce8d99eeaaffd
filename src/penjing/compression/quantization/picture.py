"""A picture is bytes already: the first layer computes with them as they come.

A traced network makes numbers of about -1..1 of the bytes p first, p / 127.5 - 1. Rounded to bytes
again, neighbouring grays fall together: nought must be a level and is 127.5, so that each p lies
half way between two levels.
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
    """A copy whose first convolution reads DequantizeLinear of the image, and says the same.

    Nought moves by half a gray to a byte and the convolution's bias takes that up, so that only
    frames beside the padding differ, by half a gray of that. A graph that begins otherwise is left
    as it is.
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
        lost = start + zero * step  # by every pixel
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
    """``seen``, with the levels of the picture those that its bytes have."""
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
    """The bytes, slope and intercept that ``name`` is a straight line of, if it is one."""
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
