"""An exit is taught together with the network that it leaves early."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from stripes import StripeSource

from penjing.charset import DEFAULT, Charset
from penjing.errors import ConfigError
from penjing.training.config import DataConfig, NetworkConfig, ScheduleConfig, TrainConfig
from penjing.training.metrics import validation_batches
from penjing.training.processes import Processes
from penjing.training.start import begin
from penjing.training.step import step

NETWORK = NetworkConfig(width=0.125, recurrent=[8], rank=8, exit="block4")


def moved(network: NetworkConfig) -> dict[str, bool]:
    """Of each tensor of a network, statistics of norms included, whether a step moves it."""
    config = TrainConfig(network, DataConfig(shards=1), ScheduleConfig(lines=6400, warmup=0.0))
    state = begin(config)
    before = {name: value.clone() for name, value in state.model.state_dict().items()}
    [batch] = validation_batches(StripeSource(), 8, Charset.load(DEFAULT))
    step(state, [iter([batch])], config, Processes())
    after = state.model.state_dict()
    return {name: not torch.equal(value, after[name]) for name, value in before.items()}


def test_a_step_moves_the_exit_and_what_lies_beyond_it() -> None:
    for part in ("exit.", "backbone.blocks.block9", "head."):
        found = [did for name, did in moved(NETWORK).items() if name.startswith(part)]
        assert found, part
        assert all(found), part


def test_an_exit_trained_alone_leaves_all_else_as_it_is() -> None:
    for name, did in moved(replace(NETWORK, alone=["exit"])).items():
        assert did == name.startswith("exit."), name


def test_parts_trained_alone_leave_the_backbone_and_its_statistics_as_they_are() -> None:
    for name, did in moved(replace(NETWORK, exit="", alone=["recurrent", "head"])).items():
        assert did != name.startswith("backbone."), name


def test_single_blocks_are_parts_too() -> None:
    parts = ["backbone.blocks.block13", "head"]
    for name, did in moved(replace(NETWORK, exit="", alone=parts)).items():
        assert did == name.startswith(tuple(parts)), name


def test_an_exit_that_is_not_there_cannot_be_trained_alone() -> None:
    with pytest.raises(ConfigError, match="exit = "):
        begin(TrainConfig(replace(NETWORK, exit="", alone=["exit"])))
