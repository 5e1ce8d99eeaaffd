"""``penjing depth``: let easy lines leave at a network's exit, if that pays."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import typed_errors
from penjing.errors import DataError


@app.command(rich_help_panel=WORKSHOP)
def depth(
    weights: Annotated[
        Path,
        typer.Argument(
            help="A .safetensors file trained with an exit, as by configs/early-exit.toml."
        ),
    ],
    out: Annotated[Path, typer.Argument(help="The .onnx file to write.")],
    data: Annotated[
        Path, typer.Option(help="A folder with labels.tsv to measure on, kind by kind.")
    ],
    loss: Annotated[
        float, typer.Option(min=0, help="Percentage points of exact match that may be lost.")
    ] = 0.5,
    lines: Annotated[
        int, typer.Option(min=1, help="Rendered lines to choose the threshold on.")
    ] = 1000,
    table: Annotated[Path | None, typer.Option(help="Write the figures as CSV.")] = None,
) -> None:
    """Let easy lines leave a network early, at its exit, if that saves time.

    Chooses how sure the exit must be of a line, and measures time and accuracy with and without
    it, by kinds of lines. The file that is written has the exit only if that is faster over all
    lines.
    """
    import tempfile

    import cv2
    import onnx

    from penjing.charset import Charset
    from penjing.compression import depth as study
    from penjing.export import export
    from penjing.export.two_depths import with_threshold
    from penjing.files import prepare, written_whole
    from penjing.labelled import Line, load_lines, opened
    from penjing.models import load, with_exit
    from penjing.report.table import write_table
    from penjing.training.sources import rendered_exam

    cv2.setNumThreads(1)
    with typed_errors():
        prepare(out)
        if table is not None:
            prepare(table)
        network, everything = load(weights), opened(load_lines(data))
        if not everything:
            raise DataError(f"{data} has no horizontal lines to measure on")
        with tempfile.TemporaryDirectory() as folder:
            plain = onnx.load(export(with_exit(network, None).eval(), Path(folder) / "plain.onnx"))
            both = onnx.load(export(network, Path(folder) / "both.onnx"))
        exam = rendered_exam(Charset.load(network.plan.charset), lines)
        threshold = study.chosen_threshold(both, exam, loss / 100)
        both = with_threshold(both, threshold)
        kinds: dict[str, list[Line]] = defaultdict(list)
        for line in everything:
            kinds[line.kind].append(line)
        rows = list(study.kinds(plain, both, {"all kinds": everything, **kinds}))
        for row in rows:
            typer.echo(
                f"{row.kind:20} {row.lines:5} lines, {row.left:6.1%} leave early; exact "
                f"{row.exact_full:.2%} to {row.exact_exit:.2%}; {row.ms_full:.2f} to "
                f"{row.ms_exit:.2f} ms ({row.ratio:.3f})"
            )
        if table is not None:
            write_table(table, rows)
        pays = rows[0].ratio < 1
        with written_whole(out) as temporary:
            onnx.save(both if pays else plain, temporary)
        verdict = f"two depths, threshold {threshold:.4f}" if pays else "one depth: two do not pay"
        typer.echo(f"{out}: {verdict}")
