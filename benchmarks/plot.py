"""Accuracy against milliseconds, from the tables in git."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.lines import CHINESE_PRINT
from benchmarks.tables import RESULTS, load
from penjing.report.drawing import panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RECEIPTS = "receipt en"


def draw(out: Path) -> None:
    """Chinese print, English receipts and whole pages, side by side; up and left is better."""
    lines, pages = load(RESULTS / "lines.csv"), load(RESULTS / "pages.csv")
    with panels(out, 3) as (chinese, english, whole):
        _scatter(chinese, [r for r in lines if r["group"] == CHINESE_PRINT], "exact")
        _scatter(english, [r for r in lines if r["group"] == _RECEIPTS], "exact")
        _scatter(whole, [r for r in pages if r["group"] == "all"], "characters")
        chinese.set(title="Chinese print, lines", ylabel="lines read exactly")
        english.set(title="English receipts, lines", ylabel="lines read exactly")
        whole.set(title="pages", ylabel="labelled characters read")


def _scatter(axes: Axes, rows: Sequence[dict[str, str]], accuracy: str) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    for row in rows:
        x, y = float(row["median_ms"]), float(row[accuracy])
        marker = "*" if row["peer"].startswith("penjing") else "o"
        [point] = axes.plot([x], [y], marker, ms=9, ls="none", label=row["peer"])
        span = [float(row["p5_ms"]), float(row["p95_ms"])]
        axes.plot(span, [y, y], lw=0.7, color=point.get_color())
    axes.set(xscale="log", xlabel="ms, median; whiskers 5 % and 95 %", ylim=(0, 1.02))
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(alpha=0.3, which="both")
    if rows:
        axes.legend(fontsize=7, loc="lower right")
