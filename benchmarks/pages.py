"""Pages: lines found in their place and read exactly, characters found anywhere, milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.compare import Run, interleaved
from benchmarks.peers import RIVALS, ours
from benchmarks.speed import speed
from benchmarks.tables import Row
from penjing.labelled import LabelledPage, load_pages
from penjing.report.evaluation import ScoredPage, normalise, pages_report


def compare(folder: Path, models: Sequence[str], threads: int, repeats: int) -> list[Row]:
    """A row for each peer over all pages, and one for each page."""
    labels = load_pages(folder)
    peers = [*(ours(model) for model in models), *(peer for peer in RIVALS if peer.pages)]
    runs = interleaved(peers, [label.image for label in labels], "page", threads, repeats)
    groups = {"all": list(range(len(labels)))}
    groups |= {label.image.name: [k] for k, label in enumerate(labels)}
    return [
        {
            "peer": run.name,
            "group": group,
            **_accuracy(run, labels, members),
            **speed(run, runs[0], members),
        }
        for group, members in groups.items()
        for run in runs
    ]


def _accuracy(run: Run, labels: Sequence[LabelledPage], members: Sequence[int]) -> Row:
    """``f1`` and ``recall`` of whole lines, as ``penjing eval --pages`` counts them.

    Peers cut lines where they like, and labels were cut in one of these ways. ``characters`` is
    free of that: the share of labelled characters that were read, wherever.
    """
    pages = [_scored(run, labels[k], k) for k in members]
    report = pages_report(pages, run.name, 1)
    shared = sum((_letters(p.label.texts) & _letters(p.texts)).total() for p in pages)
    return {
        "pages": len(pages),
        "f1": report["complete"]["f1"],
        "recall": report["partial"]["recall"],
        "characters": round(
            shared / max(1, sum(_letters(p.label.texts).total() for p in pages)), 4
        ),
    }


def _scored(run: Run, label: LabelledPage, k: int) -> ScoredPage:
    found = [(text, box) for text, box in run.answers[k][0].lines if box is not None]
    polygons = np.array([box for _, box in found], np.float32).reshape(-1, 4, 2)
    return ScoredPage(label, polygons, tuple(text for text, _ in found), 0.0)


def _letters(texts: Sequence[str]) -> Counter[str]:
    return Counter(normalise("".join(texts)))
