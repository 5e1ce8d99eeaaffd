"""Going on from weights that were trained before."""

from dataclasses import replace
from pathlib import Path

import cv2
import pytest
import torch
from stripes import StripeSource

from penjing.errors import DataError, WeightsError
from penjing.models import Plan, build, load, save
from penjing.models.backbones import default_channels
from penjing.training.config import (
    DataConfig,
    NetworkConfig,
    RunConfig,
    ScheduleConfig,
    TrainConfig,
)
from penjing.training.loop import train


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    lines = tmp_path / "lines"
    lines.mkdir()
    rows = ["image\ttext"]
    for i in range(20):
        line = StripeSource(1).render(i)
        cv2.imwrite(str(lines / f"{i}.png"), line.image)
        rows.append(f"{i}.png\t{line.text}")
    (lines / "labels.tsv").write_text("\n".join(rows), encoding="utf-8")

    torch.manual_seed(0)
    plan = Plan("mobilenet_v1", default_channels("mobilenet_v1", 0.25), (8,), 8)
    save(tmp_path / "before.safetensors", build(plan), half=False)
    return TrainConfig(
        NetworkConfig(start=str(tmp_path / "before.safetensors")),
        DataConfig(folder=str(lines), shards=1, batch=4, pool=2),
        ScheduleConfig(lines=8, aligned=0.0, learning_rate=1e-6, weight_decay=0.0),
        RunConfig(folder=str(tmp_path / "run"), validate_lines=2),
    )


def test_a_run_starts_from_given_weights_and_keeps_their_plan(config: TrainConfig) -> None:
    before = load(config.network.start)
    after = load(train(config))
    assert after.plan == before.plan
    old, new = before.head.classify.weight, after.head.classify.weight
    torch.testing.assert_close(new, old, atol=2e-3, rtol=0)


def test_weights_that_are_not_there_are_named(config: TrainConfig) -> None:
    network = replace(config.network, start="nowhere.safetensors")
    with pytest.raises(WeightsError, match=r"nowhere\.safetensors"):
        train(replace(config, network=network))


def test_a_checkpoint_of_another_network_is_refused(config: TrainConfig) -> None:
    train(config)
    other = replace(config, network=NetworkConfig(width=0.25, recurrent=[16], rank=8))
    with pytest.raises(WeightsError, match="another network"):
        train(other)


def test_a_line_too_wide_is_named(config: TrainConfig) -> None:
    narrow = replace(config, data=replace(config.data, max_width=30))
    with pytest.raises(DataError, match="px wide"):
        train(narrow)
