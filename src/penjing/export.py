"""torch to ONNX, checked against torch before the file gets its name.

The graph takes gray bytes and gives greedy labels with their probabilities: no matrix of
thousands of scores leaves it, and characters are scored only on frames that may hold one.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from penjing import __version__
from penjing.charset import Charset
from penjing.errors import WeightsError
from penjing.files import written_whole
from penjing.models.crnn import CRNN

OPSET = 17
LARGE = 1024  # numbers in a tensor worth storing in half precision


class Deployed(nn.Module):
    """What is exported: ``CRNN.read`` with the classifier run on the candidate frames alone."""

    def __init__(self, model: CRNN) -> None:
        super().__init__()
        self.model = model

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """uint8 (N, 1, 32, W) to int64 labels and float32 probabilities, (N, W / 4) each."""
        frames = self.model(image)
        odds = self.model.head.blank_logit(frames)
        blank = torch.sigmoid(odds)
        candidates = torch.nonzero(odds < 0)  # no other frame can have a likelier character
        # One more, so that ONNX Runtime never reduces over nothing; it is judged like the rest.
        candidates = torch.cat([torch.zeros(1, 2, dtype=torch.int64), candidates])
        line, frame = candidates[:, 0], candidates[:, 1]
        scores = self.model.head.class_logits(frames[line, frame])
        top, label = scores.max(-1)
        # The softmax of the best class; exp(score - top) cannot overflow.
        share = 1 / (scores - top.unsqueeze(-1)).exp().sum(-1)
        ours, rival = share * (1 - blank[line, frame]), blank[line, frame]
        wins = ours > rival
        labels = torch.full_like(blank, -1, dtype=torch.int64)
        labels = labels.index_put((line, frame), torch.where(wins, label, -1))
        confidence = blank.index_put((line, frame), torch.where(wins, ours, rival))
        return labels, confidence


def export(model: CRNN, path: Path | str, *, half: bool = True, version: str = "") -> Path:
    """Write ``model`` as ONNX with dynamic batch and width; plan and characters in its metadata.

    Args:
        half: store large weights in fp16; the arithmetic stays fp32.
        version: noted in the file, for example the training step.

    Raises WeightsError where ONNX Runtime does not read what torch reads.
    """
    path = Path(path)
    model = model.eval()
    graph = _graph(model)
    if half:
        halve(graph)
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
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as temporary:
        onnx.save(graph, temporary)
        check(model, temporary)
    return path


def _graph(model: CRNN) -> onnx.ModelProto:
    example = torch.randint(0, 256, (2, 1, model.plan.height, 128), dtype=torch.uint8)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the exporter warns of LSTM batch sizes; check() tests them
        torch.onnx.export(
            Deployed(model).eval(),
            (example,),
            buffer,  # type: ignore[arg-type]  # a buffer works; the stub knows paths only
            input_names=["image"],
            output_names=["labels", "confidence"],
            dynamic_axes={
                "image": {0: "lines", 3: "width"},
                "labels": {0: "lines", 1: "frames"},
                "confidence": {0: "lines", 1: "frames"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load_from_string(buffer.getvalue())
    graph.producer_name = "penjing"
    return graph


def halve(graph: onnx.ModelProto) -> None:
    """Store large fp32 weights in fp16, widened when the file is loaded."""
    casts = []
    for tensor in graph.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < LARGE:
            continue
        values = numpy_helper.to_array(tensor).astype(np.float16)
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values, f"{name}.half"))
        casts.append(helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.graph.node.insert(0, cast)


def check(model: CRNN, path: Path, tolerance: float = 0.02) -> None:
    """Compare ONNX Runtime with torch at several batch sizes and widths.

    Probabilities must agree to ``tolerance``, labels wherever torch is surer than a near tie.
    Raises WeightsError.
    """
    session = ort.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    white = np.full((1, 1, model.plan.height, 64), 255, np.uint8)
    noise = [
        rng.integers(0, 256, (lines, 1, model.plan.height, width // 4), dtype=np.uint8)
        for lines, width in ((1, 32), (2, 260), (7, 96), (1, 1024))
    ]
    for image in (white, *(coarse.repeat(4, axis=3) for coarse in noise)):
        labels, confidence = session.run(None, {"image": image})
        expected, sureness = (x.numpy() for x in model.read(torch.from_numpy(image)))
        differ = (labels != expected) & (sureness > 0.5 + tolerance)
        if differ.any() or not np.allclose(confidence, sureness, atol=tolerance):
            lines, _, _, width = image.shape
            raise WeightsError(f"ONNX and torch disagree on {lines} lines of width {width}")
