"""Training curves as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from penjing.report.drawing import panels

SEEN = "thousands of lines seen"


def training_curves(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Loss (log scale) and exam scores against lines seen; ``rows`` as in ``history.csv``."""
    trained = [r for r in rows if r.get("loss")]
    with panels(path, 2) as (left, right):
        left.plot(_thousands(trained), [float(r["loss"]) for r in trained], lw=1)
        left.set(yscale="log", xlabel=SEEN, ylabel="loss per character")
        for exam in dict.fromkeys(r["exam"] for r in rows if r.get("exam")):
            own = [r for r in rows if r.get("exam") == exam]
            seen = _thousands(own)
            characters = [float(r["characters"]) for r in own]
            [line] = right.plot(seen, characters, label=f"{exam}: characters")
            whole = [float(r["exact"]) for r in own]
            right.plot(seen, whole, "--", color=line.get_color(), label=f"{exam}: whole lines")
        right.set(xlabel=SEEN, ylim=(0, 1.02))
        right.grid(alpha=0.3)
        if right.lines:
            right.legend(fontsize=8)


def _thousands(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    return [int(r["lines"]) / 1000 for r in rows]
