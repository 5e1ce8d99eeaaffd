"""Short names for the tensors in a graph: long ones take a twentieth of a small model's file."""

from __future__ import annotations

from collections.abc import Iterator

import onnx


def shortened(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy without names of nodes, and with numbers for names of tensors.

    The names of the graph's inputs and outputs stay.
    """
    edited = onnx.ModelProto()
    edited.CopyFrom(model)
    names = {value.name: value.name for value in (*edited.graph.input, *edited.graph.output)}
    names[""] = ""  # an input that is left out

    def brief(name: str) -> str:
        return names.setdefault(name, format(len(names), "x"))

    for graph in _graphs(edited.graph):
        del graph.value_info[:]
        for node in graph.node:
            node.name = ""
            node.input[:] = map(brief, node.input)
            node.output[:] = map(brief, node.output)
        for tensor in (*graph.initializer, *graph.input, *graph.output):
            tensor.name = brief(tensor.name)
    return edited


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """The graph and those of its branches, which may read what it computes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _graphs(attribute.g)
