"""What a run tells of itself, over all its sittings."""

from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from penjing.training.config import RunConfig, ScheduleConfig, TrainConfig
from penjing.training.journal import Journal


def test_a_sitting_that_ends_between_two_reports_is_counted(tmp_path: Path) -> None:
    config = TrainConfig(run=RunConfig(folder=str(tmp_path), report_every=50))
    with Journal(tmp_path, config, 0, quiet=False) as journal:
        for step in range(1, 71):
            journal.step(step, 0.5, 10, 4, 1e-3)
        journal.flush(70, 1e-3)
        journal.step(71, 0.5, 10, 4, 1e-3)  # after the checkpoint: to be trained again
    again = Journal(tmp_path, config, 70, quiet=False)
    assert [row["step"] for row in again.rows] == ["50", "70"]
    assert again.lines == 70 * 4


def test_a_process_that_is_not_the_first_writes_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path / "run", TrainConfig(), 0, quiet=True) as journal:
        journal.step(50, 0.5, 10, 4, 1e-3)
    assert not (tmp_path / "run").exists()


def test_what_is_trained_again_is_one_point_of_the_curve(tmp_path: Path) -> None:
    config = TrainConfig(run=RunConfig(folder=str(tmp_path), report_every=50))
    for start in (0, 50):
        with Journal(tmp_path, config, start, quiet=False) as journal:
            for step in range(start + 1, 101):  # the first sitting is killed after its checkpoint
                journal.step(step, 0.5, 10, 4, 1e-3)
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert [point.step for point in events.Scalars("loss")] == [50, 100]


def test_no_time_is_left_in_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Batches differ in lines: the last step may end above those that were asked for."""
    config = TrainConfig(
        schedule=ScheduleConfig(lines=640), run=RunConfig(folder=str(tmp_path), report_every=1)
    )
    with Journal(tmp_path, config, config.steps - 1, quiet=False) as journal:
        journal.step(config.steps, 0.5, 10, 648, 1e-3)
    assert ", 0.00 h left" in capsys.readouterr().out
