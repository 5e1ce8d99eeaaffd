"""A script simple enough for a network built by hand, so that the runtime's tests read real text.

A letter is a black bar in one of the upper bands of a white line: a in the first, b in the
second, c in the third; a bar in the fourth is a space. The lower half stays empty, so that a line
upside down reads as nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LETTERS = "abc "
BAND = 4  # pixels high, of 32
PITCH = 24  # pixels from one letter to the next, half of them ink


def draw(text: str, scale: int = 1) -> np.ndarray:
    """A gray line, 32 × ``scale`` pixels high, with as much white as ink."""
    line = np.full((32, PITCH * len(text) + PITCH // 2), 255, np.uint8)
    for k, letter in enumerate(text):
        band = LETTERS.index(letter)
        left = PITCH * k + PITCH // 2
        line[BAND * band : BAND * (band + 1), left : left + PITCH // 2] = 0
    return np.kron(line, np.ones((scale, scale), np.uint8))


def build(path: Path) -> Path:
    """An ONNX recogniser of this script, to the contract of ``penjing.runtime.recogniser``."""
    count = len(LETTERS)
    kernels = np.zeros((count, 1, 32, 4), np.float32)
    for k in range(count):
        kernels[k, 0, BAND * k : BAND * (k + 1)] = 1 / (4 * BAND)
    constants = {
        "kernels": kernels,
        "scale": np.array(-1 / 255, np.float32),
        "one": np.array(1, np.float32),
        "half": np.array(0.5, np.float32),
        "sharp": np.array(20, np.float32),
        "one_class": np.array(1, np.int64),
        "height_axis": np.array([2], np.int64),
        "class_axis": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Cast", ["image"], ["gray"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["gray", "scale"], ["negative"]),
        helper.make_node("Add", ["negative", "one"], ["dark"]),
        helper.make_node("Conv", ["dark", "kernels"], ["bars"], strides=[32, 4]),
        helper.make_node("Squeeze", ["bars", "height_axis"], ["inked"]),
        helper.make_node("Sub", ["inked", "half"], ["above"]),
        helper.make_node("Mul", ["above", "sharp"], ["letters"]),
        helper.make_node("ReduceSum", ["letters", "class_axis"], ["sum"], keepdims=1),
        helper.make_node("Sub", ["sum", "sum"], ["blank"]),
        helper.make_node("Concat", ["blank", "letters"], ["logits"], axis=1),
        helper.make_node("Softmax", ["logits"], ["probability"], axis=1),
        helper.make_node("ArgMax", ["probability"], ["best"], axis=1, keepdims=0),
        helper.make_node("Sub", ["best", "one_class"], ["labels"]),
        # A bar between two bands is doubtful, but it is a bar: so sure is whoever reads it.
        helper.make_node("Sigmoid", ["letters"], ["inked_or_not"]),
        helper.make_node("ReduceMax", ["inked_or_not", "class_axis"], ["bar"], keepdims=0),
        helper.make_node("Sub", ["one", "bar"], ["no_bar"]),
        helper.make_node("Max", ["bar", "no_bar"], ["confidence"]),
    ]
    graph = helper.make_graph(
        nodes,
        "bands",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", 1, 32, "w"])],
        [
            helper.make_tensor_value_info("labels", TensorProto.INT64, ["n", "t"]),
            helper.make_tensor_value_info("confidence", TensorProto.FLOAT, ["n", "t"]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    metadata = {
        "plan": '{"family": "bands", "charset": "bands"}',
        "charset": LETTERS,
        "version": "1",
    }
    helper.set_model_props(model, metadata)
    onnx.save(model, str(path))
    return path
