"""``penjing sensitivity``: what each layer can bear."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import tracked, typed_errors
from penjing.cli.workshop import (
    HEALING_SEED,
    METHOD,
    WIDEST,
    Data,
    Lines,
    MaxWidth,
    Method,
    Model,
    Threads,
    exam_batches,
)
from penjing.errors import ConfigError

if TYPE_CHECKING:
    from penjing.models import CRNN
    from penjing.training.batches import Batch


@app.command(rich_help_panel=WORKSHOP)
def sensitivity(
    model: Model,
    out: Annotated[Path, typer.Option(help="Folder for the table and the plot.")],
    ratios: Annotated[
        str, typer.Option(help="Shares of the channels to cut, with commas between.")
    ] = "0.1,0.3,0.5",
    data: Data = None,
    max_width: MaxWidth = WIDEST,
    lines: Lines = 200,
    method: Method = METHOD,
    threads: Threads = 1,
) -> None:
    """Measure how much the loss rises when each group of channels alone is cut.

    Writes sensitivity.csv, which `penjing prune` goes by, and sensitivity.png. A run that was
    stopped goes on.
    """
    from penjing.compression import sensitivity as analysis
    from penjing.compression.importance import check_method
    from penjing.models import load
    from penjing.models.groups import wire
    from penjing.report.table import check_asked

    with typed_errors():
        import torch

        torch.set_num_threads(threads)
        shares = _ratios(ratios)
        check_method(method)
        network = load(model)
        table = out / "sensitivity.csv"
        check_asked(table, {"method": method})
        batches = exam_batches(network, data, lines, max_width)
        judged_on = _judged_on(network, data, max_width)
        trying = analysis.analyse(network, batches, shares, table, method, judged_on)
        total = len(wire(network).groups) * len(shares)
        trials = list(tracked(trying, "trying cuts", total))
        analysis.plot(trials, out / "sensitivity.png")
        for group in analysis.ranking(trials):
            rises = [f"{t.ratio:g}: {t.rise:+.4f}" for t in trials if t.group == group]
            typer.echo(f"{group:24} {'  '.join(rises)}")


def _ratios(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ConfigError(f"ratios are numbers with commas between, got {text!r}") from error


def _judged_on(network: CRNN, data: Path | None, max_width: int) -> list[Batch]:
    """Lines to choose channels on: of those that are fine-tuned on, not of those measured on."""
    from penjing.charset import Charset
    from penjing.compression.importance import judging_lines
    from penjing.training.config import DataConfig

    lines = DataConfig(seed=HEALING_SEED, folder=str(data or ""), max_width=max_width)
    return judging_lines(lines, Charset.load(network.plan.charset))
