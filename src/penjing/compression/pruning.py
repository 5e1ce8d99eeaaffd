"""Rounds of cutting and healing, each kept only if the network still reads well enough.

The folder holds ``rounds.jsonl`` (a line a round), the weights after each kept round, and a plot.
A run that was stopped goes on where it stopped, in the middle of a round too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

from penjing.charset import Charset
from penjing.compression.healing import Lesson, heal
from penjing.compression.importance import check_method, importance, judging_lines
from penjing.compression.probing import spread
from penjing.compression.rounds import Round, read_rounds, weights_of, write_rounds
from penjing.compression.schedule import Cost, next_round, parameter_cost
from penjing.compression.sensitivity import SAME, Trial, mean_loss
from penjing.compression.surgery import choose, misfits, rebuilt
from penjing.errors import DataError, DivergedError, WeightsError
from penjing.files import prepare
from penjing.models import CRNN, Plan, load, save
from penjing.models.groups import wire
from penjing.report.counting import line_cost
from penjing.report.latency import Footprint, Scales
from penjing.training.batches import Sample
from penjing.training.checkpoint import DIVERGED
from penjing.training.config import TrainConfig
from penjing.training.metrics import batched, score

WEIGHED_LINES = 20  # of the exam, on which networks are timed


@dataclass(frozen=True)
class Target:
    """A cost that must come down to ``value``.

    Attributes:
        unit: the field of a ``Round`` that holds this cost, as measured.
        cost: the cost of any plan, up to a constant factor; it decides what is cut next. For
            milliseconds it is an estimate (a ``LatencyTable``).
    """

    unit: str
    cost: Cost
    value: float

    def left(self, reached: Round) -> float:
        """The cost after round ``reached`` over ``value``; the target is met at 1 or less."""
        return float(getattr(reached, self.unit)) / self.value


@dataclass(frozen=True)
class Goal:
    """What pruning has to reach, and what it may cost.

    Attributes:
        targets: all must be met; each round cuts for the one that is farthest from it.
        drop: by how much the share of characters right may fall below that of the unpruned
            network, on the exam's lines.
        share: the largest share of the parameters, of the multiply-adds and of the cost aimed at
            that one round may remove.
        method: how the channels of a group are chosen, a key of ``importance.METHODS``.

    Raises SurgeryError for an unknown method.
    """

    targets: tuple[Target, ...]
    drop: float = 0.01
    share: float = 0.1
    method: str = "taylor"

    def __post_init__(self) -> None:
        check_method(self.method)


def prune(
    whole: CRNN,
    trials: Sequence[Trial],
    goal: Goal,
    lesson: Lesson,
    healing: TrainConfig,
    exam: Sequence[Sample],
    folder: Path,
) -> Iterator[Round]:
    """Round after round until every target is met or nothing more can be cut.

    Yields round 0, which is the unpruned network, then the rounds made in this call.

    Args:
        whole: the unpruned network.
        trials: its sensitivity table.
        lesson: the loss of the fine-tuning, a ``Distillation`` as a rule.
        healing: how to fine-tune after each cut; ``schedule.lines`` is for one round.
        exam: lines for the gate, the narrowest first.

    Raises:
        DataError: ``folder`` holds the rounds of another network.
        DivergedError: a fine-tuning diverged. With other settings, ``folder`` can be used again.
    """
    log = folder / "rounds.jsonl"
    prepare(log)
    charset = Charset.load(whole.plan.charset)
    lines = batched(exam, charset)
    first = {name: group.width for name, group in wire(whole).groups.items()}
    rounds = read_rounds(log)
    pictures = [line.image for line in spread(exam, WEIGHED_LINES)]
    scales = Scales(whole, pictures, milliseconds=rounds[0].milliseconds if rounds else None)

    def judged(
        model: CRNN, weighed: Footprint, number: int, widths: dict[str, int], resting: set[str]
    ) -> Round:
        mark = score(model, lines, charset)
        base = rounds[0].characters if rounds else mark.characters
        return Round(
            number,
            not number or mark.characters >= base - goal.drop,
            parameter_cost(model.plan),
            line_cost(model.plan),
            weighed.bytes,
            round(weighed.milliseconds, 4),
            round(mean_loss(model, lines), 6),
            round(mark.exact, 4),
            round(mark.characters, 4),
            widths,
            tuple(sorted(resting)),
        )

    start = judged(whole, Footprint(scales.bytes, scales.milliseconds), 0, {}, set())
    if not rounds:
        rounds.append(start)
        write_rounds(log, rounds)
    elif not _alike(rounds[0], start):
        raise DataError(f"{log} is of another network or other lines; choose another folder")
    yield rounds[0]
    current = [r for r in rounds if r.kept][-1]
    model = load(weights_of(folder, current.number)) if current.number else whole
    resting = set(rounds[-1].resting)
    judged_on = judging_lines(healing.data, charset)
    while widths := _next_cut(model.plan, current, first, trials, goal, resting):
        number = rounds[-1].number + 1
        scores = importance(goal.method, model, judged_on)
        smaller = rebuilt(model, choose(model.plan, widths, scores))
        checkpoint = _checkpoint(folder, smaller.plan)
        healed = heal(smaller, lesson, _fresh(healing, number), checkpoint)
        try:
            weighed = scales.weigh(healed)
        except WeightsError as error:
            checkpoint.unlink(missing_ok=True)
            what = f"round {number} left a network that cannot be exported: {error}"
            raise DivergedError(f"{what}; {DIVERGED}") from error
        result = judged(healed, weighed, number, widths, resting)
        if result.kept:
            model, current = healed, result
            save(weights_of(folder, number), model, half=False, round=str(number))
        else:
            resting |= set(widths)
            result = replace(result, resting=tuple(sorted(resting)))
        rounds.append(result)
        write_rounds(log, rounds)
        checkpoint.unlink(missing_ok=True)
        yield result


def _next_cut(
    plan: Plan,
    reached: Round,
    first: Mapping[str, int],
    trials: Sequence[Trial],
    goal: Goal,
    resting: set[str],
) -> dict[str, int]:
    """The groups to narrow next, and their widths; empty where all is met or nothing can be cut.

    ``reached`` is the round that left ``plan``. Groups that cannot be cut so join ``resting``.
    """
    farthest = max(goal.targets, key=lambda target: target.left(reached))
    if farthest.left(reached) <= 1:
        return {}
    # Where the cost is an estimate, it is corrected by what was measured last.
    aim = farthest.cost(plan) / farthest.left(reached)
    while widths := next_round(plan, first, trials, farthest.cost, aim, resting, goal.share):
        unfit = misfits(plan, widths)
        if not unfit:
            break
        resting |= unfit
    return widths


def _checkpoint(folder: Path, plan: Plan) -> Path:
    """The healing checkpoint of one cut, named by a hash of its plan.

    Where the target was changed while a run was stopped, the next cut is another one, which must
    not go on from the checkpoint of this one.
    """
    return folder / f"healing-{crc32(plan.to_json().encode()):08x}.pt"


def _alike(a: Round, b: Round) -> bool:
    """Whether two rounds measured the same network on the same lines."""
    same = a.parameters == b.parameters and a.multiply_adds == b.multiply_adds
    return same and abs(a.loss - b.loss) < SAME


def _fresh(healing: TrainConfig, number: int) -> TrainConfig:
    """``healing`` moved on in the stream of rendered lines: no two rounds train on the same."""
    first = healing.data.first_line + number * 2 * healing.schedule.lines
    return replace(healing, data=replace(healing.data, first_line=first))
