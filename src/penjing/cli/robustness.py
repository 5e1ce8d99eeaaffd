"""``penjing robustness``: what damage costs, and what each enhancement gives back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.cli import app
from penjing.cli.options import Model
from penjing.cli.output import tracked, typed_errors

if TYPE_CHECKING:
    from penjing.labelled import Labelled


@app.command()
def robustness(
    out: Annotated[Path, typer.Option(help="Folder for the tables and the plot.")],
    folder: Annotated[
        Path | None, typer.Argument(help="A folder with labels.tsv; rendered lines without it.")
    ] = None,
    model: Model = "default",
    lines: Annotated[int, typer.Option(min=1, help="How many, of all kinds alike.")] = 150,
    seed: Annotated[int, typer.Option(help="Of what depends on chance.")] = 0,
) -> None:
    """Damage lines in seven ways and four severities, and read them with and without each step.

    Writes robustness.csv, robustness.md and robustness.png; the same seed gives the same pictures.
    """
    import cv2

    from penjing.files import write_whole
    from penjing.labelled import load_lines, opened
    from penjing.report import robustness as report
    from penjing.report.table import write_table
    from penjing.runtime.recogniser import Recogniser

    cv2.setNumThreads(1)
    with typed_errors():
        recogniser = Recogniser(model, threads=1)
        if folder is None:
            from penjing.training.sources import rendered_exam  # wants torch

            exam = rendered_exam(recogniser.charset, lines, held_out=True)
        else:
            exam = opened(_in_turn(load_lines(folder))[:lines])
        rounds = report.measure(
            exam, lambda pictures: [r.text for r in recogniser.read(pictures)], seed
        )
        conditions = len(report.conditions())
        cells = [cell for some in tracked(rounds, "reading", conditions) for cell in some]
        text = f"{report.markdown(cells)}\n{report.markdown_by_kind(cells)}"
        write_table(out / "robustness.csv", cells)
        write_whole(out / "robustness.md", [text.encode()])
        report.plot(cells, out / "robustness.png")
    typer.echo(text, nl=False)


def _in_turn(labels: Iterable[Labelled]) -> list[Labelled]:
    """One of each kind, then the next of each, and so on."""
    from itertools import chain, zip_longest

    by_kind: dict[str, list[Labelled]] = {}
    for label in labels:
        by_kind.setdefault(label.kind, []).append(label)
    return [label for label in chain(*zip_longest(*by_kind.values())) if label is not None]
