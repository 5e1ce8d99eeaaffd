"""Helpers to edit an ONNX graph: read its weights, find what is read, write both back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Floats = NDArray[np.float32]


def copied(model: onnx.ModelProto) -> onnx.ModelProto:
    other = onnx.ModelProto()
    other.CopyFrom(model)
    return other


def attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def constants(graph: onnx.GraphProto) -> dict[str, Floats]:
    """Copies in float32 of all float weights by name, also of those in fp16 behind a Cast."""
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
        elif node.op_type == "Constant" and "value" in attributes(node):
            stored[node.output[0]] = numpy_helper.to_array(attributes(node)["value"])
    return {
        name: values.astype(np.float32)  # a copy, which may be written to
        for name, values in stored.items()
        if values.dtype.kind == "f"
    }


def rows(node: onnx.NodeProto, weight: Floats) -> Floats:
    """A view of the weight of a Conv or Gemm with its outputs first: (outputs, inputs, ...)."""
    return weight.T if _inputs_first(node) else weight


def output_axis(node: onnx.NodeProto) -> int:
    """Along which axis the weight of a Conv or Gemm, as it is stored, has its outputs."""
    return 1 if _inputs_first(node) else 0


def _inputs_first(node: onnx.NodeProto) -> bool:
    return node.op_type == "Gemm" and not attributes(node).get("transB", 0)


def read(nodes: Iterable[onnx.NodeProto]) -> Iterator[str]:
    """Names that ``nodes`` read, those inside their branches too."""
    for node in nodes:
        yield from node.input
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from read(attribute.g.node)


def store(graph: onnx.GraphProto, name: str, values: NDArray[Any] | np.generic) -> str:
    """Add a constant to the graph; return its name."""
    graph.initializer.append(numpy_helper.from_array(np.asarray(values), name))
    return name


def replace_weights(graph: onnx.GraphProto, changed: Mapping[str, Floats]) -> None:
    """Store float32 weights in the place of those of the same names, in fp32 or in fp16."""
    kept = [t for t in graph.initializer if t.name not in changed]
    made = [numpy_helper.from_array(np.ascontiguousarray(v), name) for name, v in changed.items()]
    tensors = [onnx.TensorProto.FromString(t.SerializeToString()) for t in (*kept, *made)]
    del graph.initializer[:]
    graph.initializer.extend(tensors)
    replace_nodes(graph, [n for n in graph.node if n.output[0] not in changed])


def replace_nodes(graph: onnx.GraphProto, nodes: Sequence[onnx.NodeProto]) -> None:
    """Make ``nodes`` those of ``graph``; leave out nodes and weights that nothing reads."""
    alive = list(nodes)
    while True:
        wanted = {*read(alive), *(value.name for value in graph.output)}
        fewer = [n for n in alive if wanted.intersection(n.output)]
        if len(fewer) == len(alive):
            break
        alive = fewer
    copies = [onnx.NodeProto.FromString(n.SerializeToString()) for n in alive]
    del graph.node[:]
    graph.node.extend(copies)
    names = set(read(copies))
    tensors = [t for t in graph.initializer if t.name in names]
    kept = [onnx.TensorProto.FromString(t.SerializeToString()) for t in tensors]
    del graph.initializer[:]
    graph.initializer.extend(kept)
