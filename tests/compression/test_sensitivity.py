"""Trials that leave no trace, can be taken up again, and tell the useless from the needed."""

from pathlib import Path

import pytest
import torch
from lines import batches, network

from penjing.compression.sensitivity import (
    Trial,
    analyse,
    check_trials,
    mean_loss,
    plot,
    ranking,
    rise_at,
)
from penjing.compression.surgery import choose, rebuilt, silence
from penjing.errors import DataError, SurgeryError
from penjing.models.groups import wire
from penjing.report.table import read_table


def test_the_weights_are_untouched_and_every_group_is_tried(tmp_path: Path) -> None:
    model, lines = network("resnet"), batches(1, 4)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    trials = list(analyse(model, lines, (0.2, 0.5), tmp_path / "table.csv"))
    assert all(torch.equal(value, before[n]) for n, value in model.state_dict().items())
    wide = {n for n, g in wire(model).groups.items() if g.width > 8}
    assert {t.group for t in trials} == wide
    assert sorted(ranking(trials)) == sorted(wide)


def test_a_trial_is_the_loss_of_the_network_really_cut(tmp_path: Path) -> None:
    model, lines = network("vgg"), batches(1, 4)
    trial = next(t for t in analyse(model, lines, (0.5,), tmp_path / "t.csv") if t.group == "conv3")
    from penjing.compression.importance import importance

    kept = choose(model.plan, {"conv3": 32}, importance("l1", model))
    assert trial.width == 32
    assert trial.loss == pytest.approx(mean_loss(rebuilt(model, kept), lines), abs=1e-6)


def test_a_useless_group_ranks_first(tmp_path: Path) -> None:
    model = network("vgg", seed=1)
    silence(model, {"conv5": range(64)})
    trials = list(analyse(model, batches(1, 4), (0.5,), tmp_path / "t.csv"))
    assert next(t.rise for t in trials if t.group == "conv5") == pytest.approx(0, abs=1e-5)
    others = [abs(t.rise) for t in trials if t.group in ("conv6", "conv7", "rank")]
    assert max(others) > 1e-4


def test_it_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    model, lines, table = network("vgg"), batches(1, 4), tmp_path / "table.csv"
    stopped = analyse(model, lines, (0.3, 0.5), table)
    first = [next(stopped) for _ in range(3)]
    stopped.close()
    text = table.read_text()
    assert text.count("\n") == 1 + 1 + 3  # the heading, the whole network, the trials so far
    trials = list(analyse(model, lines, (0.3, 0.5), table))
    assert [(t.group, t.ratio, t.width) for t in trials[:3]] == [
        (t.group, t.ratio, t.width) for t in first
    ]
    assert table.read_text().startswith(text)
    again = read_table(table, Trial)
    assert len(again) == len({(t.group, t.width) for t in again})
    assert {(t.group, t.width) for t in again} - {("", 0)} == {(t.group, t.width) for t in trials}


def test_a_ratio_is_the_one_really_cut(tmp_path: Path) -> None:
    model = network("vgg")  # conv1 is 16 wide: a third and a half less both round to 8
    trials = list(analyse(model, batches(1, 4), (0.35, 0.5), tmp_path / "table.csv"))
    assert [(t.ratio, t.width) for t in trials if t.group == "conv1"] == [(0.5, 8)]
    assert [(t.ratio, t.width) for t in trials if t.group == "conv7"] == [(0.375, 80), (0.5, 64)]


def test_a_table_of_another_network_is_refused(tmp_path: Path) -> None:
    lines, table = batches(1, 4), tmp_path / "table.csv"
    next(analyse(network("vgg", seed=0), lines, (0.5,), table))
    with pytest.raises(DataError, match="another network"):
        next(analyse(network("vgg", seed=5), lines, (0.5,), table))


@pytest.mark.parametrize(
    ("trial", "told"),
    [
        (Trial("block5", 0.5, 32, 1.0, 0.1), "block5"),
        (Trial("conv5", 0.5, 48, 1.0, 0.1), "48 channels"),
    ],
)
def test_trials_of_another_network_are_refused(trial: Trial, told: str) -> None:
    model = network("vgg", width=0.125)  # conv5 has 64 channels
    check_trials([Trial("", 0.0, 0, 1.0, 0.0), Trial("conv5", 0.125, 56, 1.0, 0.1)], model, "t")
    with pytest.raises(DataError, match=told):
        check_trials([trial], model, "t")


def test_a_ratio_of_one_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(SurgeryError, match="below 1"):
        next(analyse(network("vgg"), batches(1, 4), (0.1, 1.0), tmp_path / "table.csv"))
    assert not (tmp_path / "table.csv").exists()


def test_between_measured_ratios_the_rise_is_straight() -> None:
    trials = [Trial("g", 0.2, 8, 1.0, 0.1), Trial("g", 0.6, 4, 1.4, 0.5)]
    assert rise_at(trials, "g", 0.1) == pytest.approx(0.05)
    assert rise_at(trials, "g", 0.4) == pytest.approx(0.3)
    assert rise_at(trials, "g", 0.9) == pytest.approx(0.75)
    assert rise_at(trials, "unknown", 0.5) == 0


def test_the_plot_is_a_picture(tmp_path: Path) -> None:
    plot([Trial("g", 0.2, 8, 1.0, 0.1), Trial("h", 0.2, 4, 1.4, 0.5)], tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
