"""Two losses: cross-entropy at each glyph's place first, then CTC, which needs only their order.

Both losses are sums over lines; the caller divides by the number of characters, so that a batch
gives the same gradient however it is split over processes.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from penjing.models.crnn import STRIDE, Head
from penjing.training.batches import Batch

IMPOSSIBLE = -1e9  # as the logarithm of a probability: zero
CERTAIN = 0.98  # CTC scores no characters on frames whose probability of blank is above this


def aligned_loss(frames: Tensor, head: Head, batch: Batch) -> Tensor:
    """Cross-entropy of the class at each glyph's centre, and of blank or not; summed over lines.

    Centres are not blank; frames away from them are, and so is a frame that must keep two glyphs
    apart. The other frames beside a centre are left out: a repeated character collapses.

    Args:
        frames: (batch, frames, features) from the network.
        batch: lines with their glyph centres.
    """
    n, t, _ = frames.shape
    line, label = batch.line, batch.label
    place = (batch.centre / STRIDE - 0.5).clamp(0, t - 1)
    here = place.round().long()
    logits = head.class_logits(frames[line, here]).float()
    loss = F.cross_entropy(logits, label, reduction="sum")

    time = torch.arange(t)
    blank = torch.ones(n, t, dtype=torch.bool)
    near = (time[None, :] - place[:, None]).abs() < 1.25
    blank.index_put_((line[near.nonzero()[:, 0]], near.nonzero()[:, 1]), torch.tensor(False))
    same_line = line[1:] == line[:-1]
    between = ((place[1:] + place[:-1]) / 2).round().long()
    apart = same_line & (between > here[:-1]) & (between < here[1:])
    blank[line[1:][apart], between[apart]] = True
    glyph = torch.zeros(n, t, dtype=torch.bool)
    glyph[line, here] = True
    blank &= ~glyph

    odds = head.blank_logit(frames).float()
    sure = blank | glyph
    return loss + F.binary_cross_entropy_with_logits(
        odds[sure], blank[sure].float(), reduction="sum"
    )


def ctc_loss(frames: Tensor, head: Head, batch: Batch) -> Tensor:
    """CTC (Graves et al. 2006) with a factored blank, summed over lines.

    Characters are scored only on frames that may hold one; on the others (``CERTAIN``) all are
    taken to be equally likely. Arguments as of ``aligned_loss``.
    """
    n, t, _ = frames.shape
    odds = head.blank_logit(frames).float()
    maybe = odds.detach() < math.log(CERTAIN / (1 - CERTAIN))
    maybe[batch.line, (batch.centre / STRIDE - 0.5).clamp(0, t - 1).round().long()] = True

    lengths = torch.bincount(batch.line, minlength=n)
    longest = int(lengths.max())
    targets = torch.zeros(n, longest, dtype=torch.long)
    targets[torch.arange(longest)[None, :] < lengths[:, None]] = batch.label
    row = maybe.nonzero()[:, 0]
    logits = head.class_logits(frames[maybe]).float()
    scores = logits.gather(1, targets[row]) - logits.logsumexp(-1, keepdim=True)
    uniform = frames.new_full((n, t, longest), -math.log(logits.shape[1]), dtype=torch.float32)
    characters = uniform.index_put((row, maybe.nonzero()[:, 1]), scores)
    characters = characters + F.logsigmoid(-odds)[..., None]
    loss: Tensor = ForwardBackward.apply(F.logsigmoid(odds), characters, targets, lengths)
    return loss


class ForwardBackward(torch.autograd.Function):
    """Negative log-likelihood summed over lines; its gradient is minus the state posteriors.

    ``F.ctc_loss`` needs the scores of all classes on every frame; this needs only those of the
    characters of the line's own text.

    Lines with more characters than their frames can hold are left out of the loss. They are told
    by their lengths: their likelihood would look like that of lines that gave NaN.

    Args:
        blank: (lines, frames), logarithm of the probability of blank.
        characters: (lines, frames, longest), that of each character of the line's text.
        targets: int64 (lines, longest), the classes of these characters.
        lengths: int64 (lines,), how many characters each line has.
    """

    @staticmethod
    def forward(
        ctx: Any, blank: Tensor, characters: Tensor, targets: Tensor, lengths: Tensor
    ) -> Tensor:
        n, t, longest = characters.shape
        states = 2 * longest + 1
        emit = blank.new_empty(n, t, states)
        emit[..., 0::2] = blank[..., None]
        emit[..., 1::2] = characters
        skip = torch.full((n, states), IMPOSSIBLE)
        skip[:, 3::2] = torch.where(targets[:, 1:] != targets[:, :-1], 0.0, IMPOSSIBLE)
        last = 2 * lengths[:, None]
        beyond = torch.arange(states)[None, :] > last

        alpha = torch.full((t, n, states), IMPOSSIBLE)
        alpha[0, :, :2] = emit[:, 0, :2]
        for i in range(1, t):
            alpha[i] = _reach(alpha[i - 1], skip) + emit[:, i]
        # Backwards, the same recursion runs over the states in reverse order.
        beta = torch.full((t, n, states), IMPOSSIBLE)
        ends = torch.cat([last, (last - 1).clamp_min(0)], 1)
        beta[-1].scatter_(1, ends, 0.0)
        back_skip = torch.full((n, states), IMPOSSIBLE)
        back_skip[:, :-2] = skip[:, 2:]
        for i in range(t - 2, -1, -1):
            ahead = (beta[i + 1] + emit[:, i + 1]).masked_fill(beyond, IMPOSSIBLE)
            beta[i] = _reach(ahead.flip(1), back_skip.flip(1)).flip(1)

        likelihood = alpha[-1].gather(1, ends).logsumexp(1)
        within = torch.arange(1, longest)[None, :] < lengths[:, None]
        repeats = ((targets[:, 1:] == targets[:, :-1]) & within).sum(1)  # each needs a blank
        possible = lengths + repeats <= t
        posterior = (alpha + beta - likelihood[None, :, None]).exp().transpose(0, 1)
        posterior = posterior.masked_fill(beyond[:, None] | ~possible[:, None, None], 0.0)
        ctx.save_for_backward(posterior)
        return -likelihood[possible].sum()

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        (posterior,) = ctx.saved_tensors
        scale = -grads[0]
        return scale * posterior[..., 0::2].sum(-1), scale * posterior[..., 1::2], None, None


def _reach(before: Tensor, skip: Tensor) -> Tensor:
    """Log-sum over staying, advancing one state, and (where allowed) skipping a blank."""
    one = F.pad(before[:, :-1], (1, 0), value=IMPOSSIBLE)
    two = F.pad(before[:, :-2], (2, 0), value=IMPOSSIBLE) + skip
    return torch.logaddexp(torch.logaddexp(before, one), two)
