"""Accuracy against the severity of damage, with and without each enhancement.

The lines are damaged (``degradation``), enhanced, and read. An enhancement is judged by the
difference to reading the damaged lines as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from penjing.labelled import Line
from penjing.report.degradation import DEGRADATIONS, SEVERITIES, degraded
from penjing.report.drawing import panels
from penjing.report.evaluation import normalise
from penjing.runtime.enhance import NO_ENHANCEMENT, Enhancement, advised, enhance, text_rows
from penjing.runtime.pictures import Pixels

STEPS = {
    "none": NO_ENHANCEMENT,
    "clahe": Enhancement(clahe=True),
    "binarise": Enhancement(binarise=True),
    "clahe+binarise": Enhancement(clahe=True, binarise=True),
    "deskew": Enhancement(deskew=True),
    "denoise": Enhancement(denoise=True),
    "stretch": Enhancement(stretch=True),
    "stretch+denoise": Enhancement(stretch=True, denoise=True),
    "auto": Enhancement(auto=True),
}
CLEAN = "clean"

Read = Callable[[Sequence[Pixels]], Sequence[str]]


@dataclass(frozen=True)
class Cell:
    """How the lines of one ``kind`` were read after one damage and one enhancement.

    ``edits`` is the number of wrong, missing or superfluous characters.
    """

    damage: str
    severity: int
    step: str
    kind: str
    lines: int
    exact: int
    characters: int
    edits: int


def conditions() -> list[tuple[str, int]]:
    """Every damage and severity, the undamaged lines first."""
    return [(CLEAN, 0), *((name, severity) for name in DEGRADATIONS for severity in SEVERITIES)]


def measure(lines: Sequence[Line], read: Read, seed: int = 0) -> Iterator[list[Cell]]:
    """The cells of each of ``conditions`` in turn, of all enhancements and kinds of lines."""
    for damage, severity in conditions():
        pictures = [
            degraded(line.pixels, damage, severity, (seed, number))
            for number, line in enumerate(lines)
        ]
        cells = []
        for step, steps in STEPS.items():
            texts = read([_enhanced(picture, steps) for picture in pictures])
            cells += _cells(damage, severity, step, lines, texts)
        yield cells


def _enhanced(gray: Pixels, steps: Enhancement) -> Pixels:
    """Enhanced as ``Reader`` enhances a picture of one line."""
    if steps.auto:
        steps = advised(gray, steps)
    better = enhance(gray, steps)
    return better[slice(*text_rows(better))] if steps.deskew else better


def _cells(
    damage: str, severity: int, step: str, lines: Sequence[Line], texts: Sequence[str]
) -> list[Cell]:
    pairs: dict[str, list[tuple[str, str]]] = {}
    for line, text in zip(lines, texts, strict=True):
        pairs.setdefault(line.kind, []).append((normalise(line.text), normalise(text)))
    return [
        Cell(
            damage,
            severity,
            step,
            kind,
            lines=len(some),
            exact=sum(right == text for right, text in some),
            characters=sum(len(right) for right, _ in some),
            edits=sum(Levenshtein.distance(right, text) for right, text in some),
        )
        for kind, some in pairs.items()
    ]


def exact(cells: Iterable[Cell], **wanted: object) -> float:
    """The share of lines read without a mistake, among the cells with these values."""
    some = [cell for cell in cells if all(getattr(cell, k) == v for k, v in wanted.items())]
    return sum(cell.exact for cell in some) / max(1, sum(cell.lines for cell in some))


def markdown(cells: Sequence[Cell]) -> str:
    """Exact lines by damage and severity; for each step, the points it gains or loses."""
    steps = [step for step in STEPS if step != "none"]
    rows = [["damage", "severity", "as it is", *steps], ["---", *["---:"] * (2 + len(steps))]]
    for damage, severity in conditions():
        plain = exact(cells, damage=damage, severity=severity, step="none")
        gains = [
            exact(cells, damage=damage, severity=severity, step=step) - plain for step in steps
        ]
        rows.append(
            [damage, str(severity), f"{plain:.3f}", *(f"{100 * gain:+.1f}" for gain in gains)]
        )
    rows.append(["**all**", "", f"{exact(cells, step='none'):.3f}", *_worth(cells, steps)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def markdown_by_kind(cells: Sequence[Cell]) -> str:
    """The same for all damage together, by the kind of the picture."""
    steps = [step for step in STEPS if step != "none"]
    rows = [["kind", "lines", "clean", "damaged", *steps], ["---", *["---:"] * (3 + len(steps))]]
    for kind in dict.fromkeys(cell.kind for cell in cells):
        some = [cell for cell in cells if cell.kind == kind]
        lines = next(cell.lines for cell in some)
        clean = exact(some, damage=CLEAN, step="none")
        rest = [cell for cell in some if cell.damage != CLEAN]
        plain = exact(rest, step="none")
        rows.append([kind, str(lines), f"{clean:.3f}", f"{plain:.3f}", *_worth(rest, steps)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _worth(cells: Sequence[Cell], steps: Sequence[str]) -> list[str]:
    """The percentage points of exact lines that each step adds, as text."""
    plain = exact(cells, step="none")
    return [f"{100 * (exact(cells, step=step) - plain):+.1f}" for step in steps]


def plot(cells: Sequence[Cell], out: Path) -> None:
    """Accuracy against severity: without enhancement, and with ``auto``."""
    with panels(out, columns=2, share_y=True) as axes:
        for ax, step, title in zip(axes, ("none", "auto"), ("as it is", "auto"), strict=True):
            for damage in DEGRADATIONS:
                heights = [exact(cells, damage=CLEAN, step=step)]
                heights += [
                    exact(cells, damage=damage, severity=severity, step=step)
                    for severity in SEVERITIES
                ]
                ax.plot((0, *SEVERITIES), heights, marker="o", label=damage)
            ax.set(title=title, xlabel="severity", xticks=(0, *SEVERITIES), ylim=(0, 1))
            ax.grid(alpha=0.3)
        axes[0].set_ylabel("lines without a mistake")
        axes[0].legend(fontsize="small")
