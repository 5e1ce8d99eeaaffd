"""Fine-tuning after a cut; resumable, for it is what pruning spends its hours on."""

from __future__ import annotations

import time
from hashlib import sha256
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import track

from penjing.charset import Charset
from penjing.models import CRNN
from penjing.training.config import TrainConfig
from penjing.training.loop import Lesson, batches, begin, step
from penjing.training.processes import Processes


def heal(model: CRNN, lesson: Lesson, config: TrainConfig, checkpoint: Path) -> CRNN:
    """Fine-tune with ``lesson`` as the loss; the averaged network is returned, in eval mode.

    Goes on from ``checkpoint`` where there is one; once the result is safe, the caller removes it.
    Raises WeightsError if it is another network's, or was begun with other settings.
    """
    state = begin(config, model)
    state.begun = _fingerprint(model, config)
    if checkpoint.exists():
        state.load(checkpoint)
    processes, charset = Processes(), Charset.load(model.plan.charset)
    streams = [
        batches(config, charset, shard, state.step)
        for shard in processes.shards(config.data.shards)
    ]
    console, saved_at = Console(stderr=True), time.monotonic()
    for _ in track(
        range(state.step, config.steps),
        "fine-tuning",
        console=console,
        transient=True,
        disable=not (console.is_terminal and processes.first),
    ):
        step(state, streams, config, processes, lesson)
        state.step += 1
        due = time.monotonic() - saved_at > 60 * config.run.checkpoint_minutes
        if processes.sum(torch.tensor(float(due and processes.first))):
            processes.average_buffers(state.model)
            processes.average_buffers(state.average.model)
            if processes.first:
                state.save(checkpoint)
            saved_at = time.monotonic()
    processes.average_buffers(state.average.model)
    if processes.first:
        state.save(checkpoint)  # what comes after may fail: a full disk, an export, a kill
    processes.barrier()
    average = state.average.model
    assert isinstance(average, CRNN)
    return average.eval()


def _fingerprint(model: CRNN, config: TrainConfig) -> str:
    """Of the weights that are fine-tuned and of how."""
    said = sha256(repr((config.network, config.data, config.schedule)).encode())
    for value in model.state_dict().values():
        said.update(value.contiguous().numpy().tobytes())
    return said.hexdigest()
