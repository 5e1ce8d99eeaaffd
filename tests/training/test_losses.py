"""The CTC of the factored blank against PyTorch's own."""

import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.models.crnn import Head
from penjing.training.batches import Batch
from penjing.training.losses import ForwardBackward, aligned_loss, ctc_loss


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    frames=st.integers(4, 30),
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5),
)
def test_forward_backward_equals_pytorchs_ctc(seed: int, frames: int, lengths: list[int]) -> None:
    torch.manual_seed(seed)
    lines, longest, classes = len(lengths), max(lengths), 5
    sizes = torch.tensor(lengths)
    logits = torch.randn(lines, frames, classes, requires_grad=True)
    odds = torch.randn(lines, frames, requires_grad=True)
    targets = torch.randint(0, 3, (lines, longest))  # few classes, so that repeats are common
    characters = F.log_softmax(logits, -1) + F.logsigmoid(-odds)[..., None]
    joined = torch.cat([F.logsigmoid(odds)[..., None], characters], -1).transpose(0, 1)
    expected = F.ctc_loss(
        joined,
        targets + 1,
        torch.full((lines,), frames),
        sizes,
        reduction="sum",
        zero_infinity=True,
    )
    wanted = torch.autograd.grad(expected, [logits, odds], retain_graph=True)

    own = characters.gather(2, targets[:, None].expand(lines, frames, longest))
    loss = ForwardBackward.apply(F.logsigmoid(odds), own, targets, sizes)
    got = torch.autograd.grad(loss, [logits, odds])

    torch.testing.assert_close(loss, expected, atol=1e-3, rtol=1e-4)
    for ours, theirs in zip(got, wanted, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-3)


def _batch(text: list[int], centres: list[float], width: int) -> Batch:
    return Batch(
        torch.zeros(1, 1, 32, width, dtype=torch.uint8),
        torch.zeros(len(text), dtype=torch.long),
        torch.tensor(text),
        torch.tensor(centres),
        ("x" * len(text),),
    )


def test_both_losses_fall_to_nothing_on_one_line_with_a_repeat() -> None:
    torch.manual_seed(0)
    batch = _batch([2, 2, 1], [10.0, 22.0, 40.0], 64)
    for loss_of in (aligned_loss, ctc_loss):
        frames = torch.randn(1, 16, 8, requires_grad=True)
        head = Head(8, None, 4)
        optimizer = torch.optim.Adam([frames, *head.parameters()], 0.1)
        for _ in range(150):
            optimizer.zero_grad()
            loss = loss_of(frames, head, batch)
            loss.backward()
            optimizer.step()
        assert loss.item() < 0.1
        labels = head.class_logits(frames).argmax(-1)[head.blank_logit(frames) < 0]
        assert torch.unique_consecutive(labels).tolist() in ([2, 2, 1], [2, 1])
        blank_between = head.blank_logit(frames)[0, 2:6].max() > 0
        assert blank_between, "a repeat needs a blank between"


def test_a_line_longer_than_its_frames_counts_nothing() -> None:
    characters = torch.zeros(1, 2, 3, requires_grad=True)
    loss = ForwardBackward.apply(
        torch.zeros(1, 2), characters, torch.tensor([[1, 1, 1]]), torch.tensor([3])
    )
    loss.backward()
    assert loss.item() == 0
    assert characters.grad is not None
    assert not characters.grad.any()


def test_a_line_of_nan_is_not_taken_for_one_that_is_too_long() -> None:
    characters = torch.full((1, 5, 3), torch.nan)
    loss = ForwardBackward.apply(
        torch.zeros(1, 5), characters, torch.tensor([[1, 1, 1]]), torch.tensor([3])
    )
    assert loss.isnan()
