"""The reference experiment: one base, cut by every method to the same widths, healed alike.

After Luo, Wu and Lin, "ThiNet" (2017), who compare ways of choosing channels at equal cost: since
all networks have equal widths, they have equal multiply-adds, and differ in nothing but which
channels were kept. The base is trained with the L1 penalty on γ, without which γ means little.

Each stage goes on where it was killed: the base's training, each method's fine-tuning, the table.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from penjing.charset import Charset
from penjing.compression.distillation import Distillation, lesson_of
from penjing.compression.healing import heal
from penjing.compression.importance import METHODS, importance, judging_lines
from penjing.compression.sensitivity import SAME, mean_loss
from penjing.compression.surgery import choose, fits, narrowed, rebuilt, resized, wired
from penjing.compression.teachers import Network
from penjing.errors import ConfigError, DataError
from penjing.models import CRNN, Plan, load, save
from penjing.report.counting import line_cost, parameters
from penjing.report.drawing import panels
from penjing.report.table import check_asked, read_table, write_table
from penjing.training.batches import Batch
from penjing.training.config import ScheduleConfig, TrainConfig
from penjing.training.loop import train
from penjing.training.metrics import score, validation_batches
from penjing.training.sources import validation_sources

WHOLE = "whole"  # the method of the base's own row


@dataclass(frozen=True)
class SelectionConfig:
    """What is compared.

    Attributes:
        base: a training configuration (TOML); trained here unless that is done already.
        folder: for the table and the networks.
        keep: share of the multiply-adds that is left.
        exam: lines that the networks are scored on.
        methods: keys of ``importance.METHODS``.
        healing: the fine-tuning after the cut, the same for all, with the base as teacher.

    Raises ConfigError for an unknown method, ``keep`` not between 0 and 1, an exam of no lines, or
    a teacher under [healing].
    """

    base: str = ""
    folder: str = "runs/selection"
    keep: float = 0.5
    exam: int = 400
    methods: list[str] = field(default_factory=lambda: list(METHODS))
    healing: ScheduleConfig = field(default_factory=ScheduleConfig)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.methods) - set(METHODS))
        if unknown:
            raise ConfigError(f"no methods {', '.join(unknown)}; there are {', '.join(METHODS)}")
        if not 0 < self.keep < 1:
            raise ConfigError(f"keep must be a share between 0 and 1, got {self.keep}")
        if self.exam <= 0:
            raise ConfigError(f"exam must be above 0, got {self.exam}")
        if self.healing.teacher:
            raise ConfigError("the base teaches the healing here; leave out [healing] teacher")


@dataclass(frozen=True)
class Outcome:
    """One method's network: its cost, and how it reads when just cut and when healed.

    ``cut_characters`` and ``characters`` are shares of characters right, before the healing and
    after; ``loss`` is CTC's per character, ``minutes`` the time this row took.
    """

    method: str
    parameters: int
    multiply_adds: int
    cut_characters: float
    characters: float
    exact: float
    loss: float
    minutes: float


def compare(config: SelectionConfig) -> Iterator[Outcome]:
    """The whole network's row, then one a method; rows of an earlier sitting are not repeated.

    Raises ConfigError for a ``keep`` that is out of reach, DataError where the folder holds another
    table, or one of another base or of other lines.
    """
    folder = Path(config.folder)
    table = folder / "selection.csv"
    known = {row.method: row for row in read_table(table, Outcome)}
    of_its_rows = ("base", "keep", "exam", "healing")  # a folder may move, methods may be added
    asked = asdict(config)
    check_asked(table, {name: asked[name] for name in of_its_rows})
    training = TrainConfig.from_toml(config.base)
    base = load(train(training, lesson_of(training)))
    widths = even_widths(base.plan, config.keep)
    charset = Charset.load(base.plan.charset)
    source = next(iter(validation_sources(training.data, charset).values()))
    exam = validation_batches(source, config.exam, charset)
    if (whole := known.get(WHOLE)) and not abs(whole.loss - mean_loss(base, exam)) <= SAME:
        raise DataError(
            f"{table} is of another base, trained anew perhaps, or of other lines; choose another "
            "folder"
        )
    judged_on = judging_lines(training.data, charset)
    healing = replace(
        training,
        # Rendered lines that the base has not seen.
        data=replace(
            training.data, first_line=training.data.first_line + 2 * training.schedule.lines
        ),
        schedule=config.healing,
    )
    for method in (WHOLE, *config.methods):
        if method not in known:
            start, checkpoint = time.monotonic(), folder / f"{method}.pt"
            model = base if method == WHOLE else _cut(base, method, widths, judged_on)
            before = score(model, exam, charset).characters
            if method != WHOLE:
                lesson = Distillation(Network(base))
                model = heal(model, lesson, healing, checkpoint)
                save(folder / f"{method}.safetensors", model)
            mark = score(model, exam, charset)
            known[method] = Outcome(
                method,
                parameters(model),
                line_cost(model.plan),
                round(before, 4),
                round(mark.characters, 4),
                round(mark.exact, 4),
                round(mean_loss(model, exam), 4),
                round((time.monotonic() - start) / 60, 2),
            )
            write_table(table, list(known.values()))
            checkpoint.unlink(missing_ok=True)
        yield known[method]


def even_widths(plan: Plan, keep: float) -> dict[str, int]:
    """Widths that leave ``keep`` of the multiply-adds, all groups narrowed by about the same share.

    Groups that cannot be narrowed so (the parts of a shuffle) stay whole. Raises ConfigError where
    the share is out of reach.
    """
    groups, whole = wired(plan).groups, line_cost(plan)

    def narrow(percent: int) -> dict[str, int]:
        widths = {name: narrowed(group.width, percent / 100) for name, group in groups.items()}
        less = {name: width for name, width in widths.items() if width < groups[name].width}
        if fits(plan, less):  # most families do, and each check builds a network
            return less
        return {name: width for name, width in less.items() if fits(plan, {name: width})}

    def saved(percent: int) -> float:
        return whole - line_cost(resized(plan, narrow(percent)))

    percents = range(1, 100)
    place = bisect_left(percents, (1 - keep) * whole, key=saved)
    if place == len(percents):
        raise ConfigError(f"{plan.family} cannot be cut to {keep:.0%} of its multiply-adds")
    return narrow(percents[place])


def markdown(outcomes: Sequence[Outcome]) -> str:
    """A table with a row for each method, the best reading first after the whole network."""
    whole, *cut = outcomes
    rows = [whole, *sorted(cut, key=lambda o: -o.characters)]
    lines = [
        "| channels chosen by | parameters | multiply-adds | characters right, just cut "
        "| characters right, healed | lines exact | loss |",
        "|---" * 7 + "|",
    ]
    lines += [
        f"| {o.method} | {o.parameters:,} | {o.multiply_adds:,} | {o.cut_characters:.2%} "
        f"| {o.characters:.2%} | {o.exact:.2%} | {o.loss:.4f} |"
        for o in rows
    ]
    return "\n".join(lines) + "\n"


def plot(outcomes: Sequence[Outcome], path: Path) -> None:
    """Bars: how each method's network reads, just cut and healed."""
    with panels(path) as [axes]:
        places = range(len(outcomes))
        axes.bar(places, [o.characters for o in outcomes], label="healed")
        axes.bar(places, [o.cut_characters for o in outcomes], 0.4, label="just cut")
        axes.set_xticks(places, [o.method for o in outcomes])
        axes.set(ylabel="characters right", ylim=(0, 1))
        axes.legend()


def _cut(base: CRNN, method: str, widths: dict[str, int], lines: Sequence[Batch]) -> CRNN:
    scores = importance(method, base, lines)
    return rebuilt(base, choose(base.plan, widths, scores))
