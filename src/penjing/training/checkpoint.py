"""The state of a training run, saved and loaded so that it goes on as if it had never stopped."""

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
from penjing.training.processes import Processes

DIVERGED = "training diverged; lower the learning rate, or check the weights it began with"


class Average:
    """Exponential moving average of the weights: the network that is validated and shipped.

    BatchNorm's running statistics are averaged as well. By themselves they cover the last ten
    batches or so, with lines of a few widths only: that cost three points of exact match on real
    lines (compare Wu and Johnson, Rethinking "Batch" in BatchNorm, 2021).
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.model = copy.deepcopy(model).eval()

    def update(self, model: nn.Module, step: int) -> None:
        """Move the average towards ``model`` after a training step; ``step`` counts from 0.

        The decay is lower in the first steps, so that the random initial weights soon have no
        part in the average.
        """
        decay = min(self.decay, (1 + step) / (10 + step))
        move(self.model, model, 1 - decay)


@dataclass
class State:
    """Everything that changes during training.

    Attributes:
        model: the network that is trained.
        average: of its weights.
        step: how many steps have been done.
        begun: settings by name which must be the same when the run is gone on with.
    """

    model: nn.Module
    average: Average
    optimizer: torch.optim.Optimizer
    step: int = 0
    begun: Mapping[str, Any] = field(default_factory=dict)

    def settle(self, processes: Processes) -> None:
        """Give both networks the mean of all processes' BatchNorm statistics, before a ``save``.

        Raises DivergedError, in all processes or in none, where a weight is NaN or infinity.
        """
        for model in (self.model, self.average.model):
            processes.average_buffers(model)
            if broken := without_numbers(model.state_dict()):
                raise DivergedError(
                    f"after step {self.step} {broken[0]} and {len(broken) - 1} tensors more hold "
                    f"NaN or infinity: {DIVERGED}"
                )

    def save(self, path: Path) -> None:
        """Write the checkpoint. A process killed at any moment leaves a whole file at ``path``."""
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
        """Take over the checkpoint at ``path``.

        Raises WeightsError where it is of another network or run, or the file is no checkpoint.
        """
        try:
            saved = torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, ValueError, KeyError, EOFError, UnpicklingError) as error:
            raise WeightsError(f"{path} is no checkpoint: {error}") from error
        if saved.get("charset", self._charset) != self._charset:  # sizes may be equal
            raise WeightsError(
                f"{path} is of a network of other characters, {saved['charset']!r}; choose another "
                "run folder"
            )
        before = saved.get("begun")
        if isinstance(before, dict):  # older checkpoints lack it, or hold one number
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
        except (RuntimeError, KeyError, ValueError) as error:  # ValueError: other parts train
            raise WeightsError(
                f"{path} is of another network, or of other parts of it; choose another run folder"
            ) from error
        self.step = saved["step"]

    @property
    def _charset(self) -> str:
        assert isinstance(self.model, CRNN)
        return self.model.plan.charset
