"""A training step: a global batch's loss, its gradient, and the weights moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from penjing.errors import ConfigError, DivergedError
from penjing.models import CRNN
from penjing.models.crnn import Head
from penjing.training.batches import Batch
from penjing.training.checkpoint import DIVERGED, State
from penjing.training.config import ScheduleConfig, TrainConfig
from penjing.training.losses import aligned_loss, ctc_loss
from penjing.training.processes import Processes, computes_in_bf16

EARLY = 0.3  # weight of an exit's loss, as of GoogLeNet's auxiliary classifiers (Szegedy 2014)
Loss = Callable[[CRNN, Batch], Tensor]  # summed over the lines of a batch


def step(
    state: State,
    streams: list[Iterator[Batch]],
    config: TrainConfig,
    processes: Processes,
    lesson: Loss | None = None,
) -> tuple[float, int, int]:
    """Train on one global batch; return its loss per character, and its characters and lines.

    ``lesson`` is the loss; None for that of the schedule's phase. Raises DivergedError, before any
    weight is changed, where the sum over processes of the loss or the gradient is no number.
    """
    schedule, model = config.schedule, state.model
    assert isinstance(model, CRNN)
    if lesson is None:
        lesson = _aligned if is_aligned(config, state.step) else _ctc
    for group in state.optimizer.param_groups:
        group["lr"] = learning_rate(config, state.step)
    state.optimizer.zero_grad(set_to_none=True)
    totals = torch.zeros(3, dtype=torch.float64)
    bf16 = config.run.bf16 and computes_in_bf16()
    for stream in streams:
        batch = next(stream)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            loss = lesson(model, batch)
        loss.backward()
        totals += torch.tensor([loss.item(), len(batch.label), len(batch.texts)])
    processes.sum(totals)
    processes.sum_gradients(model.parameters())
    characters = max(1.0, totals[1].item())
    for p in model.parameters():
        if p.grad is not None:
            p.grad.div_(characters)
    _penalise(model, schedule)
    norm = float(nn.utils.clip_grad_norm_(model.parameters(), schedule.clip))
    mean = totals[0].item() / characters
    if not (math.isfinite(mean) and math.isfinite(norm)):
        raise DivergedError(
            f"in step {state.step + 1} the loss is {mean:g} and its gradient {norm:g}: {DIVERGED}"
        )
    state.optimizer.step()
    state.average.update(model, state.step)
    return mean, int(totals[1]), int(totals[2])


def learning_rate(config: TrainConfig, step: int) -> float:
    """The learning rate of a step: linear warm-up, then a cosine to a hundredth of the peak."""
    peak, total = config.schedule.learning_rate, config.steps
    warm = max(1, round(config.schedule.warmup * total))
    if step < warm:
        return peak * (step + 1) / warm
    fall = 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))
    return peak * (0.01 + 0.99 * fall)


def is_aligned(config: TrainConfig, step: int) -> bool:
    return step < config.aligned * config.steps


def check_teachable(model: CRNN) -> None:
    """Raises ConfigError for a network with an early exit: a teacher says nothing of that."""
    if model.exit is not None:
        raise ConfigError("a teacher has no lesson for an early exit; leave out one of the two")


def _aligned(model: CRNN, batch: Batch) -> Tensor:
    return _taught(aligned_loss, model, batch)


def _ctc(model: CRNN, batch: Batch) -> Tensor:
    return _taught(ctc_loss, model, batch)


def _taught(loss: Callable[[Tensor, Head, Batch], Tensor], model: CRNN, batch: Batch) -> Tensor:
    """``loss`` of the network's frames, plus ``EARLY`` times that of an exit's frames."""
    if model.exit is None:
        return loss(model(_pictures(batch)), model.head, batch)
    early, columns = model.shallow(_pictures(batch))
    if not model.head.blank.weight.requires_grad:  # the exit is trained alone
        return loss(early, model.head, batch)
    deep = loss(model.deeper(columns), model.head, batch)
    return deep + EARLY * loss(early, model.head, batch)


def _pictures(batch: Batch) -> Tensor:
    return batch.images.contiguous(memory_format=torch.channels_last)


def _penalise(model: nn.Module, schedule: ScheduleConfig) -> None:
    """Add the subgradient of the L1 penalty on every BatchNorm's γ."""
    if not schedule.gamma_l1:
        return
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and module.weight.grad is not None:
            module.weight.grad.add_(module.weight.detach().sign(), alpha=schedule.gamma_l1)
