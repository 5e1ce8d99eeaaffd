"""A copy has nothing to learn; a stranger does, and learns it."""

import pytest
import torch
from lines import batches, network

from penjing.compression.distillation import Distillation, Weights, blank_loss, class_loss
from penjing.compression.surgery import rebuilt
from penjing.errors import CharsetError

ONLY_TEACHER = Weights(labels=0.0, features=1.0)


def test_a_copy_has_nothing_to_learn() -> None:
    teacher, student = network("vgg"), network("vgg")
    with torch.no_grad():
        for model in (teacher, student):
            model.head.blank.bias.fill_(-1)  # else no frame would hold a character
        loss = Distillation(teacher, ONLY_TEACHER)(student, batches(1, 4)[0])
    assert float(loss) == pytest.approx(0, abs=1e-3)


def test_a_pruned_copy_comes_nearer() -> None:
    teacher = network("vgg")
    teacher.head.blank.bias.data.fill_(-1)
    kept = [0, 2, 3, 5, 6, 8, 9, 11]
    student = rebuilt(teacher, {"recurrent.1": kept, "conv4": range(32)}).requires_grad_(True)
    lesson = Distillation(teacher, ONLY_TEACHER, kept=kept)
    optimizer = torch.optim.Adam(student.parameters(), lr=2e-3)
    batch, losses = batches(1, 4)[0], []
    for _ in range(8):
        optimizer.zero_grad()
        loss = lesson(student, batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.95 * losses[0]
    assert all(p.grad is None for p in teacher.parameters())


def test_divergences_are_nought_only_for_equals() -> None:
    x = torch.randn(5, 7)
    assert float(class_loss(x, x + 3, 2.0)) == pytest.approx(0, abs=1e-4)  # a shift is no change
    assert float(class_loss(x, x.flip(1), 2.0)) > 0.1
    assert float(blank_loss(x, x)) == pytest.approx(0, abs=1e-4)
    assert float(blank_loss(x, -x)) > 0.1


def test_teacher_and_student_must_share_their_characters() -> None:
    from dataclasses import replace

    teacher, student = network("vgg"), network("vgg")
    student.plan = replace(student.plan, charset="digits")
    with pytest.raises(CharsetError, match="digits"):
        Distillation(teacher)(student, batches(1, 2)[0])
