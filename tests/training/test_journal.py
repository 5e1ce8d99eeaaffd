"""What a run tells of itself, over all its sittings."""

from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from penjing.training.config import RunConfig, TrainConfig
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
