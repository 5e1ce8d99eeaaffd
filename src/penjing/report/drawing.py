"""Plots: matplotlib without a screen, and files that are written whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from penjing.files import written_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@contextmanager
def panels(path: Path, columns: int = 1, share_y: bool = False) -> Iterator[list[Axes]]:
    """Axes side by side, to be drawn on; ``path`` is written when the block ends."""
    from matplotlib.figure import Figure  # not pyplot: nothing global, safe beside other figures

    figure = Figure(figsize=(9, 6) if columns == 1 else (4.5 * columns, 4))
    figure.set_layout_engine("constrained")
    yield list(figure.subplots(1, columns, sharey=share_y, squeeze=False)[0])
    with written_whole(path) as temporary:
        figure.savefig(temporary, dpi=110, format="png")
