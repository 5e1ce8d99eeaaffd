"""Pages that lie on a side or stand on their heads: how many labelled lines are still read."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.compare import Run, interleaved
from benchmarks.peers import RIVALS, ours
from benchmarks.speed import speed
from benchmarks.tables import Row
from penjing.labelled import LabelledPage, load_pages
from penjing.report.evaluation import normalise
from penjing.runtime.pictures import decode


def compare(folder: Path, models: Sequence[str], threads: int) -> list[Row]:
    """A row for each peer and each way the pages lie, in degrees clockwise."""
    labels = load_pages(folder)
    rows: list[Row] = []
    for turns in range(4):
        peers = [*(ours(model) for model in models), *(peer for peer in RIVALS if peer.pages)]
        with tempfile.TemporaryDirectory() as temporary:
            images = [_lying(label, turns, Path(temporary)) for label in labels]
            runs = interleaved(peers, images, "page", threads, repeats=1)
        rows += [
            {
                "peer": run.name,
                "rotation": 90 * turns,
                "lines": sum(len(label.texts) for label in labels),
                "right": _right(run, labels),
                **speed(run, runs[0], list(range(len(labels)))),
            }
            for run in runs
        ]
    return rows


def _lying(label: LabelledPage, turns: int, folder: Path) -> Path:
    path = folder / f"{label.image.stem}.png"
    Image.fromarray(np.rot90(decode(label.image).pixels, -turns)).save(path, compress_level=1)
    return path


def _right(run: Run, labels: Sequence[LabelledPage]) -> int:
    """Labelled lines that are among those read, wherever: peers say differently where a line is."""
    right = 0
    for label, answers in zip(labels, run.answers, strict=True):
        read = Counter(normalise(text) for text, _ in answers[0].lines)
        right += (read & Counter(map(normalise, label.texts))).total()
    return right
