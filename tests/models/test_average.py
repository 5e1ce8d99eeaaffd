"""An average of two networks: a point on the line between them, and nothing else."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.errors import ConfigError, WeightsError
from penjing.models import CRNN, Plan, build
from penjing.models.average import between
from penjing.models.backbones import default_channels

PLAN = Plan("vgg", default_channels("vgg", 0.125), (8,), None, "spelled:abc")


def network(seed: int, plan: Plan = PLAN) -> CRNN:
    torch.manual_seed(seed)
    model = build(plan)
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            assert layer.running_mean is not None
            layer.running_mean.normal_()
    return model.eval()


@settings(max_examples=10, deadline=None)
@given(share=st.floats(0, 1))
def test_every_number_lies_on_the_line(share: float) -> None:
    a, b = network(1), network(2)
    mixed = between(a, b, share).state_dict()
    for name, value in b.state_dict().items():
        if value.is_floating_point():
            expected = (1 - share) * a.state_dict()[name] + share * value
            torch.testing.assert_close(mixed[name], expected)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_ends_read_as_the_networks_do(share: float) -> None:
    a, b = network(1), network(2)
    image = torch.randint(0, 256, (2, 1, 32, 64), dtype=torch.uint8)
    with torch.no_grad():
        assert torch.equal(between(a, b, share)(image), (b if share else a)(image))


def test_other_plans_and_shares_are_refused() -> None:
    for width, rank, charset in ((0.25, None, "abc"), (0.125, 4, "abcd"), (0.25, None, "abcd")):
        other = Plan("vgg", default_channels("vgg", width), (8,), rank, f"spelled:{charset}")
        with pytest.raises(WeightsError, match="one plan"):
            between(network(1), network(1, other), 0.5)
    with pytest.raises(ConfigError, match="0 to 1"):
        between(network(1), network(2), 1.5)


def test_characters_that_only_the_later_network_knows_are_as_it_has_them() -> None:
    a = network(1)
    b = network(2, Plan("vgg", default_channels("vgg", 0.125), (8,), None, "spelled:xbca"))
    rows = between(a, b, 0.5).head.classify.weight
    earlier, later = a.head.classify.weight, b.head.classify.weight
    torch.testing.assert_close(rows[0], later[0])
    torch.testing.assert_close(rows[1:], (earlier[[1, 2, 0]] + later[1:]) / 2)
    assert len(a.head.classify.weight) == 3, "the earlier network must stay as it was"
