"""Training curves as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def training_curves(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Loss (log scale) and exam scores against lines seen; ``rows`` as in ``history.csv``."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    trained = [r for r in rows if r.get("loss")]
    left.plot([int(r["lines"]) for r in trained], [float(r["loss"]) for r in trained], lw=1)
    left.set(yscale="log", xlabel="lines seen", ylabel="loss per character")
    for exam in dict.fromkeys(r["exam"] for r in rows if r.get("exam")):
        own = [r for r in rows if r.get("exam") == exam]
        seen = [int(r["lines"]) for r in own]
        line = right.plot(seen, [float(r["characters"]) for r in own], label=f"{exam}: characters")
        right.plot(
            seen,
            [float(r["exact"]) for r in own],
            "--",
            color=line[0].get_color(),
            label=f"{exam}: whole lines",
        )
    right.set(xlabel="lines seen", ylim=(0, 1))
    right.grid(alpha=0.3)
    if right.lines:
        right.legend(fontsize=8)
    temporary = path.with_name(path.stem + ".part.png")
    figure.savefig(temporary, dpi=110)
    plt.close(figure)
    temporary.replace(path)
