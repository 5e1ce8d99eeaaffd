"""Fine-tuning after a cut. It takes most of the hours of pruning, so it can be resumed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import track
from torch import Tensor

from penjing.charset import Charset
from penjing.errors import DivergedError
from penjing.models import CRNN
from penjing.models.fingerprint import fingerprint
from penjing.training.batches import Batch
from penjing.training.checkpoint import State
from penjing.training.config import TrainConfig
from penjing.training.pace import Pace
from penjing.training.processes import Processes
from penjing.training.sources import training_batches
from penjing.training.start import begin
from penjing.training.step import step


class Lesson(Protocol):
    """A loss summed over the lines of a batch, with a fingerprint to recognise it by."""

    @property
    def fingerprint(self) -> str:
        """Of the teacher, and of the weight of each term of the loss."""
        ...

    def __call__(self, model: CRNN, batch: Batch, /) -> Tensor: ...


def heal(model: CRNN, lesson: Lesson, config: TrainConfig, checkpoint: Path) -> CRNN:
    """Fine-tune with ``lesson`` as the loss; the averaged network is returned, in eval mode.

    Goes on from ``checkpoint`` where there is one. The caller removes it after saving the result.

    Raises:
        WeightsError: the checkpoint is another network's, or was begun with other settings.
        DivergedError: the loss, a gradient or a weight is NaN or infinity. The checkpoint is
            removed then, for going on from it would diverge again.
        KeyboardInterrupt: on SIGINT or SIGTERM, after the step under way was done and kept.
    """
    state = begin(config, model)
    state.begun = _begun(model, lesson, config)
    if checkpoint.exists():
        state.load(checkpoint)
    processes = Processes()
    try:
        _go_on(state, lesson, config, processes, checkpoint)
    except DivergedError:
        if processes.first:
            checkpoint.unlink(missing_ok=True)
        raise
    average = state.average.model
    assert isinstance(average, CRNN)
    return average.eval()


def _go_on(
    state: State, lesson: Lesson, config: TrainConfig, processes: Processes, checkpoint: Path
) -> None:
    """Train from ``state.step`` to the last step; save ``checkpoint`` on the way and at the end."""
    assert isinstance(state.model, CRNN)
    charset = Charset.load(state.model.plan.charset)
    streams = [
        training_batches(config, charset, shard, state.step)
        for shard in processes.shards(config.data.shards)
    ]
    console = Console(stderr=True)
    steps = track(
        range(state.step, config.steps),
        "fine-tuning",
        console=console,
        transient=True,
        disable=not (console.is_terminal and processes.first),
    )
    with Pace(processes, config.run.checkpoint_minutes) as pace:
        for _ in steps:
            step(state, streams, config, processes, lesson)
            state.step += 1
            if pace.due():
                _keep(state, processes, checkpoint)
            if pace.stopped:
                raise KeyboardInterrupt
    _keep(state, processes, checkpoint)  # what comes after may fail: a full disk, an export, a kill
    processes.barrier()


def _keep(state: State, processes: Processes, checkpoint: Path) -> None:
    state.settle(processes)
    if processes.first:
        state.save(checkpoint)


def _begun(model: CRNN, lesson: Lesson, config: TrainConfig) -> dict[str, Any]:
    """The settings that may not change when a fine-tuning goes on, by name.

    They are the weights it began with, the lesson, and all of [data] and [schedule].
    """
    return {
        "weights": fingerprint(model),
        "lesson": lesson.fingerprint,
        **{f"data.{name}": value for name, value in asdict(config.data).items()},
        **{f"schedule.{name}": value for name, value in asdict(config.schedule).items()},
    }
