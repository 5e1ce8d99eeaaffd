"""Eight-bit arithmetic in an ONNX graph.

Convolutions and linear layers get QuantizeLinear and DequantizeLinear ("QDQ") on what enters and
leaves them, which ONNX Runtime turns into integer kernels: activations are uint8 with one scale a
tensor, weights int8 with one a channel, biases int32 (Jacob et al., "Quantization and Training of
Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018).

An LSTM keeps its weights in int8 and computes in floats. ONNX Runtime's DynamicQuantizeLSTM takes
the scale of its activations over a whole batch: what a line says would depend on its neighbours.

Weights may be stored in half precision, as ``penjing.export`` does; what is not quantised stays so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from penjing.errors import QuantizationError

Floats = NDArray[np.float32]

CONVOLUTION, DEPTHWISE, LINEAR, LSTM = "convolution", "depthwise", "linear", "lstm"
LARGEST_BIAS = 2**30  # of the int32 it is stored in
SMALLEST_SCALE = 1e-12


@dataclass(frozen=True)
class Range:
    """What an activation was seen to be between; nought is always inside."""

    low: float = 0.0
    high: float = 0.0

    def widened(self, values: NDArray[Any]) -> Range:
        if not values.size:
            return self
        return Range(min(self.low, float(values.min())), max(self.high, float(values.max())))

    @property
    def scale(self) -> float:
        return max((self.high - self.low) / 255, SMALLEST_SCALE)

    @property
    def zero_point(self) -> int:
        return round(-self.low / self.scale)


@dataclass(frozen=True)
class Layer:
    """A node with weights.

    ``source`` enters it, ``output`` leaves it, and ``result`` leaves its ReLU, if it has one.
    """

    name: str
    kind: str
    source: str
    output: str
    result: str

    @property
    def activations(self) -> tuple[str, ...]:
        """Tensors that are rounded to eight bits if the layer is.

        What leaves a linear layer stays float: its largest number says which character it is, and
        eight bits would make ties of near ones.
        """
        if self.kind == LSTM:
            return ()
        return (self.source,) if self.kind == LINEAR else (self.source, self.result)


def layers(model: onnx.ModelProto) -> list[Layer]:
    """Every layer that can be quantised, in the order of the graph.

    Raises QuantizationError where there is none.
    """
    weights = _constants(model.graph)
    relus = {n.input[0]: n.output[0] for n in model.graph.node if n.op_type == "Relu"}
    found = []
    for node in model.graph.node:
        if node.op_type not in ("Conv", "Gemm", "LSTM") or node.input[1] not in weights:
            continue
        result = relus.get(node.output[0], node.output[0])
        path = [part for part in node.name.split("/")[1:-1] if part not in ("model", "conv")]
        name = ".".join(path) or node.output[0]
        kind = _kind(node, weights[node.input[1]])
        found.append(Layer(name, kind, node.input[0], node.output[0], result))
    if not found:
        raise QuantizationError(
            "this network has no layer in floats; give one as penjing export writes it"
        )
    return found


def _kind(node: onnx.NodeProto, weight: Floats) -> str:
    if node.op_type != "Conv":
        return LINEAR if node.op_type == "Gemm" else LSTM
    return DEPTHWISE if _attributes(node).get("group", 1) == len(weight) > 1 else CONVOLUTION


def quantized(
    model: onnx.ModelProto, chosen: Sequence[Layer], ranges: Mapping[str, Range]
) -> onnx.ModelProto:
    """A copy of ``model`` in which the ``chosen`` of its layers compute in eight bits.

    ``ranges`` must hold every one of their ``activations``.
    """
    edited = onnx.ModelProto()
    edited.CopyFrom(model)
    graph = edited.graph
    weights = _constants(graph)
    by_output = {layer.output: layer for layer in chosen}
    rounded = {name for layer in chosen for name in layer.activations}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        layer = by_output.get(node.output[0])
        if layer and layer.kind == LSTM:
            nodes += _stored_weights(graph, node, weights)
        elif layer:
            nodes += _integer_weights(graph, node, weights, ranges[layer.source].scale)
        for i, name in enumerate(node.input):
            if name in rounded:
                node.input[i] = dequantized(name)
        nodes.append(node)
        for name in node.output:
            if name in rounded:
                nodes += _rounding(graph, name, ranges[name])
    _replace_nodes(graph, nodes)
    return edited


def dequantized(tensor: str) -> str:
    """What the readers of a rounded ``tensor`` read."""
    return f"{tensor}.dequantized"


def _rounding(graph: onnx.GraphProto, name: str, seen: Range) -> list[onnx.NodeProto]:
    """A tensor to uint8 and back."""
    parameters = [
        _store(graph, f"{name}.scale", np.float32(seen.scale)),
        _store(graph, f"{name}.zero_point", np.uint8(seen.zero_point)),
    ]
    bytes_ = f"{name}.quantized"
    return [
        helper.make_node("QuantizeLinear", [name, *parameters], [bytes_]),
        helper.make_node("DequantizeLinear", [bytes_, *parameters], [dequantized(name)]),
    ]


def _integer_weights(
    graph: onnx.GraphProto, node: onnx.NodeProto, weights: Mapping[str, Floats], step: float
) -> list[onnx.NodeProto]:
    """Store a layer's weight and bias as integers; ``step`` is the scale of what enters it."""
    name = node.input[1]
    weight = weights[name]
    axis = 1 if node.op_type == "Gemm" and not _attributes(node).get("transB", 0) else 0
    rows = np.moveaxis(weight, axis, 0).reshape(weight.shape[axis], -1)
    scale = np.abs(rows).max(1) / 127
    bias = weights[node.input[2]] if len(node.input) > 2 else None
    if bias is not None:  # in steps of the product of both scales, which must not be too fine
        scale = np.maximum(scale, np.abs(bias) / (step * LARGEST_BIAS))
    scale = np.maximum(scale, SMALLEST_SCALE).astype(np.float32)
    along = [1] * weight.ndim
    along[axis] = -1
    made = [_integers(graph, node, 1, weight, scale.reshape(along), np.int8, axis)]
    if bias is not None:
        made.append(_integers(graph, node, 2, bias, scale * np.float32(step), np.int32, 0))
    return made


