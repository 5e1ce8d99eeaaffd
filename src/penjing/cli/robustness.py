"""``penjing robustness``: what damage costs, and what each enhancement gives back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.cli import app
from penjing.cli.output import tracked, typed_errors

if TYPE_CHECKING:
    from penjing.report.robustness import Sample


@app.command()
def robustness(
    out: Annotated[Path, typer.Option(help="Folder for the tables and the plot.")],
    folder: Annotated[
        Path | None, typer.Argument(help="A folder with labels.tsv; rendered lines without it.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="A shipped model's name, or an .onnx file.")
    ] = "default",
    lines: Annotated[int, typer.Option(min=1, help="How many, of all kinds alike.")] = 150,
    seed: Annotated[int, typer.Option(help="Of what depends on chance.")] = 0,
) -> None:
    """Damage lines in seven ways and four severities, and read them with and without each step.

    Writes robustness.csv, robustness.md and robustness.png; the same seed gives the same pictures.
    """
    import cv2

    from penjing.files import write_whole
    from penjing.report import robustness as report
    from penjing.runtime.recogniser import Recogniser

    cv2.setNumThreads(1)
    with typed_errors():
        recogniser = Recogniser(model, threads=1)
        samples = _rendered(lines) if folder is None else _labelled(folder, lines)
        rounds = report.measure(
            samples, lambda pictures: [r.text for r in recogniser.read(pictures)], seed
        )
        conditions = len(report.conditions())
        cells = [cell for some in tracked(rounds, "reading", conditions) for cell in some]
        text = f"{report.markdown(cells)}\n{report.markdown_by_kind(cells)}"
        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / "robustness.csv", [report.to_csv(cells).encode()])
        write_whole(out / "robustness.md", [text.encode()])
        report.plot(cells, out / "robustness.png")
    typer.echo(text, nl=False)


def _labelled(folder: Path, count: int) -> list[Sample]:
    """Lines from all kinds in turn, from the first of each on, until there are enough."""
    from itertools import chain, zip_longest

    from penjing.report.evaluation import Labelled, load_lines
    from penjing.report.robustness import Sample
    from penjing.runtime.pictures import decode
    from penjing.runtime.rectify import to_gray

    by_kind: dict[str, list[Labelled]] = {}
    for label in load_lines(folder):
        by_kind.setdefault(label.kind, []).append(label)
    mixed = [label for label in chain(*zip_longest(*by_kind.values())) if label is not None]
    return [
        Sample(to_gray(decode(label.image).pixels), label.text, label.kind)
        for label in mixed[:count]
    ]


def _rendered(count: int) -> list[Sample]:
    """Lines in fonts that no network is trained on."""
    from penjing.charset import Charset
    from penjing.report.robustness import Sample
    from penjing.training.config import CHARSET, DataConfig
    from penjing.training.sources import validation_sources

    source = validation_sources(DataConfig(), Charset.load(CHARSET))["held_out_fonts"]
    rendered = [source.render(number) for number in range(count)]
    return [Sample(line.image, line.text, "rendered") for line in rendered]
