"""Every registered family: published sizes, output shapes, gradients everywhere."""

import pytest
import torch
from torch import nn

from penjing.errors import PlanError
from penjing.models import Plan, build
from penjing.models.backbones import (
    Backbone,
    backbone,
    classifier,
    default_channels,
    families,
    published,
)
from penjing.models.blocks import Depthwise


def parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize(
    ("family", "count"),
    [
        ("squeezenet_1_0", 1_248_424),
        ("squeezenet_1_1", 1_235_496),
        ("squeezenet_1_0_simple", 1_248_424),  # a sum costs no parameters
        ("mobilenet_v1", 4_231_976),
        ("mobilenet_v2", 3_504_872),
        ("shufflenet_v2", 2_278_604),
        ("xception", 22_855_952),
    ],
)
def test_published_form_has_the_published_number_of_parameters(family: str, count: int) -> None:
    with torch.device("meta"):
        model = published(family)
        assert model(torch.empty(2, 3, 224, 224)).shape == (2, 1000)
    assert parameters(model) == count


@pytest.mark.parametrize("family", ["shufflenet_v1", "squeezenet_1_0_complex"])
def test_forms_without_a_published_count_classify_too(family: str) -> None:
    with torch.device("meta"):
        assert published(family)(torch.empty(2, 3, 224, 224)).shape == (2, 1000)


def test_families_without_a_published_form_say_so() -> None:
    with pytest.raises(PlanError, match="VGG"):
        published("vgg")


@pytest.mark.parametrize("family", families())
@pytest.mark.parametrize("width", [32, 100, 320])
def test_height_becomes_one_and_width_a_quarter(family: str, width: int) -> None:
    with torch.device("meta"):
        net = backbone(family, default_channels(family))
        out = net(torch.empty(2, 1, 32, width))
    assert out.shape == (2, net.outputs, 1, width // 4)


@pytest.mark.parametrize("family", families())
def test_every_parameter_is_taught(family: str) -> None:
    torch.manual_seed(0)
    net = backbone(family, default_channels(family, 0.25))
    (net(torch.randn(4, 1, 32, 48)) ** 2).mean().backward()
    untaught = [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()]
    assert untaught == []


@pytest.mark.parametrize("family", families())
def test_every_width_of_the_table_is_built(family: str) -> None:
    """Each entry of CHANNELS changes the network, alone or with the ones it is summed with."""
    channels = default_channels(family, 0.25)
    with torch.device("meta"):
        whole = parameters(backbone(family, channels))
        for entry, width in channels.items():
            try:
                wider = backbone(family, {**channels, entry: width + 8})
            except PlanError as error:
                assert "summed" in str(error)  # noqa: PT017
                continue
            assert parameters(wider) != whole, entry


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(PlanError, match="block99"):
        backbone("mobilenet_v1", {"block99": 8})


def test_bypass_refuses_unequal_widths() -> None:
    with pytest.raises(PlanError, match=r"fire3\.expand1"):
        backbone("squeezenet_1_0_simple", {"fire3.expand1": 8})


def test_strided_depthwise_is_the_same_in_training_and_reading() -> None:
    torch.manual_seed(0)
    layer = Depthwise(6, (3, 3), (2, 1), (1, 1))
    x = torch.randn(2, 6, 8, 10)
    torch.testing.assert_close(layer.train()(x), layer.eval()(x))


def test_classifier_reads_the_backbone_outputs() -> None:
    net = backbone("vgg", default_channels("vgg", 0.125))
    assert isinstance(net, Backbone)
    assert classifier(net)(torch.zeros(2, 1, 32, 64)).shape == (2, 1000)


def test_a_network_beyond_all_memory_is_told_by_its_widths() -> None:
    with pytest.raises(PlanError, match="96 to 15360000"):
        build(Plan("mobilenet_v1", default_channels("mobilenet_v1", 30_000)))
