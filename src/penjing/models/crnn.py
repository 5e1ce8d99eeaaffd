"""The recogniser: CNN backbone, bidirectional LSTM, CTC head with a blank of its own.

After Shi, Bai and Yao, "An End-to-End Trainable Neural Network for Image-based Sequence
Recognition" (2015), with one change: whether a frame is blank is one number, apart from which
character it is (the factored blank of Variani et al., "Hybrid Autoregressive Transducer", 2020).
A frame whose blank probability is above a half can never win greedy decoding, so the classifier
over thousands of characters runs only on the few frames that hold one.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from penjing.charset import Charset
from penjing.errors import PlanError
from penjing.models.backbones import backbone
from penjing.models.blocks import Separable
from penjing.models.plan import Plan

STRIDE = 4  # input pixels per output frame, the same in every family


class Recurrent(nn.Module):
    """Stacked bidirectional LSTMs, each of its own width, so that each can be pruned alone."""

    def __init__(self, inputs: int, hidden: tuple[int, ...]) -> None:
        super().__init__()
        widths = [inputs, *(2 * h for h in hidden)]
        self.layers = nn.ModuleList(
            nn.LSTM(width, h, batch_first=True, bidirectional=True)
            for width, h in zip(widths, hidden, strict=False)
        )

    def forward(self, frames: Tensor) -> Tensor:
        """(batch, frames, inputs) to (batch, frames, 2 x last hidden)."""
        for layer in self.layers:
            frames, _ = layer(frames)
        return frames


class Head(nn.Module):
    """Blank or not, and which character: a linear map, or two through ``rank`` numbers."""

    def __init__(self, inputs: int, rank: int | None, classes: int) -> None:
        super().__init__()
        self.blank = nn.Linear(inputs, 1)
        self.squeeze = nn.Linear(inputs, rank) if rank else nn.Identity()
        self.classify = nn.Linear(rank or inputs, classes)

    def blank_logit(self, frames: Tensor) -> Tensor:
        """(..., inputs) to (...): log-odds that a frame holds no character."""
        return self.blank(frames).squeeze(-1)

    def class_logits(self, frames: Tensor) -> Tensor:
        """(..., inputs) to (..., classes), to be normalised over the characters alone."""
        return self.classify(self.squeeze(frames))


class Exit(nn.Module):
    """Makes frames that the head can read of an early layer's columns and their neighbours.

    Easy lines need not go deeper (Teerapittayanon, McDanel and Kung, "BranchyNet", 2016). The exit
    has no head of its own: most of a recogniser's weights are there.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.aside = Separable(inputs, outputs, (1, 7))

    def forward(self, columns: Tensor) -> Tensor:
        """(batch, inputs, rows, frames) to (batch, frames, outputs)."""
        return self.aside(columns.mean(2, keepdim=True)).squeeze(2).transpose(1, 2)


class CRNN(nn.Module):
    """Line image to frames; ``head`` turns frames into blank and character scores."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.backbone = backbone(plan.family, plan.channels)
        self.recurrent = Recurrent(self.backbone.outputs, plan.recurrent)
        classes = len(Charset.load(plan.charset))
        self.head = Head(2 * plan.recurrent[-1], plan.rank, classes)
        self.exit: Exit | None = None
        if plan.exit:
            _, _, channels = self.backbone.split(plan.exit)
            self.exit = Exit(channels, 2 * plan.recurrent[-1])

    def forward(self, images: Tensor) -> Tensor:
        """Gray uint8 (batch, 1, height, width) to frames (batch, width / 4, features)."""
        return self._frames(self.backbone(normalised(images)))

    def shallow(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """For a plan with an exit: its frames, and the columns to go on ``deeper`` with.

        Gray uint8 (batch, 1, height, width) to (batch, width / 4, features) and (batch, channels,
        rows, width / 4).
        """
        assert self.exit is not None
        assert self.plan.exit
        first, _, _ = self.backbone.split(self.plan.exit)
        columns = first(normalised(images))
        return self.exit(columns), columns

    def deeper(self, columns: Tensor) -> Tensor:
        """From the columns at the exit to the same frames as ``forward`` gives."""
        assert self.plan.exit
        _, rest, _ = self.backbone.split(self.plan.exit)
        return self._frames(rest(columns))

    def _frames(self, columns: Tensor) -> Tensor:
        return self.recurrent(columns.squeeze(2).transpose(1, 2))

    @torch.no_grad()
    def read(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Greedy labels (int64; -1 is blank) and their probabilities, both (batch, width / 4)."""
        frames = self(images)
        blank = torch.sigmoid(self.head.blank_logit(frames).float())
        best, label = self.head.class_logits(frames).float().softmax(-1).max(-1)
        best = best * (1 - blank)
        return torch.where(blank > best, -1, label), torch.maximum(blank, best)


def normalised(images: Tensor) -> Tensor:
    """Gray 0..255 to about -1..1."""
    return images.float() / 127.5 - 1.0


def build(plan: Plan) -> CRNN:
    """A fresh network.

    Raises PlanError for an unknown family or layer name, and for widths beyond all memory.
    """
    try:
        return CRNN(plan)
    except RuntimeError as error:  # of torch's allocator, in the words of C++
        widths = [*plan.channels.values(), *plan.recurrent]
        raise PlanError(
            f"memory cannot hold a network of these widths, {min(widths)} to {max(widths)}; take "
            "narrower ones"
        ) from error


def skeleton(plan: Plan) -> CRNN:
    """The network of a plan without any numbers in it, on the meta device."""
    with torch.device("meta"):
        return build(plan)


def with_exit(model: CRNN, layer: str | None) -> CRNN:
    """The same network with an untrained exit after ``layer``, or with none."""
    changed = build(replace(model.plan, exit=layer))
    kept = changed.state_dict().keys()
    weights = {name: value for name, value in model.state_dict().items() if name in kept}
    changed.load_state_dict(weights, strict=False)
    return changed
