"""The outputs of the exported graph: greedy labels, how sure, and the likeliest characters.

Characters are scored only on frames that may hold one, so that no matrix of thousands of scores
leaves the graph.
"""

from __future__ import annotations

from math import log

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from penjing.models.crnn import CRNN, Head

ALTERNATIVES = 8  # characters given for each frame; a language table finds nothing beyond them
SURELY_BLANK = 0.8  # of such frames no text around them would make a character

Answer = tuple[Tensor, Tensor, Tensor, Tensor]  # one tensor for each of runtime's ``OUTPUTS``


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
        """uint8 (N, 1, 32, W) to what ``answer`` gives of the exit's frames, and two tensors more.

        How sure the exit is of each line, (N,), and the columns for ``FromExit``, (N, channels,
        rows, W / 4).
        """
        frames, columns = self.model.shallow(image)
        said = answer(frames, self.model.head)
        return *said, sureness(*said[:2]), columns


class FromExit(Exported):
    def forward(self, columns: Tensor) -> Answer:
        """The columns of ``UpToExit`` to what ``answer`` gives of the frames at full depth."""
        return answer(self.model.deeper(columns), self.model.head)


def answer(frames: Tensor, head: Head) -> Answer:
    """(N, T, features) to the graph's outputs for each frame.

    Greedy labels, int64 (N, T), -1 for blank; their probabilities, float32 (N, T); the likeliest
    characters, best first, int64 (N, T, 8), -1 where the frame is surely blank; the
    logarithms of their probabilities among all characters, float32 (N, T, 8).
    """
    odds = head.blank_logit(frames)
    inked = (odds < log(SURELY_BLANK / (1 - SURELY_BLANK))).reshape(-1).long()
    # Row 0 stands for all frames without ink, and is masked below. With it the tensor is never
    # empty, at which ONNX Runtime 1.17 crashes. Its -1 fetches the last frame, but any would do.
    places = torch.cat([torch.tensor([-1]), inked.nonzero().squeeze(1)])
    told = (places >= 0).unsqueeze(1)
    scores = head.class_logits(frames.reshape(-1, head.blank.in_features)[places])
    best, classes = scores.log_softmax(-1).topk(min(ALTERNATIVES, scores.shape[-1]))
    rows = (inked.cumsum(0) * inked).view_as(odds)  # gathering takes far fewer nodes than scatter
    alternatives = torch.where(told, classes, -1)[rows]
    chances = torch.where(told, best, 0.0)[rows]
    blank = torch.sigmoid(odds)
    character = (1 - blank) * chances[..., 0].exp()  # at most a fifth on frames without ink
    labels = torch.where(character > blank, alternatives[..., 0], -1)
    return labels, torch.maximum(character, blank), alternatives, chances


def sureness(labels: Tensor, confidence: Tensor) -> Tensor:
    """(N, T) each to (N,): probability of the least sure frame that matters.

    A character's frame counts as the surest of itself and its neighbours of the same character;
    blanks beside a character do not count, for it does not matter where exactly a character ends.
    """
    before, after = F.pad(labels, (1, 0), value=-1)[:, :-1], F.pad(labels, (0, 1), value=-1)[:, 1:]
    left, right = F.pad(confidence, (1, 0))[:, :-1], F.pad(confidence, (0, 1))[:, 1:]
    best = torch.where(before == labels, torch.maximum(confidence, left), confidence)
    best = torch.where(after == labels, torch.maximum(best, right), best)
    edge = (labels < 0) & ((before >= 0) | (after >= 0))
    blank_or_best = torch.where(labels < 0, confidence, best)
    return torch.where(edge, torch.ones_like(best), blank_or_best).amin(1)
