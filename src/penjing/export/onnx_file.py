"""A recogniser as an ONNX file: traced from torch, plan and characters inside, weights in fp16."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from penjing import __version__
from penjing.charset import Charset
from penjing.export.answers import FromExit, UpToExit, Whole
from penjing.export.parity import check
from penjing.export.two_depths import joined
from penjing.files import prepare, written_whole
from penjing.models.crnn import CRNN
from penjing.runtime.recogniser import OUTPUTS

OPSET = 17
LARGE = 1024  # numbers at least in a tensor that is stored in half precision


def export(model: CRNN, path: Path | str, *, half: bool = True, version: str = "") -> Path:
    """Write ``model`` as ONNX with dynamic batch and width; plan and characters in its metadata.

    Args:
        half: store large weights in fp16; the arithmetic stays fp32.
        version: noted in the file's metadata, as in the models that penjing ships.

    Raises WeightsError where ONNX Runtime does not read what torch reads, OutputError where the
    file cannot be written.
    """
    path = Path(path)
    prepare(path)
    model = model.eval()
    graph = _graph(model)
    check(model, graph)
    if half:
        halve(graph.graph)
        check(model, graph, halved=True)
    charset = Charset.load(model.plan.charset)
    helper.set_model_props(
        graph,
        {
            "plan": model.plan.to_json(),
            "charset": "".join(charset.characters),
            "version": version,
            "penjing": __version__,
            "parameters": str(sum(p.numel() for p in model.parameters())),
        },
    )
    with written_whole(path) as temporary:
        onnx.save(graph, temporary)
    return path


def _graph(model: CRNN) -> onnx.ModelProto:
    """``model`` as one graph: with an exit, its two depths are traced apart and joined."""
    image = torch.randint(0, 256, (2, 1, model.plan.height, 128), dtype=torch.uint8)
    if model.exit is None:
        return _traced(Whole(model), "image", image, OUTPUTS)
    at_exit = [f"exit.{name}" for name in (*OUTPUTS, "sureness", "columns")]
    first = _traced(UpToExit(model), "image", image, at_exit)
    with torch.no_grad():
        _, columns = model.shallow(image)
    return joined(first, _traced(FromExit(model), "columns", columns, OUTPUTS))


def _traced(
    module: nn.Module, takes: str, example: Tensor, gives: Sequence[str]
) -> onnx.ModelProto:
    """``module`` as a graph for any number of lines of any width."""
    buffer = io.BytesIO()
    axes = {name: {0: "lines", 1: "frames"} for name in gives}
    axes |= {"image": {0: "lines", 3: "width"}, "exit.sureness": {0: "lines"}}
    axes |= {"columns": {0: "lines", 3: "frames"}, "exit.columns": {0: "lines", 3: "frames"}}
    with warnings.catch_warnings():
        # the exporter warns of LSTM batch sizes; check() tests them
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            (example,),
            buffer,  # type: ignore[arg-type]  # a buffer works; the stub knows paths only
            input_names=[takes],
            output_names=list(gives),
            dynamic_axes={name: axes[name] for name in (takes, *gives)},
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load_from_string(buffer.getvalue())
    graph.producer_name = "penjing"
    _begin_at_nought(graph.graph)
    return graph


def _begin_at_nought(graph: onnx.GraphProto) -> None:
    """Drop the initial states of LSTMs: zeros, as without them, but made anew in every run."""
    for node in graph.node:
        if node.op_type == "LSTM":
            del node.input[4:]  # 4: lengths of sequences, unused; 5 and 6: initial states
    while idle := _idle(graph):
        for node in idle:
            graph.node.remove(node)


def _idle(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """Nodes whose outputs nobody reads."""
    read = {value.name for value in graph.output}.union(*(node.input for node in graph.node))
    return [node for node in graph.node if read.isdisjoint(node.output)]


def halve(graph: onnx.GraphProto) -> None:
    """Store large fp32 weights in fp16, widened when the file is loaded; in branches too.

    Those with a number beyond fp16 stay as they are.
    """
    casts = []
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                halve(attribute.g)
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < LARGE:
            continue
        with np.errstate(over="ignore"):
            values = numpy_helper.to_array(tensor).astype(np.float16)
        if not np.isfinite(values).all():
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values, f"{name}.half"))
        casts.append(helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
