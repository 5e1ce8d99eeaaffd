"""What the families declare about themselves."""

import pytest
import torch
from torch import nn

from penjing.models import Plan
from penjing.models.backbones import default_channels, families
from penjing.models.blocks import shuffle
from penjing.models.crnn import CRNN, build
from penjing.models.groups import Wires, shuffled, wire


def network(family: str, **kwargs: object) -> CRNN:
    with torch.device("meta"):
        return build(Plan(family, default_channels(family, 0.25), (16, 8), 24))


def test_labels_are_shuffled_as_numbers_are() -> None:
    x = torch.arange(24.0).view(1, 24, 1, 1)
    for groups in (1, 2, 3, 4):
        labels = shuffled(tuple(("x", i) for i in range(24)), groups)
        assert [i for _, i in labels] == shuffle(x, groups).flatten().tolist()


def test_a_sum_of_different_channels_is_refused() -> None:
    with pytest.raises(ValueError, match="different channels"):
        Wires.add((("a", 0),), (("b", 0),))


@pytest.mark.parametrize("family", families())
def test_slots_match_the_tensors_they_name(family: str) -> None:
    model = network(family)
    shapes = {name: value.shape for name, value in model.state_dict().items()}
    named = [slot.tensor for slot in wire(model).slots]
    assert len(named) == len(set(named))
    for slot in wire(model).slots:
        shape = shapes[slot.tensor]
        assert len(slot.rows) * slot.repeat in (0, shape[0]), slot.tensor
        if slot.columns:
            assert len(slot.columns) == slot.groups * shape[1], slot.tensor
        for channels in (slot.rows, slot.columns):
            assert len(set(channels)) == len(channels), slot.tensor


@pytest.mark.parametrize("family", sorted(set(families()) - {"shufflenet_v1"}))
def test_every_width_of_the_plan_belongs_to_a_group(family: str) -> None:
    model = network(family)
    entries = [entry for group in wire(model).groups.values() for entry in group.entries]
    wanted = [*model.plan.channels, "recurrent.0", "recurrent.1", "rank"]
    assert sorted(entries) == sorted(wanted)


def test_shufflenet_v1_declares_only_its_bottlenecks() -> None:
    model = network("shufflenet_v1")
    cuttable = set(wire(model).groups) - {"recurrent.0", "recurrent.1", "rank"}
    assert cuttable == {name for name in model.plan.channels if ".unit" in name}


@pytest.mark.parametrize("family", families())
def test_every_norm_is_reached(family: str) -> None:
    """A norm that no slot names could not shrink; only ShuffleNet v1's streams stay whole."""
    model = network(family)
    norms = {n for n, m in model.backbone.named_modules() if isinstance(m, nn.BatchNorm2d)}
    reached = {
        slot.tensor.removeprefix("backbone.").rpartition(".")[0]
        for slot in wire(model).slots
        if slot.rows
    }
    missed = {n for n in norms - reached if family != "shufflenet_v1"}
    assert missed == set()


def test_lstm_directions_are_free_of_each_other_and_equal_in_number() -> None:
    group = wire(network("vgg")).groups["recurrent.0"]
    assert (group.width, group.copies, group.size) == (16, 2, 32)


def test_the_stem_of_resnet_goes_with_the_stage_it_is_summed_in() -> None:
    groups = wire(network("resnet")).groups
    assert set(groups["stage1"].entries) == {"stem", "stage1"}
