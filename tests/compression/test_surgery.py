"""The law of surgery: silenced equals rebuilt, for every family."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import IMAGES, network, outputs

from penjing.compression.surgery import (
    choose,
    cut,
    fits,
    misfits,
    narrowed,
    rebuilt,
    resized,
    silence,
)
from penjing.errors import SurgeryError
from penjing.models import CRNN, Plan
from penjing.models.backbones import default_channels, families
from penjing.models.groups import wire


def draw_widths(data: st.DataObject, model: CRNN) -> dict[str, int]:
    """Some groups at some smaller widths; ShuffleNets in steps that their shuffles can bear."""
    widths = {}
    for name, group in wire(model).groups.items():
        if data.draw(st.booleans(), label=f"cut {name}"):
            step = 8 if model.plan.family.startswith("shufflenet") and "." in name else 1
            step = 8 if name.startswith("stage") and model.plan.family == "shufflenet_v2" else step
            step = 1 if name.startswith("recurrent") else step
            most = max(1, group.width // step)
            widths[name] = min(group.width, step * data.draw(st.integers(1, most), label=name))
    return widths


@pytest.mark.parametrize("family", families())
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_silenced_equals_rebuilt(family: str, data: st.DataObject) -> None:
    rank = data.draw(st.sampled_from([None, 12]))
    model = network(family, data.draw(st.integers(0, 99)), rank)
    widths = draw_widths(data, model)
    groups = wire(model).groups
    kept = choose(model.plan, widths, {name: torch.rand(groups[name].size) for name in widths})
    smaller = rebuilt(model, kept)
    shrunk = wire(smaller).groups
    assert all(shrunk[name].width == width for name, width in widths.items())
    assert sum(p.numel() for p in smaller.parameters()) <= sum(
        p.numel() for p in model.parameters()
    )
    dropped = {n: sorted(set(range(groups[n].size)) - set(numbers)) for n, numbers in kept.items()}
    silence(model, dropped)
    torch.testing.assert_close(outputs(smaller), outputs(model), atol=1e-4, rtol=0)


@pytest.mark.parametrize("family", families())
def test_a_cut_changes_what_the_network_says(family: str) -> None:
    """Else the law above would prove nothing."""
    model = network(family)
    whole = outputs(model)
    widths = {n: narrowed(g.width, 0.5, 4) for n, g in wire(model).groups.items()}
    widths = {n: w for n, w in widths.items() if w < wire(model).groups[n].width}
    kept = choose(model.plan, widths, {n: torch.rand(wire(model).groups[n].size) for n in widths})
    assert (outputs(rebuilt(model, kept)) - whole).abs().max() > 1e-2


def test_the_network_that_is_cut_stays_as_it_was() -> None:
    model = network("mobilenet_v2")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    smaller = rebuilt(model, {"stage3": range(4), "recurrent.0": [0, 3, 9, 11]})
    with torch.no_grad():
        for p in smaller.parameters():
            p.zero_()
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_two_cuts_are_one() -> None:
    model = network("shufflenet_v2")
    scores = {n: torch.rand(g.size) for n, g in wire(model).groups.items()}
    once = rebuilt(model, choose(model.plan, {"stage4": 32, "last": 40}, scores))
    first = choose(model.plan, {"stage4": 32}, scores)
    twice = rebuilt(rebuilt(model, first), choose(model.plan, {"last": 40}, scores))
    assert once.plan == twice.plan
    for name, value in once.state_dict().items():
        assert torch.equal(value, twice.state_dict()[name]), name


def test_keeping_everything_changes_nothing() -> None:
    model = network("xception")
    plan, weights = cut(model.plan, model.state_dict(), {"stem1": range(8)})
    assert plan == model.plan
    assert all(torch.equal(value, weights[n]) for n, value in model.state_dict().items())


def test_a_smaller_network_trains() -> None:
    model = network("mobilenet_v1")
    smaller = rebuilt(model, {"block3": range(0, 32, 2), "recurrent.1": [0, 5, 6, 11]}).train()
    outputs_ = smaller.head.class_logits(smaller(IMAGES))
    outputs_.square().mean().backward()
    taught = smaller.head.classify.weight.grad
    assert taught is not None
    assert taught.any()
    assert all(p.grad is not None for p in smaller.backbone.parameters())


@pytest.mark.parametrize(
    ("family", "convolutions"),
    [
        ("vgg", {f"conv{i}": f"conv{i}.conv" for i in range(1, 8)}),
        (
            "resnet",
            {
                "stage1": "stem.conv",
                "stage2": "stage2.block1.conv2.conv",
                "stage3.block2": "stage3.block2.conv1.conv",
                "stage4": "stage4.block2.conv2.conv",
                "collapse": "collapse.conv",
            },
        ),
        (
            "mobilenet_v1",
            {"stem": "stem.conv", "block5": "blocks.block5.pointwise.conv"},
        ),
        (
            "mobilenet_v2",
            {"stem": "stem.conv", "stage4": "stages.stage4.block1.project.conv"},
        ),
        (
            "squeezenet_1_1",
            {
                "stem": "stem.conv",
                "fire4.squeeze": "fires.fire4.squeeze.conv",
                "fire5.expand1": "fires.fire5.expand1.conv",
                "fire5.expand3": "fires.fire5.expand3.conv",
            },
        ),
        (
            "xception",
            {
                "stem2": "stem2.conv",
                "block2.inner1": "blocks.block2.body.0.pointwise",
                "block3": "blocks.block4.body.2.pointwise",
                "tail1": "tail.tail1.pointwise",
            },
        ),
    ],
)
def test_torch_pruning_cuts_the_same(family: str, convolutions: dict[str, str]) -> None:
    tp = pytest.importorskip("torch_pruning")
    for group, path in convolutions.items():
        model = network(family)
        width = wire(model).groups[group].width
        dropped = torch.randperm(width)[: width // 3].sort().values.tolist()
        ours = rebuilt(model, {group: [i for i in range(width) if i not in dropped]})
        graph = tp.DependencyGraph().build_dependency(model.backbone, IMAGES.float())
        conv = model.backbone.get_submodule(path)
        graph.get_pruning_group(conv, tp.prune_conv_out_channels, idxs=dropped).prune()
        theirs = model.backbone.state_dict()
        assert {n: v.shape for n, v in ours.backbone.state_dict().items()} == {
            n: v.shape for n, v in theirs.items()
        }
        for name, value in ours.backbone.state_dict().items():
            assert torch.equal(value, theirs[name]), (group, name)


class TestRefusals:
    def test_a_ratio_of_one(self) -> None:
        with pytest.raises(SurgeryError, match="below 1"):
            narrowed(64, 1.0)

    def test_a_group_that_would_vanish(self) -> None:
        with pytest.raises(SurgeryError, match="vanish"):
            rebuilt(network("vgg"), {"conv1": []})
        with pytest.raises(SurgeryError, match="vanish"):
            resized(network("vgg").plan, {"conv1": 0})

    def test_growing(self) -> None:
        with pytest.raises(SurgeryError, match="cannot keep"):
            choose(network("vgg").plan, {"conv1": 640}, {"conv1": torch.rand(16)})

    def test_an_unknown_group(self) -> None:
        with pytest.raises(SurgeryError, match="conv1, conv2"):
            rebuilt(network("vgg"), {"conv9": [1]})

    @pytest.mark.parametrize("numbers", [[3, 1], [1, 1], [-1, 2], [0, 99]])
    def test_numbers_that_are_none(self, numbers: list[int]) -> None:
        with pytest.raises(SurgeryError, match="rising"):
            rebuilt(network("vgg"), {"conv1": numbers})

    def test_directions_of_unequal_width(self) -> None:
        with pytest.raises(SurgeryError, match="sets of equal width"):
            rebuilt(network("vgg"), {"recurrent.0": [0, 1, 8]})
        with pytest.raises(SurgeryError, match="do not fit"):
            rebuilt(network("vgg"), {"recurrent.0": [0, 1, 2, 8]})

    def test_shuffled_channels_of_the_wrong_parts(self) -> None:
        with pytest.raises(SurgeryError, match="do not fit"):
            rebuilt(network("shufflenet_v1"), {"stage3.unit2": range(8)})

    def test_a_score_too_few(self) -> None:
        with pytest.raises(SurgeryError, match="scores"):
            choose(network("vgg").plan, {"conv1": 8}, {"conv1": torch.rand(3)})


def test_widths_are_rounded_to_eight_with_a_floor() -> None:
    assert narrowed(512, 0.3) == 360
    assert narrowed(64, 0.99) == 8
    assert narrowed(64, 0.99, floor=16) == 16
    assert narrowed(58, 0.01) == 56
    assert narrowed(5, 0.5) == 5


def test_a_depthwise_convolution_of_one_channel_is_still_one() -> None:
    """Its group count is 1 then, as a dense convolution's."""
    model = network("mobilenet_v2")
    kept = {"stage3.block3": [5]}
    smaller = rebuilt(model, kept)
    silence(model, {"stage3.block3": [i for i in range(48) if i != 5]})
    torch.testing.assert_close(outputs(smaller), outputs(model), atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    ("family", "channels", "widths", "unfit"),
    [
        ("shufflenet_v2", {}, {"stage3": 48, "last": 248}, {"stage3"}),
        # At equal widths a residual block has no projection any more, and gains none.
        ("resnet", {"stem": 16, "stage1": 24}, {"stage1": 16, "rank": 24}, {"stage1"}),
        ("vgg", {}, {"conv5": 64, "rank": 24}, set()),
    ],
)
def test_only_the_groups_that_misfit_are_named(
    family: str, channels: dict[str, int], widths: dict[str, int], unfit: set[str]
) -> None:
    plan = Plan(family, {**default_channels(family, 0.5), **channels}, (32,), 32, "spelled:abc")
    assert misfits(plan, widths) == unfit
    assert fits(plan, widths) == (not unfit)
