"""Distillation: a smaller network learns a teacher's classes, blank odds and features, and labels.

After Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015). Blank or not
is learnt on every frame; which character, only where the teacher sees one, for elsewhere its
opinion is noise. Where the two networks cut a line into different frames, each of the student's is
taught by the teacher's nearest: CTC's outputs are spikes one frame wide, and a mixture of two
neighbouring frames would be like neither.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from penjing.charset import Charset
from penjing.compression.teachers import Teacher, teacher
from penjing.errors import CharsetError, ConfigError
from penjing.models.crnn import CRNN
from penjing.training.batches import Batch
from penjing.training.config import TrainConfig
from penjing.training.losses import ctc_loss

LEAST_SHARED = 0.5  # share of the student's characters that the teacher must know


@dataclass(frozen=True)
class Weights:
    """The weight of each term of the loss; ``temperature`` softens both networks' classes."""

    labels: float = 1.0
    classes: float = 1.0
    blank: float = 0.3
    features: float = 0.0
    temperature: float = 2.0


class Distillation:
    """A loss for the training loop: (student, batch) to a sum over lines.

    A call raises CharsetError where the teacher knows less than half of the student's characters,
    and ConfigError where ``weights.features`` is not 0 and the teacher has no features to show.
    """

    def __init__(self, teacher: Teacher, weights: Weights = Weights()) -> None:
        self.teacher = teacher
        self.weights = weights

    @property
    def fingerprint(self) -> str:
        """Tells the teacher and the weights from any others (see ``healing.Lesson``)."""
        return f"{self.teacher.fingerprint} {self.weights}"

    def __call__(self, student: CRNN, batch: Batch) -> Tensor:
        weights, head = self.weights, student.head
        shared = common(Charset.load(student.plan.charset), self.teacher.charset)
        frames = student(batch.images)
        with torch.no_grad():
            opinion = self.teacher.look(batch.images)
        here = nearest(opinion.odds.shape[1], frames.shape[1])
        odds = opinion.odds[:, here]
        loss = weights.labels * ctc_loss(frames, head, batch)
        loss = loss + weights.blank * blank_loss(head.blank_logit(frames).float(), odds)
        line, frame = (odds < 0).nonzero(as_tuple=True)
        if not len(line):
            return loss
        with torch.no_grad():
            wanted = opinion.classes(line, here[frame])
        given = head.class_logits(frames[line, frame]).float()
        if shared is not None:
            ours, theirs = shared
            # Frames on which the teacher's character is more likely than not a shared one.
            known = wanted[:, theirs].logsumexp(-1) - wanted.logsumexp(-1) > math.log(0.5)
            given, wanted = given[known][:, ours], wanted[known][:, theirs]
        loss = loss + weights.classes * class_loss(given, wanted, weights.temperature)
        if weights.features:
            if opinion.features is None:
                raise ConfigError(
                    "this teacher shows no features; teach classes alone (features = 0), or take "
                    "one of penjing's own networks as teacher"
                )
            seen = opinion.features[line, here[frame]]
            loss = loss + weights.features * feature_loss(frames[line, frame], seen)
        return loss


def lesson_of(config: TrainConfig) -> Distillation | None:
    """The lesson of the teacher that ``schedule.teacher`` names; None where it names none.

    Raises WeightsError for a teacher that is missing or of no known form.
    """
    name = config.schedule.teacher
    return Distillation(teacher(name)) if name else None


def nearest(theirs: int, ours: int) -> Tensor:
    """For each of ``ours`` frames, the number of the nearest of ``theirs`` over the same line."""
    return ((torch.arange(ours) + 0.5) * theirs / ours).long().clamp_max(theirs - 1)


def common(student: Charset, teacher: Charset) -> tuple[Tensor, Tensor] | None:
    """The classes of the characters that both know, int64 (shared,): the student's, the teacher's.

    None where the two sets are the same. Raises CharsetError where they are too few to teach with.
    """
    if student.characters == teacher.characters:
        return None
    both = [c for c in student.characters if c in teacher]
    if len(both) < LEAST_SHARED * len(student):
        raise CharsetError(
            f"the teacher knows {len(both)} of the student's {len(student)} characters; take a "
            "teacher that knows at least half of them, or train on labels alone"
        )
    return torch.tensor(student.encode("".join(both))), torch.tensor(teacher.encode("".join(both)))


def class_loss(given: Tensor, wanted: Tensor, temperature: float) -> Tensor:
    """KL divergence of softened classes, summed over frames; (frames, classes) logits each.

    Multiplied by the square of the temperature, so that the gradient's size does not depend on it.
    """
    student = F.log_softmax(given / temperature, -1)
    teacher = F.log_softmax(wanted / temperature, -1)
    divergence = F.kl_div(student, teacher, reduction="sum", log_target=True)
    return divergence * temperature**2


def blank_loss(given: Tensor, wanted: Tensor) -> Tensor:
    """KL divergence of the blank probabilities, summed over frames; log-odds of one shape each."""
    share = torch.sigmoid(wanted)
    own = F.binary_cross_entropy_with_logits(wanted, share, reduction="sum")
    return F.binary_cross_entropy_with_logits(given, share, reduction="sum") - own


def feature_loss(given: Tensor, wanted: Tensor) -> Tensor:
    """By how much two networks differ in which frames they find alike; (frames, any width) each.

    Similarity-preserving distillation (Tung and Mori 2019): the squared difference between the
    cosines of all pairs of frames, so that a pruned network need not have its teacher's width. A
    mean over each frame's partners, summed over frames.
    """
    student, teacher = F.normalize(given.float(), dim=-1), F.normalize(wanted.float(), dim=-1)
    return (student @ student.T - teacher @ teacher.T).square().mean(-1).sum()
