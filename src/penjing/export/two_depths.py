"""Two depths in one ONNX file: easy lines leave at the exit, the others go on.

The graph of the second depth stands in a branch of an If, which ONNX Runtime enters only when a
line of the batch needs it, and then with those lines alone: each line decides for itself, as if it
were read alone. A reader sees an ordinary recogniser.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, compose, helper, numpy_helper

from penjing.errors import WeightsError

THRESHOLD = "exit.threshold"
SURENESS = "exit.sureness"
NEVER = 1.0  # no line is surer than this


def joined(first: onnx.ModelProto, rest: onnx.ModelProto) -> onnx.ModelProto:
    """One recogniser of two graphs; no line leaves early until it is given a threshold.

    Args:
        first: image to ``exit.sureness`` (lines,), ``exit.columns`` (lines, channels, rows,
            frames), and ``exit.labels`` and so on for each output of ``rest``.
        rest: ``columns`` to ``labels`` (lines, frames) and so on. Large weights that are the same
            in both are stored once.
    """
    model = onnx.ModelProto()
    model.CopyFrom(first)
    graph = model.graph
    outputs = [value.name for value in rest.graph.output]
    unsure = [
        helper.make_node("LessOrEqual", [SURENESS, THRESHOLD], ["exit.unsure"]),
        helper.make_node("NonZero", ["exit.unsure"], ["exit.found"]),
        helper.make_node("Squeeze", ["exit.found", "exit.first_axis"], ["exit.rows"]),
        helper.make_node("Size", ["exit.rows"], ["exit.count"]),
        helper.make_node("Cast", ["exit.count"], ["exit.any"], to=TensorProto.BOOL),
    ]
    graph.node.extend(unsure)
    stop = helper.make_graph(
        [helper.make_node("Identity", [f"exit.{name}"], [f"stop.{name}"]) for name in outputs],
        "stop",
        [],
        [_like(value, f"stop.{value.name}") for value in rest.graph.output],
    )
    branches = {"then_branch": _deeper(first, rest), "else_branch": stop}
    graph.node.append(helper.make_node("If", ["exit.any"], outputs, "exit", **branches))
    for name, value in {
        THRESHOLD: np.float32(NEVER),
        "exit.first_axis": np.array([0], np.int64),
        "exit.second_axis": np.array([1], np.int64),
    }.items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    del graph.output[:]
    graph.output.extend(rest.graph.output)
    return model


def with_threshold(model: onnx.ModelProto, value: float) -> onnx.ModelProto:
    """A copy in which lines surer than ``value`` leave early; 1 sends all to full depth.

    Raises WeightsError for a model without an exit.
    """
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    stored = numpy_helper.from_array(np.asarray(np.float32(value)), THRESHOLD)
    _threshold(changed).CopyFrom(stored)
    return changed


def threshold(model: onnx.ModelProto) -> float:
    """How sure a line must be to leave early. Raises WeightsError for a model without an exit."""
    return float(numpy_helper.to_array(_threshold(model)))


def _threshold(model: onnx.ModelProto) -> onnx.TensorProto:
    for tensor in model.graph.initializer:
        if tensor.name == THRESHOLD:
            return tensor
    raise WeightsError("the model has no exit; train one with exit = ... under [network]")


def _deeper(first: onnx.ModelProto, rest: onnx.ModelProto) -> onnx.GraphProto:
    """The branch for unsure lines: ``rest``'s outputs, written over the exit's of these lines."""
    prefixed = compose.add_prefix(rest, "deep.").graph
    stored = {t.raw_data: t.name for t in first.graph.initializer if len(t.raw_data) > 1024}
    shared = {t.name: stored[t.raw_data] for t in prefixed.initializer if t.raw_data in stored}
    for node in prefixed.node:
        for i, name in enumerate(node.input):
            node.input[i] = shared.get(name, name)
    return helper.make_graph(
        [
            helper.make_node(
                "Gather", ["exit.columns", "exit.rows"], [prefixed.input[0].name], axis=0
            ),
            *prefixed.node,
            helper.make_node("Unsqueeze", ["exit.rows", "exit.second_axis"], ["deep.rows"]),
            *(
                helper.make_node(
                    "ScatterND",
                    [f"exit.{name}", "deep.rows", f"deep.{name}"],
                    [f"merged.{name}"],
                )
                for name in (value.name for value in rest.graph.output)
            ),
        ],
        "deeper",
        [],
        [_like(value, f"merged.{value.name}") for value in rest.graph.output],
        [t for t in prefixed.initializer if t.name not in shared],
    )


def _like(value: onnx.ValueInfoProto, name: str) -> onnx.ValueInfoProto:
    """The type and shape of ``value`` under another name."""
    other = onnx.ValueInfoProto()
    other.CopyFrom(value)
    other.name = name
    return other
