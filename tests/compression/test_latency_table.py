"""Times of narrower networks: measured, remembered, multiplied."""

from pathlib import Path

import pytest
import torch
from lines import batches, network

from penjing.compression.latency_table import LatencyTable, Share, measure
from penjing.compression.surgery import resized
from penjing.errors import DataError
from penjing.models import Plan
from penjing.models.backbones import default_channels
from penjing.report.latency import SPOKEN, Scales, untrained
from penjing.report.table import read_table, write_table

PLAN = Plan("vgg", default_channels("vgg", 0.125), (8,), None, "spelled:abc")
SHARES = [Share("conv5", 32, 0.9), Share("conv5", 16, 0.8), Share("conv6", 32, 0.7)]


def test_shares_are_straight_between_widths_and_multiplied_over_groups() -> None:
    table = LatencyTable(PLAN, SHARES)
    assert table(PLAN) == 1
    assert table(resized(PLAN, {"conv5": 32})) == pytest.approx(0.9)
    assert table(resized(PLAN, {"conv5": 48})) == pytest.approx(0.95)
    assert table(resized(PLAN, {"conv5": 24, "conv6": 32})) == pytest.approx(0.85 * 0.7)
    assert table(resized(PLAN, {"conv5": 8})) == pytest.approx(0.8)  # nothing more is promised
    assert table(resized(PLAN, {"conv1": 4})) == 1  # never measured


def test_a_narrower_network_is_never_the_slower() -> None:
    table = LatencyTable(PLAN, [Share("conv5", 48, 9.9), Share("conv5", 32, 0.9)])
    assert table(resized(PLAN, {"conv5": 48})) == 1
    assert table(resized(PLAN, {"conv5": 40})) == pytest.approx(0.95)


def test_a_group_is_timed_once(tmp_path: Path) -> None:
    file = tmp_path / "latency.csv"
    first = next(measure(PLAN, file))
    assert (first.group, first.share > 0) == ("conv2", True)  # conv1 has no eight to spare
    again = measure(PLAN, file)
    assert next(again) == first
    second = next(again)
    assert read_table(file, Share) == [first, second]


def test_a_table_of_another_network_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "latency.csv", [Share("stage1", 8, 0.5)])
    with pytest.raises(DataError, match="another network"):
        next(measure(PLAN, tmp_path / "latency.csv"))


def test_an_untrained_network_speaks_as_often_as_a_trained_one() -> None:
    pictures = [batch.images[0, 0].numpy() for batch in batches(4, 1)]
    model = untrained(PLAN, pictures)
    with torch.no_grad():
        odds = model.head.blank_logit(model(torch.stack([b.images[0] for b in batches(4, 1)])))
    assert float((odds < 0).float().mean()) == pytest.approx(SPOKEN, abs=0.05)


def test_the_heavier_weighs_more() -> None:
    small, large = network("vgg", width=0.125), network("vgg", width=0.5)
    pictures = [batch.images[0, 0].numpy() for batch in batches(3, 1)]
    scales = Scales(small, pictures, milliseconds=10.0)
    heavy = scales.weigh(large)
    assert heavy.milliseconds > 10.0
    assert heavy.bytes > 2 * scales.bytes
