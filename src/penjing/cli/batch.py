"""``penjing batch``: folders, patterns and lists of pictures and PDFs into a folder of results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from penjing.cli import app
from penjing.cli.output import typed_errors
from penjing.errors import ConfigError

if TYPE_CHECKING:
    from penjing.documents.batch import Batch, Outcome


@app.command()
def batch(
    sources: Annotated[
        list[str], typer.Argument(metavar="SRC…", help="Files, folders, patterns, @list.txt.")
    ],
    out: Annotated[Path, typer.Option(help="The folder of the results.")],
    form: Annotated[
        list[str] | None, typer.Option("--format", help="As of read; repeat for more than one.")
    ] = None,
    line: Annotated[bool, typer.Option("--line", help="Each picture is one line.")] = False,
    model: Annotated[
        str, typer.Option(help="A shipped model's name, or an .onnx file.")
    ] = "default",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Default: what affinity and quota allow.")
    ] = None,
) -> None:
    """Read everything once; run it again after any interruption, and it goes on.

    Writes text and JSON beside one another unless --format says otherwise, index.jsonl with a
    line for each document, and report.html. Status 1 if anything failed.
    """
    from penjing.documents.batch import Batch, Settings
    from penjing.documents.batch_report import report
    from penjing.documents.files import write_whole
    from penjing.documents.formats import FORMATS
    from penjing.documents.sources import collect, names
    from penjing.runtime.reader import Reader
    from penjing.runtime.threads import available_threads

    with typed_errors():
        chosen = tuple(dict.fromkeys(form or ("text", "json")))
        if unknown := [name for name in chosen if name not in FORMATS]:
            raise ConfigError(f"no format {unknown[0]!r}; there are: {', '.join(FORMATS)}")
        out = out.absolute()
        paths = collect(sources, outside=out)
        reader = Reader(model, threads=1, detector=None if line else "default")
        settings = Settings(chosen, model, line)
        job = Batch(paths, out, reader, settings, workers or available_threads())
        outcomes = _watch(job)
        where = {name: path for path, name in names(paths).items()}
        write_whole(out / "report.html", [report(outcomes, where)])
    pages = sum(len(outcome.pages) for outcome in outcomes)
    failures = sum(len(outcome.failures) for outcome in outcomes)
    print(f"{len(outcomes)} documents, {pages} pages, {failures} failures: {out / 'report.html'}")
    if failures:
        raise typer.Exit(1)


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
