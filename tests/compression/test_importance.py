"""Every method must find what is plainly useless, and score every channel of every family."""

from pathlib import Path

import pytest
import torch
from lines import batches, network, written

from penjing.charset import DEFAULT, Charset
from penjing.compression.importance import METHODS, importance, judging_lines
from penjing.compression.surgery import silence
from penjing.errors import DataError, SurgeryError
from penjing.models.backbones import families
from penjing.models.groups import wire
from penjing.training.batches import Batch
from penjing.training.config import DataConfig
from penjing.training.metrics import validation_batches
from penjing.training.sources import validation_sources

INFORMED = sorted(set(METHODS) - {"random", "fpgm"})  # FPGM seeks what is common, not what is weak


@pytest.mark.parametrize("family", ["vgg", "resnet", "shufflenet_v1", "shufflenet_v2", "xception"])
@pytest.mark.parametrize("method", METHODS)
def test_every_channel_has_a_score(method: str, family: str) -> None:
    model = network(family)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    scores = importance(method, model, batches(1, 4))
    groups = wire(model).groups
    assert {n: len(s) for n, s in scores.items()} == {n: g.size for n, g in groups.items()}
    assert all(torch.isfinite(s).all() for s in scores.values())
    assert all(torch.equal(v, before[n]) for n, v in model.state_dict().items())
    assert not model.training


@pytest.mark.parametrize("method", INFORMED)
@pytest.mark.parametrize("group", ["block5", "recurrent.1", "rank"])
def test_silent_channels_come_last(method: str, group: str) -> None:
    model = network("mobilenet_v1", seed=3)
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.ones_(layer.bias)  # so that no channel is silent by its own
    silent = [1, 4]
    silence(model, {group: silent})
    if group == "recurrent.1" and method == "l1":
        pytest.skip("L1 judges a unit by what reads it, which is left alone here")
    if group == "recurrent.1" and method == "bn_gamma":
        pytest.skip("falls back on L1")
    scores = importance(method, model, batches(2, 8))[group]
    rest = [i for i in range(len(scores)) if i not in silent]
    assert scores[silent].max() <= scores[rest].min()


def test_l1_finds_the_units_that_nothing_reads() -> None:
    model = network("vgg")
    with torch.no_grad():
        model.head.squeeze.weight[:, 2] = 0
        model.head.blank.weight[:, 2] = 0
    assert importance("l1", model)["recurrent.1"].argmin() == 2


def test_rank_scores_are_the_same_however_the_two_maps_share_their_scale() -> None:
    model = network("vgg")
    first = importance("l1", model)["rank"]
    with torch.no_grad():
        model.head.squeeze.weight[3] *= 10
        model.head.classify.weight[:, 3] /= 10
    second = importance("l1", model)["rank"]
    assert first[3] / first[5] == pytest.approx(float(second[3] / second[5]), rel=1e-4)


def test_fpgm_drops_one_of_two_twins_before_a_loner() -> None:
    model = network("vgg")
    with torch.no_grad():
        weight = model.backbone.conv2.conv.weight
        weight[:] = weight[0]
        weight[7] += 3
    assert importance("fpgm", model)["conv2"].argmax() == 7


@pytest.mark.parametrize("family", families())
def test_fpgm_looks_at_every_group(family: str) -> None:
    """At the first convolution too, which sees one plane as a depthwise one does."""
    assert all(scores.any() for scores in importance("fpgm", network(family)).values())


def test_random_is_the_same_twice() -> None:
    model = network("vgg")
    first, second = importance("random", model), importance("random", model)
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("method", ["taylor", "thinet"])
def test_methods_that_look_at_lines_want_some(method: str) -> None:
    with pytest.raises(SurgeryError, match="batch"):
        importance(method, network("vgg"))


@pytest.mark.parametrize("rendered", [True, False])
def test_channels_are_judged_on_lines_of_no_exam(rendered: bool, tmp_path: Path) -> None:
    data = DataConfig() if rendered else DataConfig(folder=str(written(tmp_path)))
    charset = Charset.load(DEFAULT)
    try:
        exams = validation_sources(data, charset).values()
    except DataError as error:
        pytest.skip(f"nothing fetched to draw with: {error}")
    judged_on = _pictures(judging_lines(data, charset))
    examined = [_pictures(validation_batches(source, 8, charset)) for source in exams]
    assert judged_on
    assert judged_on.isdisjoint(set().union(*examined))


def _pictures(lines: list[Batch]) -> set[bytes]:
    return {image.numpy().tobytes() for batch in lines for image in batch.images}


def test_an_unknown_method() -> None:
    with pytest.raises(SurgeryError, match="bn_gamma, l1"):
        importance("guess", network("vgg"))


def test_families_are_all_scored() -> None:
    assert all(importance("bn_gamma", network(family)) for family in families())
