"""``penjing robustness``: what damage costs, and what each enhancement gives back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.options import Model
from penjing.cli.output import tracked, typed_errors


@app.command(rich_help_panel=WORKSHOP)
def robustness(
    out: Annotated[Path, typer.Option(help="Folder for the tables and the plot.")],
    folder: Annotated[
        Path | None, typer.Argument(help="A folder with labels.tsv. Default: rendered lines.")
    ] = None,
    model: Model = "default",
    lines: Annotated[
        int, typer.Option(min=1, help="At most how many lines, as many of each kind.")
    ] = 150,
    seed: Annotated[int, typer.Option(help="Seed of the damage.")] = 0,
) -> None:
    """Measure what damaged pictures cost, and what each enhancement gives back.

    Lines are damaged in seven ways and four severities, and read as they are and after each
    enhancement. Writes robustness.csv, robustness.md and robustness.png. The same seed damages
    in the same way.
    """
    import cv2

    from penjing.files import write_whole
    from penjing.report import robustness as report
    from penjing.report.table import write_table
    from penjing.runtime.recogniser import Recogniser
    from penjing.training.exam import exam

    cv2.setNumThreads(1)
    with typed_errors():
        recogniser = Recogniser(model, threads=1)
        judged_on = exam(folder, recogniser.charset, lines, held_out=True)
        rounds = report.measure(
            judged_on, lambda pictures: [r.text for r in recogniser.read(pictures)], seed
        )
        conditions = len(report.conditions())
        cells = [cell for some in tracked(rounds, "reading", conditions) for cell in some]
        text = f"{report.markdown(cells)}\n{report.markdown_by_kind(cells)}"
        write_table(out / "robustness.csv", cells)
        write_whole(out / "robustness.md", [text.encode()])
        report.plot(cells, out / "robustness.png")
    typer.echo(text, nl=False)
