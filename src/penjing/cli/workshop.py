"""``penjing sensitivity``, ``prune`` and ``compare``: making a recogniser smaller."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.cli import app
from penjing.cli.output import typed_errors
from penjing.documents.files import write_whole
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
def prune(
    model: Model,
    table: Annotated[Path, typer.Option(help="The sensitivity.csv of this model.")],
    out: Annotated[Path, typer.Option(help="Folder for rounds, weights and the plot.")],
    target_macs: Annotated[
        float | None, typer.Option(help="Multiply-adds of a line of 320 px, in millions.")
    ] = None,
    target_params: Annotated[float | None, typer.Option(help="Parameters, in millions.")] = None,
    drop: Annotated[
        float, typer.Option(help="Share of the characters that may be lost in all.")
    ] = 0.01,
    method: Method = "taylor",
    healing_lines: Annotated[int, typer.Option(help="Lines to fine-tune on, a round.")] = 50_000,
    rate: Annotated[float, typer.Option(help="Peak learning rate of the fine-tuning.")] = 5e-4,
    batch: Annotated[int, typer.Option(min=1, help="Lines in a batch.")] = 32,
    data: Data = None,
    lines: Lines = 400,
    threads: Annotated[int, typer.Option(min=1, help="Threads to compute with.")] = 1,
) -> None:
    """Cut a tenth at a time, fine-tune with the whole network as teacher, keep what still reads.

    Goes on where a run in the same folder stopped. The result is the last kept round.
    """
    from penjing.compression import pruning, schedule
    from penjing.compression.sensitivity import read_table
    from penjing.models import load
    from penjing.training.config import DataConfig, ScheduleConfig, TrainConfig

    with typed_errors():
        import torch

        torch.set_num_threads(threads)
        wanted = {"macs": target_macs, "params": target_params}
        named = [(name, 1e6 * value) for name, value in wanted.items() if value is not None]
        if len(named) != 1:
            raise ConfigError("give one of --target-macs and --target-params")
        [(measure, target)] = named
        whole, cost = load(model), schedule.COSTS[measure]
        trials = read_table(table)
        if not trials:
            raise ConfigError(f"{table} holds no trial; run penjing sensitivity first")
        if caution := schedule.warning(cost(whole.plan), target):
            typer.echo(f"penjing: warning: {caution}", err=True)
        healing = TrainConfig(
            data=DataConfig(folder=str(data or ""), batch=batch, shards=1),
            schedule=ScheduleConfig(lines=healing_lines, learning_rate=rate, ema=0.99),
        )
        goal = pruning.Goal(cost, target, drop, method=method)
        exam = _batches(whole.plan.charset, data, lines)
        for done in pruning.prune(whole, trials, goal, healing, exam, out):
            typer.echo(
                f"round {done.number}: {done.parameters / 1e6:.2f} M parameters, "
                f"{done.multiply_adds / 1e6:.0f} M multiply-adds, {done.characters:.2%} of the "
                f"characters{'' if done.kept else '; taken back'}"
            )
        rounds = pruning.read_rounds(out / "rounds.jsonl")
        pruning.plot(rounds, out / "rounds.png")
        kept = max(r.number for r in rounds if r.kept)
        if min(r.cost for r in rounds if r.kept) > target:
            typer.echo("penjing: warning: short of the target: no other cut reads well", err=True)
        result = pruning.weights_of(out, kept) if kept else model
        typer.echo(f"the smallest that still reads: {result}")


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
            write_whole(out, [report.FORMATS[out.suffix](rows).encode()])


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
