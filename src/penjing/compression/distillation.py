"""A whole network teaches its pruned copy: soft classes, blank odds, features, and the labels.

After Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015). Blank or not
is learnt on every frame; which character, only where the teacher sees one, for elsewhere its
opinion is noise.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from penjing.errors import CharsetError
from penjing.models.crnn import CRNN
from penjing.training.batches import Batch
from penjing.training.losses import ctc_loss


@dataclass(frozen=True)
class Weights:
    """How much each part of the lesson counts; ``temperature`` softens the teacher's classes."""

    labels: float = 1.0
    classes: float = 1.0
    blank: float = 0.3
    features: float = 0.0
    temperature: float = 2.0


class Distillation:
    """A loss for the training loop: (student, batch) to a sum over lines.

    Args:
        teacher: copied, read in eval mode.
        kept: which of the teacher's last features the student still has, in order; by default
            all. Used only if ``weights.features`` is above nought.

    Raises CharsetError (on call) where student and teacher know different characters.
    """

    def __init__(
        self, teacher: CRNN, weights: Weights = Weights(), kept: Sequence[int] | None = None
    ) -> None:
        self.teacher = copy.deepcopy(teacher).eval()
        self.weights = weights
        self.kept = kept

    def __call__(self, student: CRNN, batch: Batch) -> Tensor:
        if student.plan.charset != self.teacher.plan.charset:
            raise CharsetError(
                f"the teacher knows {self.teacher.plan.charset!r}, the student "
                f"{student.plan.charset!r}; distil between networks of one character set"
            )
        weights = self.weights
        frames = student(batch.images)
        with torch.no_grad():
            seen = self.teacher(batch.images)
            odds = self.teacher.head.blank_logit(seen).float()
        loss = weights.labels * ctc_loss(frames, student.head, batch)
        loss = loss + weights.blank * blank_loss(student.head.blank_logit(frames).float(), odds)
        spoken = odds < 0
        if spoken.any():
            with torch.no_grad():
                wanted = self.teacher.head.class_logits(seen[spoken]).float()
            given = student.head.class_logits(frames[spoken]).float()
            loss = loss + weights.classes * class_loss(given, wanted, weights.temperature)
        if weights.features:
            target = seen if self.kept is None else seen[..., list(self.kept)]
            # A mean over features, a sum over frames that hold a character: as the class loss.
            loss = (
                loss + weights.features * (frames - target)[spoken].float().square().mean(-1).sum()
            )
        return loss


def class_loss(given: Tensor, wanted: Tensor, temperature: float) -> Tensor:
    """KL divergence of softened classes, summed over frames; (frames, classes) logits each.

    Times the square of the temperature, so that its gradient keeps its size.
    """
    student = F.log_softmax(given / temperature, -1)
    teacher = F.log_softmax(wanted / temperature, -1)
    divergence = F.kl_div(student, teacher, reduction="sum", log_target=True)
    return divergence * temperature**2


def blank_loss(given: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy between blank probabilities above the teacher's own entropy, summed."""
    share = torch.sigmoid(wanted)
    own = F.binary_cross_entropy_with_logits(wanted, share, reduction="sum")
    return F.binary_cross_entropy_with_logits(given, share, reduction="sum") - own