def _integers(
    graph: onnx.GraphProto,
    node: onnx.NodeProto,
    place: int,
    values: Floats,
    scale: Floats,
    kind: type[np.signedinteger[Any]],
    axis: int,
) -> onnx.NodeProto:
    """Store ``values`` as integers, have ``node`` read them; the node that makes floats of them."""
    name = f"{node.output[0]}.{place}"
    whole = np.rint(values.astype(np.float64) / scale).astype(kind)
    inputs = [
        _store(graph, f"{name}.quantized", whole),
        _store(graph, f"{name}.scale", scale.ravel()),
    ]
    if kind is np.int8:  # a bias needs no noughts; without a weight's, kernels are 1.1 times slower
        inputs.append(_store(graph, f"{name}.zero_point", np.zeros(scale.size, kind)))
    node.input[place] = dequantized(name)
    return helper.make_node("DequantizeLinear", inputs, [dequantized(name)], axis=axis)


def _stored_weights(
    graph: onnx.GraphProto, node: onnx.NodeProto, weights: Mapping[str, Floats]
) -> list[onnx.NodeProto]:
    """Store an LSTM's weights as int8, a scale for each gate of each unit.

    They are made floats by Cast and Mul, which are done once, when the file is loaded;
    DequantizeLinear is done anew in every run.
    """
    made = []
    for place in (1, 2):
        weight = weights[node.input[place]]  # (directions, 4 x units, inputs)
        scale = np.maximum(np.abs(weight).max(2, keepdims=True) / 127, SMALLEST_SCALE)
        name = f"{node.output[0]}.{place}"
        whole = _store(graph, f"{name}.quantized", np.rint(weight / scale).astype(np.int8))
        step = _store(graph, f"{name}.scale", scale.astype(np.float32))
        made += [
            helper.make_node("Cast", [whole], [f"{name}.whole"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}.whole", step], [dequantized(name)]),
        ]
        node.input[place] = dequantized(name)
    return made


def _store(graph: onnx.GraphProto, name: str, values: NDArray[Any] | np.generic) -> str:
    graph.initializer.append(numpy_helper.from_array(np.asarray(values), name))
    return name


def _constants(graph: onnx.GraphProto) -> dict[str, Floats]:
    """Float weights by name, also those stored in half precision and widened by a Cast."""
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    casts = {
        node.output[0]: stored[node.input[0]]
        for node in graph.node
        if node.op_type == "Cast" and node.input[0] in stored
    }
    return {
        name: values.astype(np.float32)
        for name, values in {**stored, **casts}.items()
        if values.dtype.kind == "f"
    }


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def _replace_nodes(graph: onnx.GraphProto, nodes: Sequence[onnx.NodeProto]) -> None:
    """Put ``nodes`` into ``graph``, without the weights and Casts that nobody reads any more."""
    read = {*_read(nodes), *(value.name for value in graph.output)}
    alive = [n for n in nodes if n.op_type != "Cast" or n.output[0] in read]
    copies = [onnx.NodeProto.FromString(n.SerializeToString()) for n in alive]
    del graph.node[:]
    graph.node.extend(copies)
    read = set(_read(copies))
    tensors = [t for t in graph.initializer if t.name in read]
    kept = [onnx.TensorProto.FromString(t.SerializeToString()) for t in tensors]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _read(nodes: Sequence[onnx.NodeProto]) -> Iterator[str]:
    """Names that ``nodes`` read, those inside their branches too."""
    for node in nodes:
        yield from node.input
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _read(attribute.g.node)
