"""The lines that a model is judged on: of a folder, or rendered ones never trained on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, zip_longest
from pathlib import Path

from penjing.charset import Charset
from penjing.labelled import Labelled, Line, load_lines, opened


def exam(
    folder: Path | None, charset: Charset, count: int, held_out: bool = False, skip: int = 0
) -> list[Line]:
    """At most ``count`` lines of ``folder``, as many of each kind; or ``count`` rendered lines.

    The folder should be one that nothing was trained on. Nothing is ever trained on these rendered
    lines; but the first of them (in fonts trained on) are those that training validates on and
    pruning accepts its rounds by.

    Args:
        charset: what rendered lines are written in.
        held_out: render in fonts that nothing was trained on either.
        skip: leave out so many lines first.

    Raises DataError for a folder without labelled lines, PictureError for a broken picture.
    """
    if folder is not None:
        return opened(_in_turn(load_lines(folder))[skip : skip + count])
    from penjing.training.sources import rendered_exam  # imports torch; a folder needs none

    return rendered_exam(charset, count, held_out, skip)


def _in_turn(labels: Iterable[Labelled]) -> list[Labelled]:
    """One of each kind, then the next of each, and so on."""
    by_kind: dict[str, list[Labelled]] = {}
    for label in labels:
        by_kind.setdefault(label.kind, []).append(label)
    return [label for label in chain(*zip_longest(*by_kind.values())) if label is not None]
