"""``penjing sensitivity``, ``prune`` and ``compare``: making a recogniser smaller."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.cli import app
from penjing.cli.output import typed_errors, write_bytes
from penjing.errors import ConfigError

if TYPE_CHECKING:
    from penjing.report.compare import Line
    from penjing.training.batches import Batch

Model = Annotated[Path, typer.Argument(help="A .safetensors file with its plan.")]
Data = Annotated[
    Path | None, typer.Option(help="A folder with labels.tsv; rendered lines without it.")
]
Lines = Annotated[int, typer.Option(min=1, help="How many lines to measure on.")]
Method = Annotated[str, typer.Option(help="bn_gamma, l1, fpgm, taylor, thinet or random.")]


@app.command()
def sensitivity(
    model: Model,
    out: Annotated[Path, typer.Option(help="Folder for the table and the plot.")],
    ratios: Annotated[str, typer.Option(help="Shares of channels to cut.")] = "0.1,0.3,0.5",
    data: Data = None,
    lines: Lines = 200,
    method: Method = "l1",
    threads: Annotated[int, typer.Option(min=1, help="Threads to compute with.")] = 1,
) -> None:
    """Cut each group of channels alone and see what the loss says; goes on if it was stopped."""
    from rich.console import Console
    from rich.progress import track

    from penjing.compression import sensitivity as analysis
    from penjing.models import load
    from penjing.models.groups import wire

    with typed_errors():
        import torch

        torch.set_num_threads(threads)
        shares = _ratios(ratios)
        network = load(model)
        table = out / "sensitivity.csv"
        batches = _batches(network.plan.charset, data, lines)
        console = Console(stderr=True)
        trials = list(
            track(
                analysis.analyse(network, batches, shares, table, method),
                "trying cuts",
                total=len(wire(network).groups) * len(shares),
                console=console,
                disable=not console.is_terminal,
            )
        )
        analysis.plot(trials, out / "sensitivity.png")
        for group in analysis.ranking(trials):
            rises = [f"{t.ratio:g}: {t.rise:+.4f}" for t in trials if t.group == group]
            typer.echo(f"{group:24} {'  '.join(rises)}")


@app.command()
def compare(
    models: Annotated[list[Path], typer.Argument(help=".safetensors or .onnx files.")],
    data: Data = None,
    lines: Lines = 100,
    repeats: Annotated[int, typer.Option(min=1, help="Times each line is timed.")] = 3,
    out: Annotated[Path | None, typer.Option(help="Write a .md, .csv or .json file.")] = None,
) -> None:
    """Cost, speed and accuracy side by side; changes are against the first."""
    from penjing.report import compare as report

    with typed_errors():
        if out is not None and out.suffix not in report.FORMATS:
            raise ConfigError(f"{out} must end in one of {', '.join(report.FORMATS)}")
        rows = report.compare(models, _lines(data, lines), repeats)
        if out is None:
            typer.echo(report.markdown(rows), nl=False)
        else:
            write_bytes(out, report.FORMATS[out.suffix](rows).encode())


def _ratios(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ConfigError(f"ratios are numbers with commas between, got {text!r}") from error


def _batches(charset: str, data: Path | None, lines: int) -> list[Batch]:
    """Lines that no network is trained on."""
    from penjing.charset import Charset
    from penjing.training.config import DataConfig
    from penjing.training.metrics import validation_batches
    from penjing.training.sources import validation_sources

    sources = validation_sources(DataConfig(folder=str(data or "")))
    return validation_batches(next(iter(sources.values())), lines, Charset.load(charset))


def _lines(data: Path | None, count: int) -> list[Line]:
    from penjing.report.compare import Line

    if data is None:
        from penjing.training.config import DataConfig
        from penjing.training.sources import validation_sources

        source = validation_sources(DataConfig())["seen_fonts"]
        samples = [source.render(i) for i in range(count)]
        return [Line(sample.image, sample.text) for sample in samples]
    from penjing.report.evaluation import load_lines
    from penjing.runtime.pictures import decode
    from penjing.runtime.rectify import to_gray

    labels = load_lines(data)[:count]
    return [Line(to_gray(decode(label.image).pixels), label.text) for label in labels]
