"""An exit is taught together with the network that it leaves early."""

from __future__ import annotations

import torch
from stripes import StripeSource

from penjing.charset import Charset
from penjing.models import CRNN
from penjing.training.config import DataConfig, NetworkConfig, ScheduleConfig, TrainConfig
from penjing.training.loop import begin, step
from penjing.training.metrics import validation_batches
from penjing.training.processes import Processes


def test_a_step_moves_the_exit_and_what_lies_beyond_it() -> None:
    network = NetworkConfig(width=0.125, recurrent=[8], rank=8, exit="block4")
    config = TrainConfig(network, DataConfig(shards=1), ScheduleConfig(lines=6400, warmup=0.0))
    state = begin(config)
    model = state.model
    assert isinstance(model, CRNN)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    [batch] = validation_batches(StripeSource(), 8, Charset.load("zh-en-v1"))
    step(state, [iter([batch])], config, Processes())
    still = [n for n, value in model.named_parameters() if torch.equal(value, before[n])]
    assert any(name.startswith("exit.") for name in before)
    assert not [n for n in still if n.startswith(("exit.", "backbone.blocks.block9", "head."))]
