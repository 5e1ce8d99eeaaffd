"""A run that has ended says so, and makes good what a kill in its last minute left undone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from stripes import written

from penjing.models import load
from penjing.training import loop
from penjing.training.config import (
    DataConfig,
    NetworkConfig,
    RunConfig,
    ScheduleConfig,
    TrainConfig,
)


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    return TrainConfig(
        NetworkConfig(width=0.125, recurrent=[8], rank=8),
        DataConfig(shards=1, batch=4, pool=1, folder=str(written(tmp_path, 20))),
        ScheduleConfig(lines=8),
        RunConfig(folder=str(tmp_path / "run"), validate_lines=2),
    )


def exams(folder: Path) -> list[str]:
    with (folder / "history.csv").open(newline="", encoding="utf-8") as file:
        return [row["step"] for row in csv.DictReader(file) if row["exam"]]


def test_a_finished_run_is_left_as_it_is(
    config: TrainConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = loop.train(config)
    before = weights.stat().st_mtime_ns
    capsys.readouterr()
    loop.train(config)
    assert "has been trained" in capsys.readouterr().out
    assert weights.stat().st_mtime_ns == before
    assert exams(weights.parent) == ["2"]


def test_weights_that_were_lost_are_written_again(config: TrainConfig) -> None:
    weights = loop.train(config)
    before = load(weights).state_dict()
    weights.unlink()
    assert loop.train(config) == weights
    for name, value in load(weights).state_dict().items():
        assert torch.equal(value, before[name]), name
    assert exams(weights.parent) == ["2"]


def test_a_kill_during_the_last_exam_costs_no_exam(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loop, "score", killed)
        with pytest.raises(KeyboardInterrupt):
            loop.train(config)
    assert exams(Path(config.run.folder)) == []
    loop.train(config)
    assert exams(Path(config.run.folder)) == ["2"]
