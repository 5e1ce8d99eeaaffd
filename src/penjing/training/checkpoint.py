"""What a run needs to go on as if it had never stopped."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import nn

from penjing.errors import DivergedError, WeightsError
from penjing.files import written_whole
from penjing.models import CRNN
from penjing.models.average import move
from penjing.models.store import without_numbers

DIVERGED = "training diverged; lower the learning rate, or look at what it began with"


class Average:
    """Exponential moving average of the weights; the network one validates and ships.

    BatchNorm's statistics are averaged as well. Its own running ones remember some ten batches,
    which here are lines of a few widths only: they cost real lines three points of exact match
    (compare Wu and Johnson, Rethinking "Batch" in BatchNorm, 2021).
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.model = copy.deepcopy(model).eval()

    def update(self, model: nn.Module, step: int) -> None:
        """Early steps forget faster, so that the random start does not linger."""
        decay = min(self.decay, (1 + step) / (10 + step))
        move(self.model, model, 1 - decay)


@dataclass
class State:
    """Everything that changes during training; ``begun`` says with what, where that may not."""

    model: nn.Module
    average: Average
    optimizer: torch.optim.Optimizer
    step: int = 0
    begun: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raises DivergedError where a weight is no number; before one is kept, as it is slow.

        In all processes alike, once their buffers have been averaged.
        """
        for model in (self.model, self.average.model):
            if broken := without_numbers(model.state_dict()):
                raise DivergedError(
                    f"after step {self.step} {broken[0]} and {len(broken) - 1} tensors more hold "
                    f"NaN or infinity: {DIVERGED}"
                )

    def save(self, path: Path) -> None:
        """A kill at any moment leaves a whole file."""
        state = {
            "step": self.step,
            "charset": self._charset,
            "begun": dict(self.begun),
            "model": self.model.state_dict(),
            "average": self.average.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        with written_whole(path) as temporary:
            torch.save(state, temporary)

    def load(self, path: Path) -> None:
        """Raises WeightsError where the checkpoint is of another network or run, or is none."""
        try:
            saved = torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, ValueError, KeyError, EOFError, UnpicklingError) as error:
            raise WeightsError(f"{path} is no checkpoint: {error}") from error
        if saved.get("charset", self._charset) != self._charset:  # of the same size, perhaps
            raise WeightsError(
                f"{path} is of a network of other characters, {saved['charset']!r}; choose another "
                "run folder"
            )
        before = saved.get("begun")
        if isinstance(before, dict):  # older checkpoints do not say it, or as one number
            for name, value in self.begun.items():
                if before.get(name, value) != value:
                    raise WeightsError(
                        f"{path} was begun with {name} = {before[name]!r}, not {value!r}; go on "
                        "with that, choose another folder, or remove it to begin anew"
                    )
        try:
            self.model.load_state_dict(saved["model"])
            self.average.model.load_state_dict(saved["average"])
            self.optimizer.load_state_dict(saved["optimizer"])
        except (RuntimeError, KeyError, ValueError) as error:  # ValueError: other parts learn
            raise WeightsError(
                f"{path} is of another network, or of other parts of it; choose another run folder"
            ) from error
        self.step = saved["step"]

    @property
    def _charset(self) -> str:
        assert isinstance(self.model, CRNN)
        return self.model.plan.charset
