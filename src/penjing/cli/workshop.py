"""What ``penjing sensitivity``, ``prune`` and ``distil`` share: options, exam, fine-tuning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from penjing.compression.distillation import Distillation
    from penjing.models import CRNN
    from penjing.training.batches import Batch, Sample
    from penjing.training.config import TrainConfig

Model = Annotated[Path, typer.Argument(help="A .safetensors file with its plan.")]
Data = Annotated[
    Path | None,
    typer.Option(
        help="A folder with labels.tsv, of which a tenth is measured on and all else learnt from; "
        "rendered lines without it."
    ),
]
Lines = Annotated[int, typer.Option(min=1, help="At most how many lines to measure on.")]
Method = Annotated[str, typer.Option(help="bn_gamma, l1, fpgm, taylor, thinet or random.")]
Threads = Annotated[int, typer.Option(min=1, help="Threads to compute with.")]
HealingLines = Annotated[int, typer.Option(min=1, help="Lines to fine-tune on (prune: a round).")]
Rate = Annotated[float, typer.Option(help="Peak learning rate of the fine-tuning.")]
BatchSize = Annotated[int, typer.Option(min=1, help="Lines in a batch.")]
MaxWidth = Annotated[
    int, typer.Option(min=32, help="Labelled pictures wider than this, 32 px high, are refused.")
]
Features = Annotated[
    float, typer.Option(min=0, help="Weight of the teacher's features in the lesson.")
]
METHOD = "taylor"  # what a table says of a layer holds for the channels that will go
WIDEST = 768  # as training's
HEALING_SEED = 2  # training's is 1: lines that the network has not seen yet
TEACHERS = "a .safetensors file, an .onnx file of PP-OCR's form, or pp-ocr for the installed one"


def exam_batches(
    network: CRNN, data: Path | None, lines: int, max_width: int = WIDEST
) -> list[Batch]:
    """Lines that no network is trained on."""
    from penjing.charset import Charset
    from penjing.training.metrics import batched

    samples = exam_samples(network, data, lines, max_width)
    return batched(samples, Charset.load(network.plan.charset))


def exam_samples(network: CRNN, data: Path | None, lines: int, max_width: int) -> list[Sample]:
    """The same, the narrowest first. Where there are fewer, it is said how many."""
    from penjing.charset import Charset
    from penjing.training.config import DataConfig
    from penjing.training.metrics import validation_samples
    from penjing.training.processes import Processes
    from penjing.training.sources import validation_sources

    charset = Charset.load(network.plan.charset)
    where = DataConfig(folder=str(data or ""), max_width=max_width)
    source = next(iter(validation_sources(where, charset).values()))
    samples = validation_samples(source, lines)
    if len(samples) < lines and Processes().first:
        few = f"{data} keeps {len(samples)} lines aside, and these are measured on"
        typer.echo(f"penjing: {few}, not {lines}", err=True)
    return samples


def fitting_lesson(name: str, student: CRNN, default: CRNN | None, features: float) -> Distillation:
    """Refused before an hour of work where teacher and student do not fit."""
    from penjing.charset import Charset
    from penjing.compression import distillation, teachers
    from penjing.training.loop import check_teachable

    check_teachable(student)
    teacher = teachers.teacher(name) if default is None or name else teachers.Network(default)
    distillation.common(Charset.load(student.plan.charset), teacher.charset)
    return distillation.Distillation(teacher, distillation.Weights(features=features))


def healing_of(
    lines: int,
    rate: float,
    batch: int,
    data: Path | None,
    max_width: int = WIDEST,
    shards: int = 1,
    first_line: int = 0,
) -> TrainConfig:
    """The average that is kept remembers a tenth of the steps, so that the cut is forgotten."""
    from penjing.training.config import DataConfig, ScheduleConfig, TrainConfig

    remembered = max(2.0, 0.1 * lines / (batch * shards))
    return TrainConfig(
        data=DataConfig(
            seed=HEALING_SEED,
            first_line=first_line,
            folder=str(data or ""),
            max_width=max_width,
            batch=batch,
            shards=shards,
        ),
        # The optimiser begins anew, and knows no gradient's size yet.
        schedule=ScheduleConfig(
            lines=lines, learning_rate=rate, warmup=0.1, ema=1 - 1 / remembered
        ),
    )
