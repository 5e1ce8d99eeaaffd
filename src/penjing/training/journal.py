"""The log of a run: progress on the terminal, a CSV, TensorBoard events and plotted curves."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from penjing.files import written_whole
from penjing.training.config import TrainConfig
from penjing.training.metrics import Score

COLUMNS = ("step", "lines", "loss", "rate", "lines_per_s", "exam", "exact", "characters")


class Journal:
    """Rows of ``history.csv``: a training row every ``report_every`` steps, a row per exam.

    Args:
        step: the step that the run begins or goes on from; later rows of the CSV are dropped.
        quiet: write and print nothing, as all processes but the first.
    """

    def __init__(self, folder: Path, config: TrainConfig, step: int, quiet: bool) -> None:
        self.folder, self.config, self.quiet, self.start = folder, config, quiet, step
        self.rows = [] if quiet else _rows_until(folder / "history.csv", step)
        self.lines = max((int(r["lines"]) for r in self.rows if r["lines"]), default=0)
        self.loss = self.characters = 0.0
        self.recent = 0
        self.since = time.monotonic()
        self.console = Console()
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total} steps, {task.fields[note]}"),
            TimeRemainingColumn(),
            console=self.console,
            disable=quiet or not self.console.is_terminal,
        )
        self.bar = self.progress.add_task("training", total=config.steps, completed=step, note="")

    def __enter__(self) -> Journal:
        self.progress.start()
        if not self.quiet:
            from torch.utils.tensorboard import SummaryWriter

            # Steps logged after the last checkpoint are done, and logged, again.
            self.board = SummaryWriter(str(self.folder / "tensorboard"), purge_step=self.start + 1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.progress.stop()
        if not self.quiet:
            self._write()
            self.board.close()

    def step(self, step: int, loss: float, characters: int, lines: int, rate: float) -> None:
        """Note a step: its loss per character, characters, lines and learning rate."""
        if self.quiet:
            return
        self.loss += loss * characters
        self.characters += characters
        self.recent += lines
        self.lines += lines
        if step % self.config.run.report_every == 0 or step == self.config.steps:
            self._report(step, rate)

    def _report(self, step: int, rate: float) -> None:
        """Add a row on the steps since the last report, and print it."""
        now = time.monotonic()
        mean, speed = self.loss / max(1.0, self.characters), self.recent / (now - self.since)
        self.rows.append(
            {
                "step": step,
                "lines": self.lines,
                "loss": f"{mean:.6f}",
                "rate": f"{rate:.3e}",
                "lines_per_s": f"{speed:.1f}",
            }
        )
        self.board.add_scalar("loss", mean, step)
        self.board.add_scalar("lines_per_s", speed, step)
        note = f"loss {mean:.3f}, {speed:.0f} lines/s"
        self.progress.update(self.bar, completed=step, note=note)
        if not self.console.is_terminal:
            left = max(0, self.config.schedule.lines - self.lines)  # batches differ in lines
            hours = left / max(speed, 1e-9) / 3600
            print(
                f"{time.strftime('%H:%M:%S')} step {step}/{self.config.steps} "
                f"lines {self.lines} {note}, {hours:.2f} h left",
                flush=True,
            )
        self.loss = self.characters = 0.0
        self.recent, self.since = 0, now

    def examined(self, step: int, marks: Mapping[str, Score]) -> None:
        """Note the scores and redraw the curves."""
        for exam, mark in marks.items():
            self.rows.append(
                {
                    "step": step,
                    "lines": self.lines,
                    "exam": exam,
                    "exact": f"{mark.exact:.4f}",
                    "characters": f"{mark.characters:.4f}",
                }
            )
            self.board.add_scalar(f"{exam}/exact", mark.exact, step)
            self.board.add_scalar(f"{exam}/characters", mark.characters, step)
            self.progress.console.print(
                f"step {step}: {exam} {mark.exact:.1%} of lines, "
                f"{mark.characters:.2%} of characters",
                highlight=False,
            )
        self._write()
        if self.rows:
            from penjing.report.curves import training_curves

            training_curves(self.rows, self.folder / "curves.png")
        self.since = time.monotonic()

    def has_examined(self, step: int) -> bool:
        return any(row.get("exam") and int(row["step"]) == step for row in self.rows)

    def flush(self, step: int, rate: float) -> None:
        """Write all rows up to ``step``, so that a checkpoint of it can be gone on from."""
        if self.recent:
            self._report(step, rate)
        self._write()

    def _write(self) -> None:
        with (
            written_whole(self.folder / "history.csv") as temporary,
            temporary.open("w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(self.rows)


def _rows_until(path: Path, step: int) -> list[dict[str, Any]]:
    """The rows that earlier sittings wrote, up to the checkpoint's ``step``."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [dict(row) for row in csv.DictReader(file) if int(row["step"]) <= step]
