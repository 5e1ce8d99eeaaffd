"""Rounds of cutting and healing, each kept only if the network still reads.

The folder holds ``rounds.jsonl`` (a line a round), the weights after each kept round, and a plot.
A run that was stopped goes on after its last whole round.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from penjing.charset import Charset
from penjing.compression.distillation import Distillation, Weights
from penjing.compression.importance import importance
from penjing.compression.schedule import Cost, next_round, parameter_cost
from penjing.compression.sensitivity import Trial, mean_loss
from penjing.compression.surgery import choose, rebuilt
from penjing.errors import DataError, SurgeryError
from penjing.models import CRNN, load, save
from penjing.models.groups import wire
from penjing.report.counting import line_cost
from penjing.training.batches import Batch
from penjing.training.config import TrainConfig
from penjing.training.loop import Lesson, batches, begin, step
from penjing.training.metrics import score
from penjing.training.processes import Processes


@dataclass(frozen=True)
class Goal:
    """Down to ``target`` in the unit of ``cost``; a round may cost ``drop`` of the characters.

    ``drop`` is against the unpruned network, in shares of one, on the exam's lines.
    """

    cost: Cost
    target: float
    drop: float = 0.01
    share: float = 0.1
    method: str = "taylor"


@dataclass(frozen=True)
class Round:
    """What one round did. Round 0 is the unpruned network."""

    number: int
    kept: bool
    cost: float
    parameters: int
    multiply_adds: int
    loss: float
    exact: float
    characters: float
    widths: dict[str, int]
    resting: tuple[str, ...]


def prune(
    whole: CRNN,
    trials: Sequence[Trial],
    goal: Goal,
    healing: TrainConfig,
    exam: Sequence[Batch],
    folder: Path,
) -> Iterator[Round]:
    """Round after round until the target is met or nothing more can be cut.

    Args:
        whole: the unpruned network, the teacher throughout.
        trials: its sensitivity table.
        healing: how to fine-tune after each cut; ``schedule.lines`` is for one round.
        exam: lines for the gate and, since they are never trained on, for the scores as well.

    Raises DataError where ``folder`` holds the rounds of another network.
    """
    folder.mkdir(parents=True, exist_ok=True)
    charset = Charset.load(whole.plan.charset)
    first = {name: group.width for name, group in wire(whole).groups.items()}

    def judged(model: CRNN, number: int, widths: dict[str, int], resting: set[str]) -> Round:
        mark = score(model, exam, charset)
        base = rounds[0].characters if rounds else mark.characters
        return Round(
            number,
            mark.characters >= base - goal.drop,
            goal.cost(model.plan),
            parameter_cost(model.plan),
            line_cost(model.plan),
            round(mean_loss(model, exam), 6),
            round(mark.exact, 4),
            round(mark.characters, 4),
            widths,
            tuple(sorted(resting)),
        )

    log = folder / "rounds.jsonl"
    rounds = read_rounds(log)
    start = judged(whole, 0, {}, set())
    if not rounds:
        rounds.append(start)
        _note(log, start)
    elif replace(rounds[0], kept=True) != replace(start, cost=rounds[0].cost, kept=True):
        raise DataError(f"{log} is of another network or other lines; choose another folder")
    last = max((r.number for r in rounds if r.kept), default=0)
    model = load(weights_of(folder, last)) if last else whole
    resting = set(rounds[-1].resting)
    while goal.cost(model.plan) > goal.target:
        number = rounds[-1].number + 1
        widths = next_round(model.plan, first, trials, goal.cost, goal.target, resting, goal.share)
        if not widths:
            return
        try:
            scores = importance(goal.method, model, exam[:4])
            smaller = rebuilt(model, choose(model.plan, widths, scores))
        except SurgeryError:
            resting |= set(widths)  # these widths do not fit a shuffle
            continue
        config = replace(
            healing,
            data=replace(
                healing.data,
                first_line=healing.data.first_line + number * 2 * healing.schedule.lines,
            ),
        )
        healed = heal(smaller, Distillation(whole, Weights()), config)
        result = judged(healed, number, widths, resting)
        if result.kept:
            model = healed
            save(weights_of(folder, number), model, half=False, round=str(number))
        else:
            resting |= set(widths)
            result = replace(result, resting=tuple(sorted(resting)))
        rounds.append(result)
        _note(log, result)
        yield result


def heal(model: CRNN, lesson: Lesson, config: TrainConfig) -> CRNN:
    """Fine-tune with ``lesson`` as the loss; the averaged network is returned, in eval mode."""
    state = begin(config, model)
    processes = Processes()
    charset = Charset.load(model.plan.charset)
    streams = [batches(config, charset, s, 0) for s in processes.shards(config.data.shards)]
    while state.step < config.steps:
        step(state, streams, config, processes, lesson)
        state.step += 1
    state.average.take_buffers(processes.mean_buffers(state.model))
    average = state.average.model
    assert isinstance(average, CRNN)
    return average.eval()


def weights_of(folder: Path, number: int) -> Path:
    return folder / f"round-{number:02d}.safetensors"


def read_rounds(log: Path) -> list[Round]:
    """The whole lines of a log; a last one cut short by a kill is passed over."""
    rounds = []
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        try:
            values = json.loads(line)
        except ValueError:
            break
        rounds.append(Round(**{**values, "resting": tuple(values["resting"])}))
    return rounds


def plot(rounds: Sequence[Round], path: Path) -> None:
    """Accuracy against multiply-adds and parameters; kept rounds joined, refused ones crossed."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(11, 4), sharey=True, layout="constrained")
    for axes, field, unit in zip(
        panels, ("multiply_adds", "parameters"), ("multiply-adds", "parameters"), strict=True
    ):
        kept = [r for r in rounds if r.kept]
        refused = [r for r in rounds if not r.kept]
        axes.plot([getattr(r, field) / 1e6 for r in kept], [r.characters for r in kept], "o-")
        axes.plot([getattr(r, field) / 1e6 for r in refused], [r.characters for r in refused], "x")
        axes.set(xlabel=f"millions of {unit}", ylabel="characters right")
        axes.grid(alpha=0.3)
    temporary = path.with_name(path.stem + ".part.png")
    figure.savefig(temporary, dpi=110)
    plt.close(figure)
    temporary.replace(path)


def _note(log: Path, result: Round) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(result)) + "\n")
