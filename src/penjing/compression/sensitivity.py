"""Sensitivity: by how much the loss rises when one group of channels is cut alone.

A trial builds a smaller network beside the whole one: what is measured is what would really be cut,
and the whole network's weights are never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch

from penjing.compression.importance import importance
from penjing.compression.surgery import choose, narrowed, rebuilt
from penjing.errors import DataError, SurgeryError
from penjing.models.crnn import CRNN
from penjing.models.groups import wire
from penjing.report.drawing import panels
from penjing.report.table import read_table, write_table
from penjing.training.batches import Batch
from penjing.training.losses import ctc_loss

NEAR = 1e-4  # tolerance of ratios, which are written with four digits
SAME = 1e-4  # base losses further apart than this are of different networks or lines


@dataclass(frozen=True)
class Trial:
    """One ``group`` cut to ``width`` channels, a share ``ratio`` fewer.

    ``loss`` is CTC's per character, ``rise`` how much more that is than the whole network's. The
    row with an empty group is the whole network.
    """

    group: str
    ratio: float
    width: int
    loss: float
    rise: float


@torch.no_grad()
def mean_loss(model: CRNN, batches: Sequence[Batch]) -> float:
    """CTC loss per character, in eval mode."""
    was_training = model.training
    model.eval()
    total = sum(float(ctc_loss(model(b.images), model.head, b)) for b in batches)
    model.train(was_training)
    return total / max(1, sum(len(b.label) for b in batches))


def analyse(
    model: CRNN,
    batches: Sequence[Batch],
    ratios: Sequence[float],
    table: Path,
    method: str = "l1",
    judged_on: Sequence[Batch] = (),
) -> Iterator[Trial]:
    """Every group at every ratio, one after another; those already in ``table`` are not repeated.

    The loss is that of ``batches``; ``method`` chooses the channels, and looks at ``judged_on`` if
    it looks at lines. The CSV ``table`` has each row as soon as it is known. Widths are rounded, so
    a trial's ratio is the one really cut; ratios that round to the same width are tried once, those
    that round to no cut are not tried.

    Raises:
        SurgeryError: a ratio outside 0..1, an unknown method, or one that has no lines to look at.
        DataError: ``table`` is of another network or of other lines.
    """
    for ratio in ratios:
        narrowed(8, ratio)  # refuse a bad ratio before an hour of work, not after
    base = mean_loss(model, batches)
    known = {(t.group, t.width): t for t in read_table(table, Trial)}
    whole = known.get(("", 0))
    if whole is not None and abs(whole.loss - base) > SAME:
        raise DataError(
            f"{table} is of another network or of other lines (loss {whole.loss:.4f}, here "
            f"{base:.4f}); choose another file"
        )
    known["", 0] = Trial("", 0.0, 0, round(base, 6), 0.0)
    scores = importance(method, model, judged_on)
    for name, group in wire(model).groups.items():
        widths = {narrowed(group.width, ratio) for ratio in ratios} - {group.width}
        for width in sorted(widths, reverse=True):
            if (name, width) not in known:
                try:
                    kept = choose(model.plan, {name: width}, scores)
                except SurgeryError:
                    continue  # this width does not fit a shuffle; the others are tried
                ratio = round(1 - width / group.width, 4)
                loss = mean_loss(rebuilt(model, kept), batches)
                known[name, width] = Trial(
                    name, ratio, width, round(loss, 6), round(loss - base, 6)
                )
                write_table(table, list(known.values()))
            yield known[name, width]


def check_trials(trials: Sequence[Trial], model: CRNN, where: str) -> None:
    """Raises DataError where ``trials`` are of another network, by their groups and widths."""
    groups = wire(model).groups
    for trial in trials:
        if not trial.group:  # the whole network
            continue
        if trial.group not in groups:
            raise DataError(
                f"{where} is of another network: it has a group {trial.group}, this one "
                f"{', '.join(groups)}"
            )
        width = groups[trial.group].width
        if abs(1 - trial.width / width - trial.ratio) > NEAR:
            raise DataError(
                f"{where} is of another network: {trial.group} at {trial.width} channels has lost "
                f"{trial.ratio:.0%} there, of this one's {width} it would be "
                f"{1 - trial.width / width:.0%}"
            )


def ranking(trials: Sequence[Trial]) -> list[str]:
    """Groups from the least to the most sensitive, by their mean rise over all ratios."""
    rises: dict[str, list[float]] = {}
    for trial in trials:
        if trial.group:
            rises.setdefault(trial.group, []).append(trial.rise)
    return sorted(rises, key=lambda group: sum(rises[group]) / len(rises[group]))


def rise_at(trials: Sequence[Trial], group: str, ratio: float) -> float:
    """The rise of the loss at ``ratio``: linear between (0, 0) and the measured points.

    Beyond the last point it is in proportion to the ratio; without any point it is 0.
    """
    points = [(0.0, 0.0), *sorted((t.ratio, t.rise) for t in trials if t.group == group)]
    for (a, low), (b, high) in pairwise(points):
        if ratio <= b:
            return low + (high - low) * (ratio - a) / (b - a)
    last, rise = points[-1]
    return rise * ratio / last if last else 0.0


def plot(trials: Sequence[Trial], path: Path) -> None:
    """A curve for each group: rise of the loss against the share of channels cut."""
    with panels(path) as [axes]:
        for k, group in enumerate(reversed(ranking(trials))):
            points = sorted((t.ratio, t.rise) for t in trials if t.group == group)
            style = ("-", "--", ":", "-.")[k // 10 % 4]  # there are ten colours
            axes.plot(*zip((0.0, 0.0), *points, strict=True), style, marker=".", label=group)
        axes.set(xlabel="share of channels cut", ylabel="rise of the loss per character")
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend(fontsize=7, ncols=2, handlelength=4)
