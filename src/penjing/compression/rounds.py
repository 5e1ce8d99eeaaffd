"""The rounds of a pruning as its folder keeps them: a log, each kept round's weights, a plot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from penjing.errors import DataError
from penjing.files import write_whole
from penjing.report.drawing import panels

AXES: Mapping[str, tuple[str, float]] = {  # field of a round: its label in the plot, and its unit
    "milliseconds": ("milliseconds a line, one thread", 1.0),
    "bytes": ("megabytes of the ONNX file", 1e6),
    "multiply_adds": ("millions of multiply-adds", 1e6),
    "parameters": ("millions of parameters", 1e6),
}


@dataclass(frozen=True)
class Round:
    """What one round did. Round 0 is the unpruned network.

    Attributes:
        kept: whether the network still read well enough to go on from.
        bytes, milliseconds: size of the exported ONNX file, and its time for a line.
        loss: CTC's, per character of the exam.
        exact, characters: shares of the exam's lines, and characters, that were right.
        widths: the groups that this round cut, and the channels left in each.
        resting: groups that later rounds leave alone.
    """

    number: int
    kept: bool
    parameters: int
    multiply_adds: int
    bytes: int
    milliseconds: float
    loss: float
    exact: float
    characters: float
    widths: dict[str, int]
    resting: tuple[str, ...]


def weights_of(folder: Path, number: int) -> Path:
    return folder / f"round-{number:02d}.safetensors"


def read_rounds(log: Path) -> list[Round]:
    """The rounds of a log; none if there is none. Raises DataError for another kind of file."""
    try:
        text = log.read_text(encoding="utf-8") if log.exists() else ""
        values = [json.loads(line) for line in text.splitlines()]
        return [Round(**{**row, "resting": tuple(row["resting"])}) for row in values]
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(f"{log} is no log of rounds; choose another folder: {error}") from error


def write_rounds(log: Path, rounds: Sequence[Round]) -> None:
    write_whole(log, ((json.dumps(asdict(r)) + "\n").encode() for r in rounds))


def plot(rounds: Sequence[Round], path: Path) -> None:
    """Accuracy against each cost: kept rounds joined, refused crossed, Pareto front ringed."""
    with panels(path, len(AXES), share_y=True) as axes:
        for panel, (field, (label, unit)) in zip(axes, AXES.items(), strict=True):
            for some, style, size in (
                ([r for r in rounds if r.kept], "o-C0", 5),
                ([r for r in rounds if not r.kept], "xC1", 7),
                (pareto(rounds, field), "oC2", 11),
            ):
                costs = [getattr(r, field) / unit for r in some]
                right = [r.characters for r in some]
                panel.plot(costs, right, style, markersize=size, markerfacecolor="none")
            panel.set(xlabel=label)
            panel.grid(alpha=0.3)
        axes[0].set(ylabel="characters right")


def pareto(rounds: Sequence[Round], field: str) -> list[Round]:
    """The kept rounds that read better than every cheaper one, by ``field``; cheapest first."""
    front: list[Round] = []
    kept = (r for r in rounds if r.kept)
    for r in sorted(kept, key=lambda r: (getattr(r, field), -r.characters)):
        if not front or r.characters > front[-1].characters:
            front.append(r)
    return front
