"""A copy has nothing to learn; a stranger does, and learns it, whatever its frames and letters."""

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from lines import batches, network
from torch import Tensor

from penjing.charset import DEFAULT, Charset
from penjing.compression.distillation import (
    Distillation,
    Weights,
    blank_loss,
    class_loss,
    common,
    feature_loss,
    nearest,
)
from penjing.compression.surgery import rebuilt
from penjing.compression.teachers import Network, Opinion
from penjing.errors import CharsetError, ConfigError
from penjing.models import CRNN

ONLY_TEACHER = Weights(labels=0.0, features=1.0)


def talkative(seed: int = 0) -> CRNN:
    """A random network that takes most frames for a character."""
    model = network("vgg", seed)
    model.head.blank.bias.data.fill_(-1)
    return model


class Elsewhere:
    """Speaks as ``model`` does, on a grid of ``frames`` and with the characters ``letters``."""

    def __init__(self, model: CRNN, frames: int, letters: Sequence[str]) -> None:
        self.inner, self.frames = Network(model), frames
        self.charset = Charset("elsewhere", letters)

    @property
    def fingerprint(self) -> str:
        return f"{self.inner.fingerprint} elsewhere"

    def look(self, images: Tensor) -> Opinion:
        own = self.inner.look(images)
        here = nearest(own.odds.shape[1], self.frames)
        rows = torch.tensor(self.inner.charset.encode("".join(self.charset.characters)))
        return Opinion(
            own.odds[:, here], lambda line, frame: own.classes(line, here[frame])[:, rows]
        )


def test_a_copy_has_nothing_to_learn() -> None:
    with torch.no_grad():
        loss = Distillation(Network(talkative()), ONLY_TEACHER)(talkative(), batches(1, 4)[0])
    assert float(loss) == pytest.approx(0, abs=1e-3)


def test_a_copy_has_nothing_to_learn_from_another_order_of_letters() -> None:
    letters = Charset.load(DEFAULT).characters[::-1]
    teacher = Elsewhere(talkative(), 24, letters)  # lines of 96 pixels have 24 frames
    with torch.no_grad():
        loss = Distillation(teacher, Weights(labels=0.0))(talkative(), batches(1, 4)[0])
    assert float(loss) == pytest.approx(0, abs=1e-2)


@pytest.mark.parametrize("frames", [18, 48])
def test_a_pruned_copy_comes_nearer_to_a_teacher_on_another_grid(frames: int) -> None:
    teacher = talkative()
    letters = Charset.load(DEFAULT).characters[:9000]
    lesson = Distillation(Elsewhere(teacher, frames, letters), Weights(labels=0.0))
    losses = taught(teacher, lesson)
    assert losses[-1] < 0.95 * losses[0]


def test_a_pruned_copy_comes_nearer() -> None:
    teacher = talkative()
    losses = taught(teacher, Distillation(Network(teacher), ONLY_TEACHER))
    assert losses[-1] < 0.95 * losses[0]
    assert all(p.grad is None for p in teacher.parameters())


def taught(teacher: CRNN, lesson: Distillation) -> list[float]:
    """A pruned copy's losses over a few steps."""
    kept = [0, 2, 3, 5, 6, 8, 9, 11]
    student = rebuilt(teacher, {"recurrent.1": kept, "conv4": range(32)}).requires_grad_(True)
    optimizer = torch.optim.Adam(student.parameters(), lr=2e-3)
    batch, losses = batches(1, 4)[0], []
    for _ in range(8):
        optimizer.zero_grad()
        loss = lesson(student, batch)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def test_lessons_are_told_apart_by_teacher_and_weights() -> None:
    lessons = [
        Distillation(Network(talkative())),
        Distillation(Network(talkative(seed=1))),
        Distillation(Network(talkative()), Weights(features=1.0)),
    ]
    assert len({lesson.fingerprint for lesson in lessons}) == 3
    assert Distillation(Network(talkative())).fingerprint == lessons[0].fingerprint


def test_divergences_are_nought_only_for_equals() -> None:
    x = torch.randn(5, 7)
    assert float(class_loss(x, x + 3, 2.0)) == pytest.approx(0, abs=1e-4)  # a shift is no change
    assert float(class_loss(x, x.flip(1), 2.0)) > 0.1
    assert float(blank_loss(x, x)) == pytest.approx(0, abs=1e-4)
    assert float(blank_loss(x, -x)) > 0.1
    turned = x @ torch.linalg.qr(torch.randn(7, 7))[0]
    assert float(feature_loss(3 * turned, x)) == pytest.approx(0, abs=1e-4)  # alike frames alike
    assert float(feature_loss(x[:, :3], x)) > 1e-2


@given(theirs=st.integers(1, 60), ours=st.integers(1, 60))
def test_every_frame_listens_to_the_nearest(theirs: int, ours: int) -> None:
    here = nearest(theirs, ours)
    assert len(here) == ours
    middles = (torch.arange(ours) + 0.5) / ours
    gaps = (middles[:, None] - (torch.arange(theirs) + 0.5)[None] / theirs).abs()
    chosen = gaps[torch.arange(ours), here]
    torch.testing.assert_close(chosen, gaps.min(1).values, atol=1e-5, rtol=0)
    if ours >= theirs:
        assert set(here.tolist()) == set(range(theirs))  # no spike is lost


def test_characters_are_matched_by_what_they_are() -> None:
    pair = common(Charset("a", "xyz1"), Charset("b", "1wzy"))
    assert pair is not None
    assert [n.tolist() for n in pair] == [[1, 2, 3], [3, 2, 0]]
    assert common(Charset("a", "xyz"), Charset("b", "xyz")) is None


def test_a_teacher_of_other_characters_is_refused() -> None:
    with pytest.raises(CharsetError, match="knows 1 of the student's 3 characters"):
        common(Charset("a", "xyz"), Charset("b", "zabcd"))


def test_features_of_a_teacher_that_shows_none_are_refused() -> None:
    letters = Charset.load(DEFAULT).characters
    lesson = Distillation(Elsewhere(talkative(), 24, letters), ONLY_TEACHER)
    with pytest.raises(ConfigError, match="features = 0"):
        lesson(talkative(), batches(1, 2)[0])
