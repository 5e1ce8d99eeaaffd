"""What each registered family costs as a recogniser, at its own widths."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from penjing.compression.surgery import skeleton
from penjing.models import Plan, build
from penjing.models.backbones import default_channels, families
from penjing.report.counting import WIDTH, line_cost, parameters


@dataclass(frozen=True)
class Family:
    """``bytes`` of the ONNX file and median ``milliseconds`` a line are None unless measured."""

    name: str
    backbone: int
    parameters: int
    multiply_adds: int
    bytes: int | None = None
    milliseconds: float | None = None


def overview(measure: bool = False) -> Iterator[Family]:
    """Every family with the plan's default LSTM and head; ``measure`` exports and times each."""
    for name in families():
        plan = Plan(name, default_channels(name))
        model = skeleton(plan)
        counts = (parameters(model.backbone), parameters(model), line_cost(plan))
        yield Family(name, *counts, *(_measured(plan) if measure else ()))


def _measured(plan: Plan) -> tuple[int, float]:
    from penjing.export import export
    from penjing.report.latency import interleaved
    from penjing.runtime.recogniser import Recogniser

    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 256, (plan.height, WIDTH), dtype=np.uint8) for _ in range(5)]
    with tempfile.TemporaryDirectory() as folder:
        file = export(build(plan), Path(folder) / "network.onnx")
        recogniser = Recogniser(file, threads=1)
        timing = interleaved({"": lambda pixels: recogniser.read([pixels])}, noise)[""]
        return file.stat().st_size, round(timing.median, 2)
