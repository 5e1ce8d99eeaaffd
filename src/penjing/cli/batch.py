"""``penjing batch``: folders, patterns and lists of pictures and PDFs into a folder of results."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from penjing.cli import READING, app
from penjing.cli.options import AsLine, Enhance, Literally, Model, reading
from penjing.cli.output import typed_errors
from penjing.errors import ConfigError

if TYPE_CHECKING:
    from penjing.documents.batch import Batch, Engine
    from penjing.documents.outcome import Outcome
    from penjing.documents.worker import Settings


@app.command(rich_help_panel=READING)
def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SRC",
            help="Files, folders, archives, patterns, or @list.txt with one of these a line.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write results to.")],
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help="A format of `penjing read`; repeat for more. Default: text and json."
        ),
    ] = None,
    line: AsLine = False,
    enhance: Enhance = None,
    literal: Literally = False,
    model: Model = "default",
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="Documents read at once. Default: one for each CPU that may be used."
        ),
    ] = None,
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(help="ray: on the cluster at RAY_ADDRESS; needs [ray]."),
    ] = "local",
) -> None:
    """Read many pictures and PDFs into a folder; run it again after an interruption to go on.

    A zip or tar file counts as a folder. Writes a file in each format for each document,
    index.jsonl with a line for each document, and report.html. Of files with equal content only
    the first is read. The exit status is 1 if anything failed.
    """
    from penjing.documents.batch import Batch
    from penjing.documents.batch_report import report
    from penjing.documents.formats import FORMATS
    from penjing.documents.sources import by_suffix, collect, names
    from penjing.documents.worker import Settings
    from penjing.files import write_whole

    with typed_errors():
        chosen = tuple(dict.fromkeys(form or ("text", "json")))
        if unknown := [name for name in chosen if name not in FORMATS]:
            raise ConfigError(f"no format {unknown[0]!r}; there are: {', '.join(FORMATS)}")
        out = Path(os.path.abspath(out))
        others: set[Path] = set()
        paths = collect(sources, out, left_out=others)
        settings = Settings(chosen, model, reading(line, enhance, literal))
        outcomes = _watch(Batch(paths, out, _engine(engine, out, settings, workers)))
        where = {name: path for path, name in names(paths).items()}
        write_whole(out / "report.html", [report(outcomes, where, others)])
    pages = sum(len(outcome.pages) for outcome in outcomes)
    failures = sum(len(outcome.failures) for outcome in outcomes)
    if others:
        about = f"{_many(len(others), 'file')} of other kinds left out: {by_suffix(others)}"
        print(f"penjing: {about}", file=sys.stderr)
    if repeated := sum(outcome.same_as is not None for outcome in outcomes):
        about = f"{_many(repeated, 'document')} the same as others, named in index.jsonl"
        print(f"penjing: {about}", file=sys.stderr)
    counted = ((len(outcomes), "document"), (pages, "page"), (failures, "failure"))
    print(f"{', '.join(_many(*count) for count in counted)}: {out / 'report.html'}")
    if failures:
        raise typer.Exit(1)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _engine(name: str, out: Path, settings: Settings, workers: int | None) -> Engine:
    if name == "ray":
        from penjing.documents.on_ray import RayActors

        return RayActors(out, settings, workers)
    from penjing.documents.batch import Threads
    from penjing.documents.worker import Worker
    from penjing.runtime.threads import available_threads

    return Threads(Worker(out, settings), workers or available_threads())


def _watch(job: Batch) -> list[Outcome]:
    """Outcomes by name, with a bar on a terminal and every failure on stderr."""
    import time

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    console = Console(stderr=True)
    outcomes = []
    read, start = 0, time.monotonic()
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]} pages/s"), Left())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("documents", total=len(job.paths), rate="–")
        for outcome in job.run():
            outcomes.append(outcome)
            read += 0 if outcome.resumed else len(outcome.pages)
            rate = f"{read / max(1e-3, time.monotonic() - start):.1f}"
            progress.update(task, advance=1, rate=rate)
            for failure in outcome.failures:
                page = "" if failure.number is None else f", page {failure.number}"
                about = f"penjing: {outcome.name}{page}: {failure.code}: {failure.cause}"
                print(about, file=sys.stderr)
    return sorted(outcomes, key=lambda outcome: outcome.name)
