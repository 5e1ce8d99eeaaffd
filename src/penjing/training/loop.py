"""The training loop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from penjing.charset import Charset
from penjing.errors import ConfigError, DivergedError
from penjing.files import prepare
from penjing.models import CRNN, build, load, save, with_exit
from penjing.models.crnn import Head
from penjing.models.vocabulary import new_characters, with_charset
from penjing.training.batches import Batch, Stream, loader
from penjing.training.checkpoint import DIVERGED, Average, State
from penjing.training.config import ScheduleConfig, TrainConfig
from penjing.training.journal import Journal
from penjing.training.losses import aligned_loss, ctc_loss
from penjing.training.metrics import score, validation_batches
from penjing.training.processes import Processes, computes_in_bf16, tune_libraries
from penjing.training.sources import (
    check_labels,
    spell_charset,
    training_source,
    validation_sources,
)

EARLY = 0.3  # weight of an exit's loss, as of GoogLeNet's auxiliary classifiers (Szegedy 2014)
NAMED = 40  # new characters that are printed at most; the rest are counted
Loss = Callable[[CRNN, Batch], Tensor]  # summed over the lines of a batch


def train(config: TrainConfig, lesson: Loss | None = None) -> Path:
    """Train, or go on with, the run in ``config.run.folder``; return its weights file.

    ``lesson``, as ``distillation.lesson_of`` gives it, takes the place of CTC's loss. The folder
    holds ``checkpoint.pt`` (to go on from), ``weights.safetensors`` (the averaged network with its
    plan), ``history.csv``, TensorBoard events and ``curves.png``.

    Raises:
        ConfigError: a lesson is given for a network with an early exit.
        WeightsError: the folder's checkpoint is of another run.
        DivergedError: the loss, a gradient or a weight is NaN or infinity. The files that the
            folder held before are left as they were.
    """
    config = spell_charset(config)
    torch.set_num_threads(config.run.threads)
    tune_libraries()
    processes = Processes()
    folder = Path(config.run.folder)
    checkpoint, weights = folder / "checkpoint.pt", folder / "weights.safetensors"
    prepare(checkpoint)
    state = begin(config)
    state.begun = _begun(config)
    if checkpoint.exists():
        state.load(checkpoint)
    model = state.model
    assert isinstance(model, CRNN)
    if lesson is not None:
        check_teachable(model)
    charset = Charset.load(model.plan.charset)
    check_labels(config.data, charset)
    streams = [
        batches(config, charset, s, state.step) for s in processes.shards(config.data.shards)
    ]
    exams = {
        name: validation_batches(source, config.run.validate_lines, charset)
        for name, source in validation_sources(config.data, charset).items()
        if processes.first
    }
    for name, exam in exams.items():
        count = sum(len(batch.texts) for batch in exam)
        if count < config.run.validate_lines:
            print(f"validating on {count} lines: {name} keeps no more aside", flush=True)

    with ExitStack() as stack:
        stack.callback(processes.close)
        journal = stack.enter_context(
            Journal(folder, config, state.step, quiet=not processes.first)
        )

        def keep(examine: bool) -> None:
            processes.average_buffers(model)
            processes.average_buffers(state.average.model)
            state.check()
            if processes.first:
                journal.flush(state.step, _rate(config, state.step))
                state.save(checkpoint)
                average = state.average.model
                assert isinstance(average, CRNN)
                save(weights, average, step=str(state.step))
                if examine:
                    marks = {k: score(average, v, charset) for k, v in exams.items()}
                    journal.examined(state.step, marks)
            processes.barrier()

        if state.step >= config.steps:
            # Stopped between its last step and the end of its exam, or finished long ago.
            examined = journal.has_examined(state.step)
            lacking = processes.first and not (examined and weights.exists())
            if processes.sum(torch.tensor(float(lacking))):
                keep(examine=not examined)
            elif processes.first:
                print(f"{folder} has been trained; another run wants another folder", flush=True)
        saved_at = time.monotonic()
        while state.step < config.steps:
            said = None if _is_aligned(config, state.step) else lesson
            loss, characters, lines = step(state, streams, config, processes, said)
            state.step += 1
            journal.step(state.step, loss, characters, lines, _rate(config, state.step))
            last = state.step == config.steps
            examine = last or state.step % config.run.validate_every == 0
            # Rank 0's clock decides for all, since saving averages buffers over processes.
            due = time.monotonic() - saved_at > 60 * config.run.checkpoint_minutes
            due = bool(processes.sum(torch.tensor(float(due and processes.first))))
            if examine or due:
                saved_at = time.monotonic()
                keep(examine)
    return weights


def _begun(config: TrainConfig) -> dict[str, Any]:
    """The settings that may not change when a run goes on: all of [network] and [data], the weight
    decay and the teacher. Not the character set: ``State.load`` compares the network's own.
    """
    network, data = asdict(config.network), asdict(config.data)
    del network["charset"]
    return {
        **{f"network.{name}": value for name, value in network.items()},
        **{f"data.{name}": value for name, value in data.items()},
        "schedule.weight_decay": config.schedule.weight_decay,
        "schedule.teacher": config.schedule.teacher,
    }


def check_teachable(model: CRNN) -> None:
    """Raises ConfigError for a network with an early exit: a teacher says nothing of that."""
    if model.exit is not None:
        raise ConfigError("a teacher has no lesson for an early exit; leave out one of the two")


def begin(config: TrainConfig, model: CRNN | None = None) -> State:
    """A network (``model``, or the one of the config), its average and optimiser, at step 0."""
    torch.manual_seed(config.data.seed)
    if model is not None:
        model = model.train()
    elif config.network.start:
        model = _started(config.network.start, config.network.charset).train()
        if config.network.exit not in ("", model.plan.exit):
            model = with_exit(model, config.network.exit)
    else:
        model = build(config.network.plan())
    if config.network.alone:
        _freeze_all_but(model, config.network.alone)
    model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    learning = [p for p in model.parameters() if p.requires_grad]
    decayed = [p for p in learning if p.ndim > 1]
    plain = [p for p in learning if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.schedule.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=config.schedule.learning_rate,
        betas=(0.9, 0.98),
        foreach=True,
    )
    return State(model, Average(model, config.schedule.ema), optimizer)


def _freeze_all_but(model: CRNN, alone: Sequence[str]) -> None:
    """Freeze all parts but ``alone``, BatchNorm statistics too; raises ConfigError if missing."""
    parts = dict(model.named_modules())
    if missing := [name for name in alone if name not in parts]:
        largest = ", ".join(dict(model.named_children()))
        raise ConfigError(
            f"alone = {missing} names no part of this network, which has {largest}, and parts of "
            "these, as backbone.stem; it has an exit only where exit = ... names a layer"
        )
    model.requires_grad_(False).eval()
    for name in alone:
        parts[name].requires_grad_(True).train()


def _started(start: str, charset: str) -> CRNN:
    """The network in ``start``, given the character set ``charset`` if that is another."""
    model = load(start)
    if charset in ("", model.plan.charset):
        return model
    if Processes().first:
        new = new_characters(model, charset)
        few = " ".join(map(repr, new[:NAMED])) + (" …" if len(new) > NAMED else "")
        said = f"{len(new)} new to {start}: {few}" if new else f"all known to {start}"
        print(f"{len(Charset.load(charset))} characters, {said}", flush=True)
    return with_charset(model, charset)


def batches(config: TrainConfig, charset: Charset, shard: int, start: int) -> Iterator[Batch]:
    """The endless batches of a shard from number ``start`` on, rendered in the background."""
    stream = Stream(
        training_source(config.data, charset),
        charset,
        shard=shard,
        shards=config.data.shards,
        batch=config.data.batch,
        pool=config.data.pool,
        start=start,
        first_line=config.data.first_line,
    )
    return loader(stream)


def _rate(config: TrainConfig, step: int) -> float:
    """The learning rate of a step: linear warm-up, then a cosine to a hundredth of the peak."""
    peak, total = config.schedule.learning_rate, config.steps
    warm = max(1, round(config.schedule.warmup * total))
    if step < warm:
        return peak * (step + 1) / warm
    fall = 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))
    return peak * (0.01 + 0.99 * fall)


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
        lesson = _aligned if _is_aligned(config, state.step) else _ctc
    for group in state.optimizer.param_groups:
        group["lr"] = _rate(config, state.step)
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


def _is_aligned(config: TrainConfig, step: int) -> bool:
    return step < config.aligned * config.steps


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
