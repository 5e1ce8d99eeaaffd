"""Does ONNX Runtime read what torch reads?"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray

from penjing.errors import WeightsError
from penjing.models.crnn import CRNN
from penjing.runtime.recogniser import OUTPUTS

TOLERANCE = 0.02  # of probabilities


def check(model: CRNN, graph: onnx.ModelProto, *, halved: bool = False) -> None:
    """Compare ONNX Runtime with torch at several batch sizes and widths.

    Probabilities must agree to ``TOLERANCE``, labels wherever torch is surer than a near tie, and
    alternatives must be as probable as torch's: on every frame, or on average where weights were
    ``halved``: what a sharp network reads in noise may depend on the eleventh bit of a weight.
    Raises WeightsError where they disagree, or where torch itself reads NaN.
    """
    session = ort.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    white = np.full((1, 1, model.plan.height, 64), 255, np.uint8)
    noise = [
        rng.integers(0, 256, (lines, 1, model.plan.height, width // 4), dtype=np.uint8)
        for lines, width in ((1, 32), (2, 260), (7, 96), (1, 1024))
    ]
    for image in (white, *(coarse.repeat(4, axis=3) for coarse in noise)):
        labels, confidence, alternatives, chances = session.run(OUTPUTS, {"image": image})
        expected, sureness = (x.numpy() for x in model.read(torch.from_numpy(image)))
        if not np.isfinite(sureness).all():
            raise WeightsError("the network reads NaN: its weights are far too large, or NaN too")
        off = np.where(labels == expected, 0, sureness - 0.5)
        off = np.maximum(off, np.abs(confidence - sureness))
        off = np.maximum(off, _worse(model, image, alternatives, chances))
        if not (off.mean() if halved else off.max()) <= TOLERANCE:  # of NaN neither is true
            lines, _, _, width = image.shape
            raise WeightsError(f"ONNX and torch disagree on {lines} lines of width {width}")


@torch.no_grad()
def _worse(
    model: CRNN, image: NDArray[np.uint8], alternatives: NDArray[Any], chances: NDArray[Any]
) -> NDArray[Any]:
    """For each frame, the largest error of its alternatives in probability, (lines, frames).

    By how much one is less probable in torch than torch's own of that rank, or differs from what
    ``chances`` says.
    """
    told = torch.from_numpy(alternatives[..., 0] >= 0)
    frames = model(torch.from_numpy(image))
    worse = torch.zeros(told.shape)
    if told.any():
        probabilities = model.head.class_logits(frames[told]).float().softmax(-1)
        said = torch.from_numpy(chances)[told].exp()
        theirs = probabilities.gather(-1, torch.from_numpy(alternatives)[told])
        best = probabilities.topk(theirs.shape[-1]).values
        worse[told] = torch.maximum((theirs - said).abs(), best - theirs).amax(-1)
    return worse.numpy()
