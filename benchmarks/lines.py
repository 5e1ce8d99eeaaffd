"""Lines: exact match, character accuracy and milliseconds, in all and by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.compare import Run, interleaved
from benchmarks.peers import RIVALS, ours
from benchmarks.speed import speed
from benchmarks.tables import Row
from penjing.labelled import Labelled, load_lines
from penjing.report.evaluation import Scored, score

# What a reader of documents meets; taken together where it is Chinese.
_PRINT = {
    *("invoice", "ticket", "receipt", "scanned_doc", "screenshot_doc"),
    *("ecommerce_image", "video_screenshot", "label_nameplate"),
}
ALL, CHINESE_PRINT = "all", "Chinese print"


def compare(
    folder: Path, models: Sequence[str], threads: int, repeats: int, most: int | None
) -> list[Row]:
    """A row for each peer and each group of lines; ``most`` lines are taken evenly from all."""
    labels = load_lines(folder)
    if most is not None and most < len(labels):
        labels = [labels[k * len(labels) // most] for k in range(most)]
    peers = [*(ours(model) for model in models), *(peer for peer in RIVALS if peer.lines)]
    runs = interleaved(peers, [label.image for label in labels], "line", threads, repeats)
    return [
        {
            "peer": run.name,
            "group": group,
            **_accuracy(run, labels, members),
            **speed(run, runs[0], members),
        }
        for group, members in _groups(labels).items()
        for run in runs
    ]


def _accuracy(run: Run, labels: Sequence[Labelled], members: Sequence[int]) -> Row:
    figures = score([Scored(labels[k], run.answers[k][0].text, 0.0) for k in members])
    return {name: figures[name] for name in ("lines", "exact", "char_accuracy")}


def _groups(labels: Sequence[Labelled]) -> dict[str, list[int]]:
    """All lines; Chinese print together; every kind in every language it has."""
    groups: dict[str, list[int]] = {ALL: list(range(len(labels))), CHINESE_PRINT: []}
    for k, label in enumerate(labels):
        if label.kind in _PRINT and label.language in ("zh", "zh+en"):
            groups[CHINESE_PRINT].append(k)
        groups.setdefault(f"{label.kind} {label.language}".strip(), []).append(k)
    return {name: members for name, members in groups.items() if members}
