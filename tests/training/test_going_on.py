"""Under which settings a run may go on, and that one that diverges leaves what there was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from stripes import StripeSource, written

from penjing.charset import DEFAULT, Charset
from penjing.errors import DivergedError, OutputError, WeightsError
from penjing.training.config import (
    DataConfig,
    NetworkConfig,
    RunConfig,
    ScheduleConfig,
    TrainConfig,
)
from penjing.training.loop import train
from penjing.training.metrics import validation_batches
from penjing.training.processes import Processes
from penjing.training.start import begin
from penjing.training.step import step


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> TrainConfig:
    """Of a run that has been trained to its end."""
    folder = tmp_path_factory.mktemp("run")
    made = TrainConfig(
        NetworkConfig(width=0.125, recurrent=[8], rank=8),
        DataConfig(shards=1, batch=4, pool=1, folder=str(written(folder, 20))),
        ScheduleConfig(lines=8),
        RunConfig(folder=str(folder / "run"), validate_lines=2, bf16=False),
    )
    train(made)
    return made


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("network", "rank", 16),
        ("network", "alone", ["head"]),
        ("data", "seed", 2),
        ("data", "batch", 2),
        ("schedule", "weight_decay", 0.0),
        ("schedule", "teacher", "default"),
    ],
)
def test_a_run_does_not_go_on_as_another(
    config: TrainConfig, section: str, name: str, value: Any
) -> None:
    changed = replace(getattr(config, section), **{name: value})
    with pytest.raises(WeightsError, match=rf"begun with {section}\.{name} = "):
        train(replace(config, **{section: changed}))


def test_a_run_goes_on_slower_and_looked_at_more(
    config: TrainConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    schedule = replace(config.schedule, learning_rate=1e-4)
    run = replace(config.run, validate_lines=1, report_every=1)
    train(replace(config, schedule=schedule, run=run))
    assert "has been trained" in capsys.readouterr().out


def test_a_checkpoint_of_before_goes_on_and_names_no_setting(
    config: TrainConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Checkpoints did not say how they were begun."""
    old = torch.load(Path(config.run.folder) / "checkpoint.pt", weights_only=True)
    torch.save({**old, "begun": ""}, tmp_path / "checkpoint.pt")
    moved = replace(config, run=replace(config.run, folder=str(tmp_path)))
    train(moved)
    assert "step 2: folder" in capsys.readouterr().out  # its exam was elsewhere
    torch.save({**old, "begun": ""}, tmp_path / "checkpoint.pt")
    with pytest.raises(WeightsError, match="other parts"):
        train(replace(moved, network=replace(config.network, alone=["head"])))


def test_a_longer_run_that_diverges_leaves_what_there_was(config: TrainConfig) -> None:
    folder = Path(config.run.folder)
    files = [folder / name for name in ("checkpoint.pt", "weights.safetensors")]
    before = [file.read_bytes() for file in files]
    wild = replace(config, schedule=replace(config.schedule, lines=16, learning_rate=1e30))
    with pytest.raises(DivergedError, match="learning rate"):
        train(wild)
    assert [file.read_bytes() for file in files] == before


def test_weights_are_not_touched_by_a_loss_that_is_no_number() -> None:
    config = TrainConfig(NetworkConfig(width=0.125, recurrent=[8], rank=8), DataConfig(shards=1))
    [batch] = validation_batches(StripeSource(), 4, Charset.load(DEFAULT))
    for aligned in (0.0, 1.0):
        state = begin(replace(config, schedule=ScheduleConfig(aligned=aligned)))
        with torch.no_grad():
            state.model.head.blank.bias[0] = torch.nan
        before = [p.clone() for p in state.model.parameters()]
        with pytest.raises(DivergedError, match="step 1 the loss is nan"):
            step(state, [iter([batch])], config, Processes())
        for value, now in zip(before, state.model.parameters(), strict=True):
            assert torch.equal(value, now) or value.isnan().any()


def test_a_folder_that_cannot_be_made_is_told_at_once(config: TrainConfig, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        train(replace(config, run=RunConfig(folder=str(tmp_path / "file" / "run"))))
