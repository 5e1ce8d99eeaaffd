"""Fine-tuning that is stopped computes what an undisturbed one computes."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lines import network, written
from torch import Tensor

from penjing.compression.healing import heal
from penjing.errors import DivergedError, WeightsError
from penjing.models import CRNN
from penjing.training.batches import Batch
from penjing.training.config import DataConfig, RunConfig, ScheduleConfig, TrainConfig
from penjing.training.losses import ctc_loss

STEPS = 8


class Stopped(Exception):
    """As a kill would."""


class Lesson:
    """CTC; counts its steps, and stops the run after ``most``."""

    def __init__(self, most: int = STEPS, fingerprint: str = "labels alone") -> None:
        self.most, self.steps, self.fingerprint = most, 0, fingerprint

    def __call__(self, model: CRNN, batch: Batch) -> Tensor:
        if self.steps == self.most:
            raise Stopped
        self.steps += 1
        return ctc_loss(model(batch.images), model.head, batch)


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    return TrainConfig(
        data=DataConfig(folder=str(written(tmp_path, 20)), batch=4, shards=1, pool=2),
        schedule=ScheduleConfig(lines=4 * STEPS, learning_rate=1e-3, ema=0.5),
        run=RunConfig(bf16=False, checkpoint_minutes=0.0),
    )


def test_it_goes_on_where_it_was_stopped(config: TrainConfig, tmp_path: Path) -> None:
    model, checkpoint = network("vgg", width=0.125), tmp_path / "healing.pt"
    undisturbed = heal(copy.deepcopy(model), Lesson(), config, tmp_path / "other.pt")
    with pytest.raises(Stopped):
        heal(copy.deepcopy(model), Lesson(5), config, checkpoint)
    assert checkpoint.exists()
    rest = Lesson()
    healed = heal(copy.deepcopy(model), rest, config, checkpoint)
    assert rest.steps == STEPS - 5
    assert checkpoint.exists(), "the caller's, until the result is safe"
    for name, value in undisturbed.state_dict().items():
        torch.testing.assert_close(healed.state_dict()[name], value)
    assert not torch.equal(healed.head.classify.weight, model.head.classify.weight)


@pytest.fixture
def checkpoint(config: TrainConfig, tmp_path: Path) -> Path:
    """Of a fine-tuning that was stopped after its first step."""
    file = tmp_path / "healing.pt"
    with pytest.raises(Stopped):
        heal(network("vgg", width=0.125), Lesson(1), config, file)
    return file


def test_a_checkpoint_of_another_network_is_refused(config: TrainConfig, checkpoint: Path) -> None:
    with pytest.raises(WeightsError, match="begun with weights"):
        heal(network("vgg", width=0.25), Lesson(), config, checkpoint)


def test_a_checkpoint_of_other_weights_teachers_or_settings_is_refused(
    config: TrainConfig, checkpoint: Path
) -> None:
    """It would throw away the network that is given, without a word."""
    with pytest.raises(WeightsError, match="begun with weights"):
        heal(network("vgg", seed=1, width=0.125), Lesson(), config, checkpoint)
    with pytest.raises(WeightsError, match="lesson = 'labels alone', not 'of a teacher'"):
        heal(network("vgg", width=0.125), Lesson(fingerprint="of a teacher"), config, checkpoint)
    faster = replace(config, schedule=replace(config.schedule, learning_rate=2e-3))
    with pytest.raises(WeightsError, match=r"learning_rate = 0\.001, not 0\.002"):
        heal(network("vgg", width=0.125), Lesson(), faster, checkpoint)


def test_a_checkpoint_that_does_not_say_how_it_was_begun_is_gone_on_with(
    config: TrainConfig, checkpoint: Path
) -> None:
    """Those of before held one number of all settings."""
    state = torch.load(checkpoint, weights_only=True)
    torch.save({**state, "begun": "5f3a"}, checkpoint)
    rest = Lesson()
    heal(network("vgg", width=0.125), rest, config, checkpoint)
    assert rest.steps == STEPS - 1


def test_a_fine_tuning_that_diverged_can_be_begun_anew(config: TrainConfig, tmp_path: Path) -> None:
    checkpoint = tmp_path / "healing.pt"
    wild = replace(config, schedule=replace(config.schedule, learning_rate=1e30))
    with pytest.raises(DivergedError, match="learning rate"):
        heal(network("vgg", width=0.125), Lesson(), wild, checkpoint)
    assert not checkpoint.exists()
    heal(network("vgg", width=0.125), Lesson(), config, checkpoint)


def test_a_file_that_is_no_checkpoint_is_refused(config: TrainConfig, tmp_path: Path) -> None:
    (tmp_path / "healing.pt").write_bytes(b"weights")
    with pytest.raises(WeightsError, match="no checkpoint"):
        heal(network("vgg", width=0.125), Lesson(), config, tmp_path / "healing.pt")


def test_a_healing_is_not_lost_before_its_result_is_safe(
    config: TrainConfig, tmp_path: Path
) -> None:
    """Even one that ended before its first checkpoint was due."""
    rare = replace(config, run=replace(config.run, checkpoint_minutes=60.0))
    model, checkpoint = network("vgg", width=0.125), tmp_path / "healing.pt"
    healed = heal(copy.deepcopy(model), Lesson(), rare, checkpoint)
    again = heal(copy.deepcopy(model), Lesson(0), rare, checkpoint)
    for name, value in healed.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name
