"""Eight-bit arithmetic in an ONNX graph.

Convolutions and linear layers get QuantizeLinear and DequantizeLinear ("QDQ") on what enters and
leaves them, which ONNX Runtime turns into integer kernels: activations are uint8 with one scale a
tensor, weights int8 with one a channel, biases int32 (Jacob et al., "Quantization and Training of
Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018).

An LSTM keeps its weights in int8 and computes in floats. ONNX Runtime's DynamicQuantizeLSTM takes
the scale of its activations over a whole batch: how a line is read would depend on its neighbours.

Weights may be stored in half precision, as ``penjing.export`` does; what is not quantised stays so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from penjing.compression.quantization.activations import Activation
from penjing.compression.quantization.graphs import (
    Floats,
    attributes,
    constants,
    copied,
    output_axis,
    replace_nodes,
    rows,
    store,
)
from penjing.compression.quantization.layers import LSTM, Layer
from penjing.compression.quantization.rounding import (
    SMALLEST_SCALE,
    least_error,
    nearest,
    scales,
)

LARGEST_BIAS = 2**30  # as an int32, with one bit to spare


def quantized(
    model: onnx.ModelProto, chosen: Sequence[Layer], seen: Mapping[str, Activation]
) -> onnx.ModelProto:
    """A copy of ``model`` in which the ``chosen`` of its layers compute in eight bits.

    ``seen`` must hold every one of their ``activations``.
    """
    edited = copied(model)
    graph = edited.graph
    weights = constants(graph)
    by_output = {layer.output: layer for layer in chosen}
    bytes_already = {n.output[0] for n in graph.node if n.op_type == "DequantizeLinear"}
    rounded = {name for layer in chosen for name in layer.activations} - bytes_already
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        layer = by_output.get(node.output[0])
        if layer and layer.kind == LSTM:
            nodes += _stored_weights(graph, node, weights)
        elif layer:
            nodes += _integer_weights(graph, node, weights, seen[layer.source])
        for i, name in enumerate(node.input):
            if name in rounded:
                node.input[i] = dequantized(name)
        nodes.append(node)
        for name in node.output:
            if name in rounded:
                nodes += _rounding(graph, name, seen[name])
    replace_nodes(graph, nodes)
    return edited


def dequantized(tensor: str) -> str:
    """The name of the floats that a rounded ``tensor`` gives to the nodes that read it."""
    return f"{tensor}.dequantized"


def _rounding(graph: onnx.GraphProto, name: str, seen: Activation) -> list[onnx.NodeProto]:
    """The nodes that round a tensor to uint8 and make floats of it again."""
    parameters = [
        store(graph, f"{name}.scale", np.float32(seen.scale)),
        store(graph, f"{name}.zero_point", np.uint8(seen.zero_point)),
    ]
    bytes_ = f"{name}.quantized"
    return [
        helper.make_node("QuantizeLinear", [name, *parameters], [bytes_]),
        helper.make_node("DequantizeLinear", [bytes_, *parameters], [dequantized(name)]),
    ]


def _integer_weights(
    graph: onnx.GraphProto,
    node: onnx.NodeProto,
    weights: Mapping[str, Floats],
    entering: Activation,
) -> list[onnx.NodeProto]:
    """Store a layer's weight and bias as integers; return the nodes that make floats of them.

    ``node`` is changed to read those floats; ``entering`` is the layer's input.
    """
    weight = rows(node, weights[node.input[1]])
    flat = weight.reshape(len(weight), -1)
    bias = weights[node.input[2]] if len(node.input) > 2 else np.zeros(len(weight), np.float32)
    # The bias is in steps of weight scale x input scale: wide enough that it fits in an int32.
    scale = scales(weight)
    scale = np.maximum(scale, np.abs(bias) / (entering.scale * LARGEST_BIAS)).astype(np.float32)
    if flat.shape[1] == entering.values.shape[1]:
        whole = least_error(flat, scale[:, None], entering.values)
    else:  # calibration sampled single places, not all those that a kernel reads at once
        whole = nearest(flat, scale[:, None])
    groups = attributes(node).get("group", 1)
    bias = bias + mean_lost(flat, whole * scale[:, None], entering, groups)
    made = [_integers(graph, node, 1, whole.reshape(weight.shape), scale)]
    if len(node.input) > 2:
        steps = scale * np.float32(entering.scale)
        made.append(_integers(graph, node, 2, np.rint(bias / steps).astype(np.int32), steps))
    return made


def _integers(
    graph: onnx.GraphProto,
    node: onnx.NodeProto,
    place: int,
    whole: NDArray[Any],
    scale: Floats,
) -> onnx.NodeProto:
    """Store ``whole`` (outputs, ...) for the input number ``place`` of ``node``.

    Returns the node that makes floats of it, which ``node`` is changed to read.
    """
    name = f"{node.output[0]}.{place}"
    axis = output_axis(node) if place == 1 else 0
    inputs = [
        store(graph, f"{name}.quantized", whole.T if axis else whole),
        store(graph, f"{name}.scale", scale),
    ]
    if place == 1:  # a bias needs no zero points; weights without take kernels 1.1 times as long
        inputs.append(store(graph, f"{name}.zero_point", np.zeros(scale.size, np.int8)))
    node.input[place] = dequantized(name)
    return helper.make_node("DequantizeLinear", inputs, [dequantized(name)], axis=axis)


def mean_lost(before: Floats, after: Floats, entering: Activation, groups: int) -> Floats:
    """By how much rounding lowers the mean of each output, (outputs,); padding is left out.

    Added to the bias, it keeps every output's mean as it was (Nagel et al., "Data-Free
    Quantization Through Weight Equalization and Bias Correction", 2019). ``before`` and ``after``
    are weights (outputs, channels of a group x places of a kernel).
    """
    channels = entering.values.shape[1] // groups

    def mean(weight: Floats, values: Floats) -> Floats:
        of_groups = weight.reshape(groups, len(weight) // groups, channels, -1).sum(3)
        means = values.mean(0, dtype=np.float64).reshape(groups, channels, 1)
        return np.asarray((of_groups @ means).ravel())

    return np.asarray(mean(before, entering.values) - mean(after, entering.rounded()))


def _stored_weights(
    graph: onnx.GraphProto, node: onnx.NodeProto, weights: Mapping[str, Floats]
) -> list[onnx.NodeProto]:
    """Store an LSTM's weights as int8, with a scale for each gate of each unit.

    Returns the nodes that make floats of them. These are Cast and Mul, which ONNX Runtime computes
    once, when the file is loaded; DequantizeLinear it would compute anew in every run.
    """
    made = []
    for place in (1, 2):
        weight = weights[node.input[place]]  # (directions, 4 x units, inputs)
        scale = np.maximum(np.abs(weight).max(2, keepdims=True) / 127, SMALLEST_SCALE)
        name = f"{node.output[0]}.{place}"
        whole = store(graph, f"{name}.quantized", np.rint(weight / scale).astype(np.int8))
        step = store(graph, f"{name}.scale", scale.astype(np.float32))
        made += [
            helper.make_node("Cast", [whole], [f"{name}.whole"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}.whole", step], [dequantized(name)]),
        ]
        node.input[place] = dequantized(name)
    return made
