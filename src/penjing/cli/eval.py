"""``penjing eval``: exact match, character accuracy and time on labelled pictures."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from penjing.cli import READING, app
from penjing.cli.options import Model
from penjing.cli.output import print_json, tracked, typed_errors
from penjing.errors import ConfigError, DataError
from penjing.files import prepare, write_whole

if TYPE_CHECKING:
    from penjing.labelled import Labelled, LabelledPage
    from penjing.report.evaluation import Scored, ScoredPage


@app.command("eval", rich_help_panel=READING)
def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder with labels.tsv, or (--pages) pictures with a .json each."),
    ],
    model: Model = "default",
    pages: Annotated[
        bool, typer.Option("--pages", help="Measure whole pages instead of lines.")
    ] = False,
    orientation: Annotated[
        list[str] | None,
        typer.Option(help="Take rows of this orientation too, besides h; repeat for more."),
    ] = None,
    literal: Annotated[
        bool, typer.Option("--literal", help="Read without the language table.")
    ] = False,
    threads: Annotated[int, typer.Option(min=1, help="Threads to read with.")] = 1,
    json_to: Annotated[
        str | None, typer.Option("--json", help="Write the figures here as JSON; - is stdout.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write an HTML page of what was read wrongly here.")
    ] = None,
) -> None:
    """Measure a model on labelled lines, one at a time, or on labelled pages.

    The time of a line is from its decoded picture to its text, that of a page from its file.
    """
    import cv2

    from penjing.labelled import load_pages
    from penjing.report import error_page, evaluation

    cv2.setNumThreads(threads)
    with typed_errors():
        if pages and html is not None:
            raise ConfigError("--html shows single lines; leave --pages or --html out")
        for written in (html, json_to if json_to != "-" else None):
            if written is not None:
                prepare(Path(written))
        if pages:
            scored_pages = _read_pages(load_pages(folder), model, threads, literal)
            report = evaluation.pages_report(scored_pages, model, threads)
        else:
            labels = _oriented(_rows(folder), orientation or ())
            scored = _read_lines(labels, model, threads, literal)
            report = evaluation.lines_report(scored, model, threads)
            if html is not None:
                title = f"{model} on {folder.resolve().name}"
                write_whole(html, [error_page.page(scored, report, title).encode()])
        if json_to is not None:
            print_json(report, json_to)
        else:
            _show(report)


def _rows(folder: Path) -> list[Labelled]:
    from penjing.labelled import load_rows

    try:
        return load_rows(folder)
    except DataError as error:
        if (folder / "labels.tsv").exists() or not _has_pages(folder):
            raise
        raise DataError(f"{error} (for whole pages: --pages)") from error


def _has_pages(folder: Path) -> bool:
    """Whether there is a .json file beside a picture, or any other file, of the same name."""
    files = list(folder.iterdir()) if folder.is_dir() else []
    others = {file.stem for file in files if file.suffix != ".json"}
    return any(file.suffix == ".json" and file.stem in others for file in files)


def _oriented(rows: list[Labelled], besides: Sequence[str]) -> list[Labelled]:
    """The horizontal rows and those ``besides``; says how many others there are."""
    counts = Counter(row.orientation for row in rows)
    if unknown := [name for name in besides if name not in counts]:
        raise DataError(
            f"no row has the orientation {unknown[0]!r}; there are: {', '.join(sorted(counts))}"
        )
    wanted = {"h", *besides}
    if others := [f"{n} of {name!r}" for name, n in counts.most_common() if name not in wanted]:
        about = f"rows of other orientations are left out: {', '.join(others)}; see --orientation"
        print(f"penjing: warning: {about}", file=sys.stderr)
    return [row for row in rows if row.orientation in wanted]


def _read_lines(labels: list[Labelled], model: str, threads: int, literal: bool) -> list[Scored]:
    import time

    from penjing.report.evaluation import Scored
    from penjing.runtime.pictures import decode
    from penjing.runtime.recogniser import Recogniser
    from penjing.runtime.rectify import to_gray
    from penjing.runtime.second_look import read_carefully

    recogniser = Recogniser(model, threads)
    scored = []
    for label in tracked(labels, "reading"):
        pixels = decode(label.image).pixels
        start = time.perf_counter()
        reading = read_carefully(recogniser, [to_gray(pixels)], language=not literal)[0].reading
        took = (time.perf_counter() - start) * 1000
        centres = tuple(reading.centres.tolist())
        scored.append(
            Scored(label, reading.text, took, pixels.shape[0], reading.confidence, centres)
        )
    return scored


def _read_pages(
    labels: list[LabelledPage], model: str, threads: int, literal: bool
) -> list[ScoredPage]:
    import time

    import numpy as np

    from penjing.report.evaluation import ScoredPage
    from penjing.runtime.reader import Reader, ReadOptions

    reader = Reader(model, threads)
    scored = []
    for label in tracked(labels, "reading"):
        start = time.perf_counter()
        page = reader.read(label.image, ReadOptions(language=not literal))
        elapsed = (time.perf_counter() - start) * 1000
        polygons = np.array([line.polygon for line in page.lines], np.float32).reshape(-1, 4, 2)
        texts = tuple(line.text for line in page.lines)
        scored.append(ScoredPage(label, polygons, texts, elapsed))
    return scored


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = report["files"] if "files" in report else report["kinds"]
    skipped = {"languages"}
    columns = [key for key in next(iter(rows.values())) if key not in skipped]
    table = Table("", *columns, title=f"{report['model']}, {report['threads']} thread(s)")
    for name, row in rows.items():
        table.add_row(name, *(str(row.get(column, "")) for column in columns))
    console = Console()
    console.print(table)
    for key in ("lines", "exact", "char_accuracy", "space_f1", "english_spaces", "ms_per_line"):
        if key in report:
            console.print(f"{key}: {report[key]}")
    for key in ("complete", "partial", "ms_per_page"):
        if key in report:
            console.print(f"{key}: {report[key]}")
