"""torch to ONNX, checked against torch before the file gets its name.

The graph takes gray bytes and gives greedy labels with their probabilities, and the few likeliest
characters of each frame: no matrix of thousands of scores leaves it, and characters are scored
only on frames that may hold one.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

from penjing import __version__
from penjing.adaptive import joined
from penjing.charset import Charset
from penjing.errors import WeightsError
from penjing.files import written_whole
from penjing.models.crnn import CRNN, Head
from penjing.runtime.recogniser import OUTPUTS

OPSET = 17
LARGE = 1024  # numbers in a tensor worth storing in half precision
ALTERNATIVES = 8  # characters told of each frame; beyond them a language table finds nothing more

Answer = tuple[Tensor, Tensor, Tensor, Tensor]  # one tensor for each of OUTPUTS


class Exported(nn.Module):
    """A part of ``CRNN.read``, with the classifier run on the candidate frames alone."""

    def __init__(self, model: CRNN) -> None:
        super().__init__()
        self.model = model


class Whole(Exported):
    def forward(self, image: Tensor) -> Answer:
        """uint8 (N, 1, 32, W) to what ``answer`` gives of its W / 4 frames."""
        return answer(self.model(image), self.model.head)


class UpToExit(Exported):
    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """The same by the exit's frames, how sure of each line, and columns to go deeper with."""
        frames, columns = self.model.shallow(image)
        said = answer(frames, self.model.head)
        return *said, sureness(*said[:2]), columns


class FromExit(Exported):
    def forward(self, columns: Tensor) -> Answer:
        """From those columns."""
        return answer(self.model.deeper(columns), self.model.head)


def answer(frames: Tensor, head: Head) -> Answer:
    """(N, T, features) to what the graph says of each frame.

    Greedy labels, int64 (N, T), -1 for blank; their probabilities, float32 (N, T); the likeliest
    characters, best first, int64 (N, T, 8), -1 where the frame is more likely blank than not; the
    logarithms of their probabilities among all characters, float32 (N, T, 8).
    """
    odds = head.blank_logit(frames)
    inked = (odds < 0).reshape(-1).long()  # no other frame can have a likelier character
    # Row 0 stands for all frames without ink, and nothing is told of it; with it ONNX Runtime is
    # never given an empty tensor. Its -1 fetches the last frame, whatever that is.
    places = torch.cat([torch.tensor([-1]), inked.nonzero().squeeze(1)])
    told = (places >= 0).unsqueeze(1)
    scores = head.class_logits(frames.reshape(-1, head.blank.in_features)[places])
    best, classes = scores.log_softmax(-1).topk(min(ALTERNATIVES, scores.shape[-1]))
    rows = (inked.cumsum(0) * inked).view_as(odds)  # gathering takes far fewer nodes than scatter
    alternatives = torch.where(told, classes, -1)[rows]
    chances = torch.where(told, best, 0.0)[rows]
    blank = torch.sigmoid(odds)
    character = (1 - blank) * chances[..., 0].exp()  # at most a half on frames without ink
    labels = torch.where(character > blank, alternatives[..., 0], -1)
    return labels, torch.maximum(character, blank), alternatives, chances


def sureness(labels: Tensor, confidence: Tensor) -> Tensor:
    """(N, T) each to (N,): probability of the least sure frame that matters.

    Of a character's frames its surest counts, whichever side of it that is; a blank beside a
    character may be unsure, for where a character ends is nobody's concern.
    """
    before, after = F.pad(labels, (1, 0), value=-1)[:, :-1], F.pad(labels, (0, 1), value=-1)[:, 1:]
    left, right = F.pad(confidence, (1, 0))[:, :-1], F.pad(confidence, (0, 1))[:, 1:]
    best = torch.where(before == labels, torch.maximum(confidence, left), confidence)
    best = torch.where(after == labels, torch.maximum(best, right), best)
    edge = (labels < 0) & ((before >= 0) | (after >= 0))
    blank_or_best = torch.where(labels < 0, confidence, best)
    return torch.where(edge, torch.ones_like(best), blank_or_best).amin(1)


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
        halve(graph.graph)
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
    return graph


def halve(graph: onnx.GraphProto) -> None:
    """Store large fp32 weights in fp16, widened when the file is loaded; in branches too."""
    casts = []
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                halve(attribute.g)
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < LARGE:
            continue
        values = numpy_helper.to_array(tensor).astype(np.float16)
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values, f"{name}.half"))
        casts.append(helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)


def check(model: CRNN, path: Path, tolerance: float = 0.02) -> None:
    """Compare ONNX Runtime with torch at several batch sizes and widths.

    Probabilities must agree to ``tolerance``, labels wherever torch is surer than a near tie, and
    alternatives must be as probable as torch's.
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
        labels, confidence, alternatives, chances = session.run(OUTPUTS, {"image": image})
        expected, sureness = (x.numpy() for x in model.read(torch.from_numpy(image)))
        differ = (labels != expected) & (sureness > 0.5 + tolerance)
        near = np.allclose(confidence, sureness, atol=tolerance)
        if differ.any() or not near or _worse(model, image, alternatives, chances) > tolerance:
            lines, _, _, width = image.shape
            raise WeightsError(f"ONNX and torch disagree on {lines} lines of width {width}")


@torch.no_grad()
def _worse(
    model: CRNN, image: NDArray[np.uint8], alternatives: NDArray[Any], chances: NDArray[Any]
) -> float:
    """By how much alternatives are less probable than torch's, or than they say, at most."""
    told = torch.from_numpy(alternatives[..., 0] >= 0)
    if not told.any():
        return 0.0
    frames = model(torch.from_numpy(image))[told]
    probabilities = model.head.class_logits(frames).float().softmax(-1)
    said = torch.from_numpy(chances)[told].exp()
    theirs = probabilities.gather(-1, torch.from_numpy(alternatives)[told])
    best = probabilities.topk(theirs.shape[-1]).values
    return float(torch.maximum((theirs - said).abs(), best - theirs).max())
