"""``penjing quantize``: a recogniser in eight bits, if that is worth it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from penjing.cli import WORKSHOP, app
from penjing.cli.output import tracked, typed_errors


@app.command(rich_help_panel=WORKSHOP)
def quantize(
    model: Annotated[str, typer.Argument(help="An .onnx file, or a shipped model's name.")],
    out: Annotated[Path, typer.Argument(help="The .onnx file to write.")],
    calibrate: Annotated[
        Path | None,
        typer.Option(
            help="A folder with labels.tsv to calibrate on, in addition to rendered lines."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="A folder with labels.tsv to judge on. Default: rendered lines."),
    ] = None,
    lines: Annotated[int, typer.Option(min=1, help="At most how many lines to judge on.")] = 2000,
    report: Annotated[
        Path | None,
        typer.Option(help="Folder for what each layer loses: layers.csv and layers.png."),
    ] = None,
) -> None:
    """Make a recogniser that computes in eight bits, if it is faster here and reads as well.

    Convolutions and the head compute in eight bits; an LSTM keeps its weights in eight bits and
    computes in floats. It must be faster on this machine and lose at most half a percentage point
    of exact match; otherwise nothing is written but the report, and the exit status is 1.
    """
    import cv2
    import onnx

    from penjing.compression.quantization import gate, losses
    from penjing.compression.quantization.calibration import calibration_lines
    from penjing.compression.quantization.names import shortened
    from penjing.compression.quantization.preparation import prepared
    from penjing.compression.quantization.qdq import quantized
    from penjing.files import prepare, written_whole
    from penjing.report.compare import characters
    from penjing.report.table import write_table
    from penjing.runtime.weights import find
    from penjing.training.exam import exam

    cv2.setNumThreads(1)
    with typed_errors():
        prepare(out)
        if report is not None:
            prepare(report / "layers.csv")
        charset = characters(find(model))
        network = onnx.load(find(model))
        ready = prepared(network, calibration_lines(charset, calibrate))
        judged_on = exam(data, charset, lines)
        small = shortened(quantized(*ready))
        verdict = gate.judged(network, small, judged_on)
        if report is not None:
            trying = losses.layer_losses(ready, judged_on)
            table = list(tracked(trying, "layer by layer", len(ready.layers)))
            write_table(report / "layers.csv", table)
            losses.plot(table, report / "layers.png")
        verdict.insist()
        with written_whole(out) as temporary:
            onnx.save(small, temporary)
        typer.echo(f"{out}: {verdict}")
