"""The training loop, and what is kept of it in the run's folder."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from penjing.charset import Charset
from penjing.files import prepare
from penjing.models import CRNN, save
from penjing.training.batches import Batch
from penjing.training.config import TrainConfig
from penjing.training.journal import Journal
from penjing.training.metrics import score, validation_batches
from penjing.training.pace import Pace
from penjing.training.processes import Processes, tune_libraries
from penjing.training.sources import (
    check_labels,
    spell_charset,
    training_batches,
    validation_sources,
)
from penjing.training.start import begin
from penjing.training.step import Loss, check_teachable, is_aligned, learning_rate, step


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
        KeyboardInterrupt: on SIGINT or SIGTERM, after the step under way was done and kept.
    """
    config = spell_charset(config)
    torch.set_num_threads(config.run.threads)
    tune_libraries()
    with closing(Processes()) as processes:
        run = _Run(config, processes)
        if lesson is not None:
            check_teachable(run.model)
        with Journal(run.folder, config, run.state.step, quiet=not processes.first) as journal:
            if run.state.step < config.steps:
                run.go_on(journal, lesson)
            else:
                run.make_good(journal)
    return run.weights


class _Run:
    """A run in its folder: begun, or taken up from its checkpoint."""

    def __init__(self, config: TrainConfig, processes: Processes) -> None:
        self.config, self.processes = config, processes
        self.folder = Path(config.run.folder)
        self.checkpoint = self.folder / "checkpoint.pt"
        self.weights = self.folder / "weights.safetensors"
        prepare(self.checkpoint)
        self.state = begin(config)
        self.state.begun = _begun(config)
        if self.checkpoint.exists():
            self.state.load(self.checkpoint)
        self.charset = Charset.load(self.model.plan.charset)
        check_labels(config.data, self.charset)
        self.exams = self._exams() if processes.first else {}

    @property
    def model(self) -> CRNN:
        assert isinstance(self.state.model, CRNN)
        return self.state.model

    def _exams(self) -> dict[str, list[Batch]]:
        wanted, exams = self.config.run.validate_lines, {}
        for name, source in validation_sources(self.config.data, self.charset).items():
            exams[name] = validation_batches(source, wanted, self.charset)
            count = sum(len(batch.texts) for batch in exams[name])
            if count < wanted:
                print(f"validating on {count} lines: {name} keeps no more aside", flush=True)
        return exams

    def go_on(self, journal: Journal, lesson: Loss | None) -> None:
        """Train to the last step, keeping what there is every few minutes and at each exam.

        Raises KeyboardInterrupt after the step in which the first process was told to stop.
        """
        config, state, processes = self.config, self.state, self.processes
        shards = processes.shards(config.data.shards)
        streams = [training_batches(config, self.charset, shard, state.step) for shard in shards]
        with Pace(processes, config.run.checkpoint_minutes) as pace:
            while state.step < config.steps:
                said = None if is_aligned(config, state.step) else lesson
                loss, characters, lines = step(state, streams, config, processes, said)
                state.step += 1
                rate = learning_rate(config, state.step)
                journal.step(state.step, loss, characters, lines, rate)
                last = state.step == config.steps
                examine = last or state.step % config.run.validate_every == 0
                if pace.due() or examine:
                    self._keep(journal, examine and not pace.stopped)
                if pace.stopped:
                    raise KeyboardInterrupt

    def make_good(self, journal: Journal) -> None:
        """Do what a kill after the last step left undone; say so where that is nothing."""
        examined = journal.has_examined(self.state.step)
        if self.processes.agree(not (examined and self.weights.exists())):
            self._keep(journal, examine=not examined)
        elif self.processes.first:
            print(f"{self.folder} has been trained; another run wants another folder", flush=True)

    def _keep(self, journal: Journal, examine: bool) -> None:
        """Write history, checkpoint and weights; examine the averaged network where asked to."""
        state, average = self.state, self.state.average.model
        assert isinstance(average, CRNN)
        state.settle(self.processes)
        if self.processes.first:
            journal.flush(state.step, learning_rate(self.config, state.step))
            state.save(self.checkpoint)
            save(self.weights, average, step=str(state.step))
            if examine:
                marks = {k: score(average, v, self.charset) for k, v in self.exams.items()}
                journal.examined(state.step, marks)
        self.processes.barrier()


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
