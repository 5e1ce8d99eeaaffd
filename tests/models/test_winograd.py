"""A law: a convolution by Winograd's filtering is the direct one, and so are its gradients."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.models import build
from penjing.models.plan import Plan
from penjing.models.winograd import CHANNELS, Convolution, convolve


@settings(max_examples=25, deadline=None)
@given(
    batch=st.integers(1, 3),
    inputs=st.integers(1, 5),
    outputs=st.integers(1, 5),
    height=st.integers(1, 9),
    width=st.integers(1, 14),
    seed=st.integers(0, 2**16),
)
def test_outputs_and_gradients_are_those_of_a_direct_convolution(
    batch: int, inputs: int, outputs: int, height: int, width: int, seed: int
) -> None:
    torch.manual_seed(seed)
    x = torch.randn(batch, inputs, height, width, dtype=torch.float64, requires_grad=True)
    kernels = torch.randn(outputs, inputs, 3, 3, dtype=torch.float64, requires_grad=True)
    fast, direct = convolve(x, kernels), F.conv2d(x, kernels, padding=1)
    torch.testing.assert_close(fast, direct, rtol=1e-9, atol=1e-9)
    weights = torch.randn_like(direct)
    ours = torch.autograd.grad(fast, (x, kernels), weights)
    theirs = torch.autograd.grad(direct, (x, kernels), weights)
    torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-9)


def test_gradients_have_gradients() -> None:
    """As a penalty on gradients wants it."""
    torch.manual_seed(0)
    x = torch.randn(1, 2, 4, 5, dtype=torch.float64, requires_grad=True)
    kernels = torch.randn(2, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradgradcheck(convolve, (x, kernels))


def test_in_single_precision_it_is_off_by_a_hundred_thousandth_of_the_largest() -> None:
    torch.manual_seed(0)
    x, kernels = torch.randn(2, 512, 4, 40), torch.randn(512, 512, 3, 3)
    direct = F.conv2d(x, kernels, padding=1)
    off = (convolve(x, kernels) - direct).abs().max() / direct.abs().max()
    assert 0 < off < 3e-5


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes of what goes through Winograd's filtering."""
    seen: list[tuple[int, ...]] = []

    def watched(x: torch.Tensor, kernels: torch.Tensor) -> torch.Tensor:
        seen.append(tuple(kernels.shape))
        return convolve(x, kernels)

    monkeypatch.setattr("penjing.models.winograd.convolve", watched)
    return seen


def test_the_classic_network_trains_by_it_and_reads_without(calls: list[tuple[int, ...]]) -> None:
    model = build(Plan("vgg", charset="latin-v1"))
    image = torch.randn(2, 1, 32, 64)
    model.train()(image)
    assert len(calls) == 5  # all 3x3 convolutions but the first, which has one input
    model.eval()(image)
    assert len(calls) == 5


@pytest.mark.parametrize(
    ("layer", "height"),
    [
        (Convolution(CHANNELS, CHANNELS, 3, 2, 1), 8),  # strided
        (Convolution(CHANNELS, CHANNELS, 1), 8),
        (Convolution(CHANNELS, CHANNELS, 3, 1, 1, groups=2), 8),
        (Convolution(CHANNELS // 2, CHANNELS, 3, 1, 1), 8),  # too small to pay
        (Convolution(CHANNELS, CHANNELS, 3, 1, 1), 6),  # half of the second row of tiles is empty
    ],
)
def test_where_it_does_not_pay_a_convolution_is_direct(
    layer: Convolution, height: int, calls: list[tuple[int, ...]]
) -> None:
    layer.train()(torch.randn(1, layer.in_channels, height, 8))
    assert calls == []


def test_under_autocast_a_convolution_is_direct(calls: list[tuple[int, ...]]) -> None:
    layer = Convolution(CHANNELS, CHANNELS, 3, 1, 1).train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        layer(torch.randn(1, CHANNELS, 8, 8))
    assert calls == []


def test_a_bias_is_added() -> None:
    layer = Convolution(CHANNELS, CHANNELS, 3, 1, 1)
    x = torch.randn(1, CHANNELS, 8, 8)
    torch.testing.assert_close(layer.train()(x), layer.eval()(x), rtol=1e-4, atol=1e-4)
