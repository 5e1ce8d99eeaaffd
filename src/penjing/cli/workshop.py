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
        help="A folder with labels.tsv: a tenth is kept aside to measure on, the rest is learnt "
        "from. Default: rendered lines."
    ),
]
Lines = Annotated[int, typer.Option(min=1, help="At most how many lines to measure on.")]
Method = Annotated[
    str, typer.Option(help="How channels are chosen: bn_gamma, l1, fpgm, taylor, thinet or random.")
]
Threads = Annotated[int, typer.Option(min=1, help="Threads to compute with.")]
HealingLines = Annotated[
    int, typer.Option(min=1, help="Lines to fine-tune on (prune: after each round).")
]
Rate = Annotated[float, typer.Option(help="Peak learning rate of the fine-tuning.")]
BatchSize = Annotated[int, typer.Option(min=1, help="Lines in a batch.")]
MaxWidth = Annotated[
    int,
    typer.Option(
        min=32, help="Pixels; labelled pictures that are wider at a height of 32 are refused."
    ),
]
Features = Annotated[
    float, typer.Option(min=0, help="Weight of the loss that compares features with the teacher's.")
]
METHOD = "taylor"  # of both: sensitivity measures the loss of the channels that prune will cut
WIDEST = 768  # pixels, as in training
HEALING_SEED = 2  # not training's, which is 1: the network has not seen these lines yet
TEACHERS = "a .safetensors file, an .onnx file in PP-OCR's form, or pp-ocr for the installed one"


def exam_batches(
    network: CRNN, data: Path | None, lines: int, max_width: int = WIDEST
) -> list[Batch]:
    """Batches of lines that no network is trained on, for ``penjing.training.metrics.score``."""
    from penjing.charset import Charset
    from penjing.training.metrics import batched

    samples = exam_samples(network, data, lines, max_width)
    return batched(samples, Charset.load(network.plan.charset))


def exam_samples(network: CRNN, data: Path | None, lines: int, max_width: int) -> list[Sample]:
    """At most ``lines`` such lines, the narrowest first; says on stderr where there are fewer.

    They are the ones kept aside of the folder ``data``, or rendered without one.
    """
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
    """The lesson of the teacher called ``name``, or of ``default`` where no name is given.

    Raises ConfigError or CharsetError where teacher and student do not fit, before any work.
    """
    from penjing.charset import Charset
    from penjing.compression import distillation, teachers
    from penjing.training.step import check_teachable

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
    """The settings of a fine-tuning on ``lines`` lines.

    The running average of the weights, which is what is kept, reaches back a tenth of the steps:
    a longer one would still hold weights from just after the cut.
    """
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
