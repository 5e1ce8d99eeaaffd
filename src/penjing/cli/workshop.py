"""``penjing sensitivity``, ``prune`` and ``distil``: making a recogniser smaller."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from penjing.cli import app
from penjing.cli.output import tracked, typed_errors
from penjing.cli.train import run_in
from penjing.errors import ConfigError
from penjing.files import write_whole

if TYPE_CHECKING:
    from penjing.compression.distillation import Distillation
    from penjing.models import CRNN
    from penjing.training.batches import Batch
    from penjing.training.config import TrainConfig

Model = Annotated[Path, typer.Argument(help="A .safetensors file with its plan.")]
Data = Annotated[
    Path | None, typer.Option(help="A folder with labels.tsv; rendered lines without it.")
]
Lines = Annotated[int, typer.Option(min=1, help="How many lines to measure on.")]
Method = Annotated[str, typer.Option(help="bn_gamma, l1, fpgm, taylor, thinet or random.")]
Threads = Annotated[int, typer.Option(min=1, help="Threads to compute with.")]
HealingLines = Annotated[int, typer.Option(min=1, help="Lines to fine-tune on (prune: a round).")]
Rate = Annotated[float, typer.Option(help="Peak learning rate of the fine-tuning.")]
BatchSize = Annotated[int, typer.Option(min=1, help="Lines in a batch.")]
Features = Annotated[
    float, typer.Option(min=0, help="Weight of the teacher's features in the lesson.")
]
HEALING_SEED = 2  # training's is 1: lines that the network has not seen yet
TEACHERS = "a .safetensors file, an .onnx file of PP-OCR's form, or pp-ocr for the installed one"


@app.command()
def sensitivity(
    model: Model,
    out: Annotated[Path, typer.Option(help="Folder for the table and the plot.")],
    ratios: Annotated[str, typer.Option(help="Shares of channels to cut.")] = "0.1,0.3,0.5",
    data: Data = None,
    lines: Lines = 200,
    method: Method = "l1",
    threads: Threads = 1,
) -> None:
    """Cut each group of channels alone and see what the loss says; goes on if it was stopped."""
    from penjing.compression import sensitivity as analysis
    from penjing.models import load
    from penjing.models.groups import wire

    with typed_errors():
        import torch

        torch.set_num_threads(threads)
        shares = _ratios(ratios)
        network = load(model)
        batches = _batches(network, data, lines)
        judged_on = _judged_on(network, data)
        trying = analysis.analyse(
            network, batches, shares, out / "sensitivity.csv", method, judged_on
        )
        total = len(wire(network).groups) * len(shares)
        trials = list(tracked(trying, "trying cuts", total))
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
    target_ms: Annotated[
        float | None,
        typer.Option(help="Median milliseconds a line on one thread, as measured on --data."),
    ] = None,
    drop: Annotated[
        float, typer.Option(help="Share of the characters that may be lost in all.")
    ] = 0.01,
    protect: Annotated[str, typer.Option(help="Groups that stay whole, with commas between.")] = "",
    method: Method = "taylor",
    teacher: Annotated[
        str, typer.Option(help=f"Who teaches, by default the whole network: {TEACHERS}.")
    ] = "",
    features: Features = 0.0,
    healing_lines: HealingLines = 50_000,
    rate: Rate = 5e-4,
    batch: BatchSize = 32,
    data: Data = None,
    lines: Lines = 400,
    threads: Threads = 1,
) -> None:
    """Cut a tenth at a time, fine-tune with a teacher, keep what still reads.

    Of several targets all are to be met. Goes on where a run in the same folder stopped. The last
    kept round is the result, and becomes weights.safetensors in that folder.
    """
    from penjing.compression import pruning, schedule
    from penjing.models import load

    with typed_errors():
        import torch

        torch.set_num_threads(threads)
        wanted = {
            "multiply_adds": target_macs and 1e6 * target_macs,
            "parameters": target_params and 1e6 * target_params,
            "milliseconds": target_ms,
        }
        named = [(unit, value) for unit, value in wanted.items() if value is not None]
        if not named:
            raise ConfigError("give --target-macs, --target-params or --target-ms, or several")
        whole = load(model)
        trials = _trials(table, whole, protect)
        targets = [
            pruning.Target(
                unit,
                schedule.COSTS.get(unit) or _latency_table(whole, out / "latency.csv"),
                value,
            )
            for unit, value in named
        ]
        goal = pruning.Goal(tuple(targets), drop, method=method)
        lesson = _lesson(teacher, whole, whole, features)
        healing = _healing(healing_lines, rate, batch, data)
        exam = _batches(whole, data, lines)
        for done in pruning.prune(whole, trials, goal, lesson, healing, exam, out):
            if not done.number:
                cautions = (schedule.warning(getattr(done, t.unit), t.value) for t in targets)
                if caution := next(filter(None, cautions), ""):
                    typer.echo(f"penjing: warning: {caution}", err=True)
            typer.echo(_told(done))
            pruning.plot(pruning.read_rounds(out / "rounds.jsonl"), out / "rounds.png")
        kept = [r for r in pruning.read_rounds(out / "rounds.jsonl") if r.kept][-1]
        if any(target.left(kept) > 1 for target in targets):
            typer.echo("penjing: warning: short of the target: no other cut reads well", err=True)
        smallest = pruning.weights_of(out, kept.number) if kept.number else model
        write_whole(out / "weights.safetensors", [smallest.read_bytes()])
        typer.echo(f"weights in {out / 'weights.safetensors'}, of round {kept.number}")


@app.command()
def distil(
    student: Model,
    out: Annotated[Path, typer.Option(help="The .safetensors file to write.")],
    teacher: Annotated[str, typer.Option(help=f"Who teaches: {TEACHERS}.")],
    features: Features = 0.0,
    healing_lines: HealingLines = 50_000,
    rate: Rate = 5e-4,
    batch: BatchSize = 32,
    data: Data = None,
    lines: Lines = 400,
    threads: Threads = 1,
    processes: Annotated[
        int, typer.Option(min=1, help="Processes of this machine that share the fine-tuning.")
    ] = 1,
) -> None:
    """Fine-tune a recogniser with a teacher beside its labels; goes on if it was stopped."""
    from penjing.charset import Charset
    from penjing.compression.healing import heal
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
        charset = Charset.load(network.plan.charset)
        lesson = _lesson(teacher, network, None, features)
        exam = _batches(network, data, lines)
        before = score(network, exam, charset)
        out.parent.mkdir(parents=True, exist_ok=True)
        config = _healing(healing_lines, rate, batch, data, processes)
        taught = heal(network, lesson, config, out.with_suffix(".pt"))
        if Processes().first:
            save(out, taught, half=False)
            after = score(taught, exam, charset)
            typer.echo(
                f"{before.characters:.2%} of the characters before, {after.characters:.2%} after"
            )


def _told(done: Any) -> str:
    return (
        f"round {done.number}: {done.parameters / 1e6:.2f} M parameters, "
        f"{done.multiply_adds / 1e6:.0f} M multiply-adds, {done.milliseconds:.2f} ms, "
        f"{done.characters:.2%} of the characters{'' if done.kept else '; taken back'}"
    )


def _ratios(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ConfigError(f"ratios are numbers with commas between, got {text!r}") from error


def _trials(table: Path, whole: CRNN, protect: str) -> list[Any]:
    """What may be cut: groups without a trial never are."""
    from penjing.compression.sensitivity import Trial
    from penjing.models.groups import wire
    from penjing.report.table import read_table

    trials = read_table(table, Trial)
    if not trials:
        raise ConfigError(f"{table} holds no trial; run penjing sensitivity first")
    groups, protected = wire(whole).groups, set(filter(None, protect.split(",")))
    if unknown := sorted(protected - set(groups)):
        raise ConfigError(f"no groups {', '.join(unknown)}; there are {', '.join(groups)}")
    return [trial for trial in trials if trial.group not in protected]


def _latency_table(whole: CRNN, file: Path) -> Any:
    from penjing.compression import latency_table
    from penjing.models.groups import wire

    total = len(wire(whole).groups) * len(latency_table.CUTS)
    shares = list(tracked(latency_table.measure(whole.plan, file), "timing widths", total))
    return latency_table.LatencyTable(whole.plan, shares)


def _lesson(name: str, student: CRNN, default: CRNN | None, features: float) -> Distillation:
    """Refused before an hour of work where teacher and student do not fit."""
    from penjing.charset import Charset
    from penjing.compression import distillation, teachers

    teacher = teachers.teacher(name) if default is None or name else teachers.Network(default)
    distillation.common(Charset.load(student.plan.charset), teacher.charset)
    return distillation.Distillation(teacher, distillation.Weights(features=features))


def _healing(
    lines: int, rate: float, batch: int, data: Path | None, shards: int = 1
) -> TrainConfig:
    """The average that is kept remembers a tenth of the steps, so that the cut is forgotten."""
    from penjing.training.config import DataConfig, ScheduleConfig, TrainConfig

    remembered = max(2.0, 0.1 * lines / (batch * shards))
    return TrainConfig(
        data=DataConfig(seed=HEALING_SEED, folder=str(data or ""), batch=batch, shards=shards),
        # The optimiser begins anew, and knows no gradient's size yet.
        schedule=ScheduleConfig(
            lines=lines, learning_rate=rate, warmup=0.1, ema=1 - 1 / remembered
        ),
    )


def _batches(network: CRNN, data: Path | None, lines: int) -> list[Batch]:
    """Lines that no network is trained on."""
    from penjing.charset import Charset
    from penjing.training.config import DataConfig
    from penjing.training.metrics import validation_batches
    from penjing.training.sources import validation_sources

    charset = Charset.load(network.plan.charset)
    source = next(iter(validation_sources(DataConfig(folder=str(data or "")), charset).values()))
    return validation_batches(source, lines, charset)


def _judged_on(network: CRNN, data: Path | None) -> list[Batch]:
    """Lines of those that networks are healed with."""
    from penjing.charset import Charset
    from penjing.compression.importance import judging_lines
    from penjing.training.config import DataConfig

    lines = DataConfig(seed=HEALING_SEED, folder=str(data or ""))
    return judging_lines(lines, Charset.load(network.plan.charset))
