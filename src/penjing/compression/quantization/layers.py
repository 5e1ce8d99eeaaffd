"""The layers of an ONNX graph that can compute in eight bits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import onnx

from penjing.compression.quantization.graphs import Floats, attributes, constants, read
from penjing.errors import QuantizationError

CONVOLUTION, DEPTHWISE, LINEAR, LSTM = "convolution", "depthwise", "linear", "lstm"


@dataclass(frozen=True)
class Layer:
    """A ``node`` with weights; ``kind`` is ``CONVOLUTION``, ``DEPTHWISE``, ``LINEAR`` or ``LSTM``.

    ``source``, ``output`` and ``result`` are names of tensors: what it reads, what it gives, and
    what its ReLU gives (its own output, if it has none).
    """

    name: str
    kind: str
    node: onnx.NodeProto
    source: str
    output: str
    result: str

    @property
    def activations(self) -> tuple[str, ...]:
        """Tensors that are rounded to eight bits if the layer is.

        The output of a linear layer stays float: its largest number says which character it is,
        and eight bits would make ties of close ones.
        """
        if self.kind == LSTM:
            return ()
        return (self.source,) if self.kind == LINEAR else (self.source, self.result)


def layers(model: onnx.ModelProto) -> list[Layer]:
    """Every layer that can be quantised, in the order of the graph.

    Raises QuantizationError where there is none.
    """
    weights = constants(model.graph)
    relus = {n.input[0]: n.output[0] for n in model.graph.node if n.op_type == "Relu"}
    found = []
    for node in model.graph.node:
        if node.op_type not in ("Conv", "Gemm", "LSTM") or node.input[1] not in weights:
            continue
        result = relus.get(node.output[0], node.output[0])
        path = [part for part in node.name.split("/")[1:-1] if part not in ("model", "conv")]
        name = ".".join(path) or node.output[0]
        kind = _kind(node, weights[node.input[1]])
        found.append(Layer(name, kind, node, node.input[0], node.output[0], result))
    if not found:
        raise QuantizationError(
            "this network has no layer in floats; give one as penjing export writes it"
        )
    return found


def pairs(model: onnx.ModelProto, layers: Sequence[Layer]) -> Iterator[tuple[Layer, Layer]]:
    """Pairs of convolutions or linear layers of which the second alone reads the first's result.

    Pairs whose weights other nodes read too are left out.
    """
    graph = model.graph
    weights = constants(graph)
    count = Counter([*read(graph.node), *(value.name for value in graph.output)])
    readers = {layer.source: layer for layer in layers if layer.kind != LSTM}
    for first in layers:
        second = readers.get(first.result)
        if second is None or first.kind == LSTM:
            continue
        parts = [*first.node.input[1:], second.node.input[1]]
        once = all(count[name] == 1 for name in (first.output, first.result, *parts))
        if once and weights.keys() >= set(parts):
            yield first, second


def _kind(node: onnx.NodeProto, weight: Floats) -> str:
    if node.op_type != "Conv":
        return LINEAR if node.op_type == "Gemm" else LSTM
    return DEPTHWISE if attributes(node).get("group", 1) == len(weight) > 1 else CONVOLUTION
