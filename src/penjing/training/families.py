"""What a recogniser of each registered family costs, at the family's default widths."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from statistics import median

import numpy as np

from penjing.charset import Charset
from penjing.models import Plan, build, skeleton
from penjing.models.backbones import default_channels, families
from penjing.report.counting import line_cost, parameters
from penjing.report.latency import Scales, noise, untrained
from penjing.training.batches import collate
from penjing.training.config import ScheduleConfig, TrainConfig
from penjing.training.processes import Processes
from penjing.training.sources import Picture
from penjing.training.start import begin
from penjing.training.step import step

LINES = 16  # in a training batch that is timed
CHARACTERS = 12  # in each of them
STEPS = 3  # of training that are timed, after one that is not


@dataclass(frozen=True)
class Measured:
    """On this machine, one thread: ``bytes`` of the ONNX file, median ``milliseconds`` a line of
    320 px, and how many such lines a training step gets through in a second."""

    bytes: int
    milliseconds: float
    training_lines: float


@dataclass(frozen=True)
class Family:
    """``backbone`` and ``parameters`` count weights; ``measured`` is None unless asked for."""

    name: str
    backbone: int
    parameters: int
    multiply_adds: int
    measured: Measured | None = None


def overview(measure: bool = False) -> Iterator[Family]:
    """Every family with the plan's default LSTM and head; ``measure`` exports and times each."""
    for name in families():
        plan = Plan(name, default_channels(name))
        model = skeleton(plan)
        counts = (parameters(model.backbone), parameters(model), line_cost(plan))
        yield Family(name, *counts, measured(plan) if measure else None)


def measured(plan: Plan) -> Measured:
    """Export a network of ``plan``; time it reading and training."""
    pictures = noise(plan.height)
    scales = Scales(untrained(plan, pictures), pictures)
    return Measured(scales.bytes, round(scales.milliseconds, 2), round(_training_lines(plan), 1))


def _training_lines(plan: Plan) -> float:
    charset = Charset.load(plan.charset)
    text = charset.decode(range(CHARACTERS))
    pictures = noise(plan.height, LINES)
    centres = (np.arange(CHARACTERS) + 0.5) * (pictures[0].shape[1] / CHARACTERS)
    lines = [Picture(pixels, text, centres.astype(np.float32)) for pixels in pictures]
    stream = repeat(collate(lines, charset))
    config = TrainConfig(schedule=ScheduleConfig(aligned=0.0))
    state, times = begin(config, build(plan)), []
    for _ in range(1 + STEPS):
        start = time.perf_counter()
        step(state, [stream], config, Processes())
        times.append(time.perf_counter() - start)
    return LINES / median(times[1:])
