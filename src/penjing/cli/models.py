"""``penjing models``: what ships with the package."""

from __future__ import annotations

from penjing.cli import app


@app.command()
def models() -> None:
    """List the shipped models: size, parameters, characters, and where their cards are."""
    from rich.console import Console
    from rich.table import Table

    from penjing.runtime.weights import describe, shipped

    table = Table("model", "family", "size", "parameters", "characters", "card")
    for path in shipped().values():
        about = describe(path)
        table.add_row(
            about.name,
            about.family,
            f"{about.bytes / 1e6:.2f} MB",
            f"{about.parameters:,}" if about.parameters else "",
            f"{about.characters:,}",
            str(about.card) if about.card else "none",
        )
    Console().print(table)
