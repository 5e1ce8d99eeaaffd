"""bf16 halves the time of a step where the processor has it, and multiplies it where it has not."""

from __future__ import annotations

import pytest
import torch
from stripes import StripeSource

from penjing.charset import DEFAULT, Charset
from penjing.training.config import DataConfig, NetworkConfig, RunConfig, TrainConfig
from penjing.training.metrics import validation_batches
from penjing.training.processes import Processes
from penjing.training.start import begin
from penjing.training.step import step

NETWORK = NetworkConfig(width=0.125, recurrent=[8], rank=8)
WITHOUT = {"avx2": True, "avx512_bf16": False, "amx_bf16": False, "architecture": "x86_64"}
WITH = {**WITHOUT, "avx512_bf16": True}


def loss(bf16: bool) -> float:
    config = TrainConfig(NETWORK, DataConfig(shards=1), run=RunConfig(bf16=bf16))
    [batch] = validation_batches(StripeSource(), 8, Charset.load(DEFAULT))
    loss, _, _ = step(begin(config), [iter([batch])], config, Processes())
    return loss


def test_a_processor_without_bf16_computes_in_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: WITHOUT)
    assert loss(bf16=True) == loss(bf16=False)


@pytest.mark.parametrize("has", [WITH, {"architecture": "aarch64", "bf16": True}])
def test_a_processor_with_bf16_uses_it(
    has: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: has)
    assert loss(bf16=True) != loss(bf16=False)
    assert loss(bf16=True) == pytest.approx(loss(bf16=False), rel=0.02)
