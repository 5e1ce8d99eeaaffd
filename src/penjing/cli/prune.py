"""``penjing prune``: a smaller network, cut round by round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import tracked, typed_errors
from penjing.cli.workshop import (
    METHOD,
    TEACHERS,
    WIDEST,
    BatchSize,
    Data,
    Features,
    HealingLines,
    Lines,
    MaxWidth,
    Method,
    Model,
    Rate,
    Threads,
    exam_samples,
    fitting_lesson,
    healing_of,
)
from penjing.errors import ConfigError
from penjing.files import prepare, write_whole

if TYPE_CHECKING:
    from penjing.compression.latency_table import LatencyTable
    from penjing.compression.pruning import Target
    from penjing.compression.rounds import Round
    from penjing.compression.sensitivity import Trial
    from penjing.models import CRNN


@app.command(rich_help_panel=WORKSHOP)
def prune(
    model: Model,
    table: Annotated[
        Path,
        typer.Option(help="The sensitivity.csv that `penjing sensitivity` wrote for this model."),
    ],
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
        float,
        typer.Option(
            min=0, max=1, help="Share of the characters that all rounds together may lose."
        ),
    ] = 0.01,
    protect: Annotated[
        str, typer.Option(help="Groups of channels that stay whole, with commas between.")
    ] = "",
    method: Method = METHOD,
    teacher: Annotated[
        str, typer.Option(help=f"Who teaches, by default the whole network: {TEACHERS}.")
    ] = "",
    features: Features = 0.0,
    healing_lines: HealingLines = 50_000,
    rate: Rate = 5e-4,
    batch: BatchSize = 32,
    data: Data = None,
    max_width: MaxWidth = WIDEST,
    lines: Lines = 400,
    threads: Threads = 1,
) -> None:
    """Make a network smaller in rounds: cut a tenth, fine-tune with a teacher, check, repeat.

    Give one target or several; all of them are to be met. A round that loses more than --drop is
    taken back. The last round that was kept is written to weights.safetensors in the folder
    --out, with exit status 1 where it is short of a target. A run that was stopped goes on.
    """
    import cv2

    from penjing.compression import importance, pruning, rounds, schedule
    from penjing.models import load

    cv2.setNumThreads(1)
    with typed_errors():
        import torch

        torch.set_num_threads(threads)
        wanted: dict[str, float | None] = {
            "multiply_adds": target_macs and 1e6 * target_macs,
            "parameters": target_params and 1e6 * target_params,
            "milliseconds": target_ms,
        }
        if all(value is None for value in wanted.values()):
            raise ConfigError("give --target-macs, --target-params or --target-ms, or several")
        result = out / "weights.safetensors"
        if result.resolve() == model.resolve():
            raise ConfigError(f"{model} would be overwritten by the result; give another --out")
        importance.check_method(method)
        prepare(result)
        whole = load(model)
        lesson = fitting_lesson(teacher, whole, whole, features)
        _check(wanted, whole)
        trials = _trials(table, whole, method, protect)
        targets = _targets(wanted, whole, out)
        goal = pruning.Goal(targets, drop, method=method)
        healing = healing_of(healing_lines, rate, batch, data, max_width)
        exam = exam_samples(whole, data, lines, max_width)
        for done in pruning.prune(whole, trials, goal, lesson, healing, exam, out):
            if not done.number:
                cautions = [schedule.warning(getattr(done, t.unit), t.value) for t in targets]
                for caution in filter(None, dict.fromkeys(cautions)):
                    _warn(caution)
            typer.echo(_told(done))
            rounds.plot(rounds.read_rounds(out / "rounds.jsonl"), out / "rounds.png")
        log = rounds.read_rounds(out / "rounds.jsonl")
        kept = [r for r in log if r.kept][-1]
        smallest = rounds.weights_of(out, kept.number) if kept.number else model
        write_whole(result, [smallest.read_bytes()])
        typer.echo(f"weights in {result}, of round {kept.number}")
        if any(target.left(kept) > 1 for target in targets):
            _warn(f"short of the target: {_why(log)}")
            raise typer.Exit(1)


def _warn(caution: str) -> None:
    typer.echo(f"penjing: warning: {caution}", err=True)


def _told(done: Round) -> str:
    return (
        f"round {done.number}: {done.parameters / 1e6:.2f} M parameters, "
        f"{done.multiply_adds / 1e6:.0f} M multiply-adds, {done.milliseconds:.2f} ms, "
        f"{done.characters:.2%} of the characters{'' if done.kept else '; taken back'}"
    )


def _why(log: Sequence[Round]) -> str:
    """Why pruning ended before its target: all is cut, or what is left was tried and taken back."""
    if not log[-1].resting:
        return "nothing more can be cut"
    return (
        f"no other cut reads well. {', '.join(log[-1].resting)} rest since a round with them was "
        "taken back; to try them again, under a looser --drop or otherwise, give another --out"
    )


def _check(wanted: dict[str, float | None], whole: CRNN) -> None:
    """Raises ConfigError for a target that the whole network meets already, or that none can meet.

    A target in milliseconds is only seen to be positive: nothing has been timed yet.
    """
    from penjing.compression.schedule import COSTS, check

    for unit, value in wanted.items():
        if value is not None:
            check(COSTS[unit](whole.plan) if unit in COSTS else math.inf, value)


def _trials(table: Path, whole: CRNN, method: str, protect: str) -> list[Trial]:
    """The rows of the sensitivity table but those of protected groups, which so stay whole.

    Raises ConfigError where it is empty, DataError where it is another network's.
    """
    from penjing.compression.sensitivity import Trial, check_trials
    from penjing.models.groups import wire
    from penjing.report.table import noted, read_table

    trials = read_table(table, Trial)
    if not trials:
        raise ConfigError(f"{table} holds no trial; run penjing sensitivity first")
    check_trials(trials, whole, str(table))
    if (chosen := noted(table).get("method", method)) != method:
        _warn(f"{table} tells of channels chosen by {chosen}; this cuts by {method}")
    groups, protected = wire(whole).groups, set(filter(None, protect.split(",")))
    if unknown := sorted(protected - set(groups)):
        raise ConfigError(f"no groups {', '.join(unknown)}; there are {', '.join(groups)}")
    return [trial for trial in trials if trial.group not in protected]


def _targets(wanted: dict[str, float | None], whole: CRNN, out: Path) -> tuple[Target, ...]:
    """The targets that were asked for. Widths are timed only for one in milliseconds."""
    from penjing.compression.pruning import Target
    from penjing.compression.schedule import COSTS

    return tuple(
        Target(unit, COSTS.get(unit) or _latency_table(whole, out / "latency.csv"), value)
        for unit, value in wanted.items()
        if value is not None
    )


def _latency_table(whole: CRNN, file: Path) -> LatencyTable:
    from penjing.compression import latency_table
    from penjing.models.groups import wire

    total = len(wire(whole).groups) * len(latency_table.CUTS)
    shares = list(tracked(latency_table.measure(whole.plan, file), "timing widths", total))
    return latency_table.LatencyTable(whole.plan, shares)
