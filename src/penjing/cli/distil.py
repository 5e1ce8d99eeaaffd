"""``penjing distil``: fine-tuning with a teacher (knowledge distillation)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors
from penjing.cli.processes import run_in
from penjing.cli.workshop import (
    TEACHERS,
    WIDEST,
    BatchSize,
    Data,
    Features,
    HealingLines,
    Lines,
    MaxWidth,
    Model,
    Rate,
    Threads,
    exam_batches,
    fitting_lesson,
    healing_of,
)


@app.command(rich_help_panel=WORKSHOP)
def distil(
    student: Model,
    out: Annotated[Path, typer.Option(help="The .safetensors file to write.")],
    teacher: Annotated[str, typer.Option(help=f"Who teaches: {TEACHERS}.")],
    features: Features = 0.0,
    healing_lines: HealingLines = 50_000,
    first_line: Annotated[
        int,
        typer.Option(
            min=0,
            help="Number of the first rendered line, so that a second run learns from others.",
        ),
    ] = 0,
    rate: Rate = 5e-4,
    batch: BatchSize = 32,
    data: Data = None,
    max_width: MaxWidth = WIDEST,
    lines: Lines = 400,
    threads: Threads = 1,
    processes: Annotated[
        int, typer.Option(min=1, help="Processes on this machine that share the work.")
    ] = 1,
) -> None:
    """Fine-tune a recogniser on labels and on what a teacher reads; goes on where it stopped."""
    from penjing.charset import Charset
    from penjing.compression.healing import heal
    from penjing.files import prepare
    from penjing.models import load, save
    from penjing.training.metrics import score
    from penjing.training.processes import Processes

    with typed_errors():
        if processes > 1 and "WORLD_SIZE" not in os.environ:
            run_in(processes, "penjing", *sys.argv[1:])
            return
        import torch

        torch.set_num_threads(threads)
        network = load(student)
        prepare(out)
        checkpoint = out.with_name(f"{out.name}.checkpoint")
        charset = Charset.load(network.plan.charset)
        lesson = fitting_lesson(teacher, network, None, features)
        exam = exam_batches(network, data, lines, max_width)
        before = score(network, exam, charset)
        config = healing_of(healing_lines, rate, batch, data, max_width, processes, first_line)
        taught = heal(network, lesson, config, checkpoint)
        if Processes().first:
            save(out, taught)
            checkpoint.unlink(missing_ok=True)
            after = score(taught, exam, charset)
            typer.echo(
                f"{before.characters:.2%} of the characters before, {after.characters:.2%} after"
            )
