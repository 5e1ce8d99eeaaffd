"""What makes eight bits enough: each pass keeps what a network says, or loses less by rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import coarse_noise, exported, network
from onnx import TensorProto, helper

from penjing.compression.probing import observed
from penjing.compression.quantization.activations import Activation
from penjing.compression.quantization.basis import rebased
from penjing.compression.quantization.calibration import calibrated
from penjing.compression.quantization.equalization import SMALLEST, equalized
from penjing.compression.quantization.layers import DEPTHWISE, layers, pairs
from penjing.compression.quantization.picture import PICTURE, taken_as_bytes
from penjing.compression.quantization.preparation import prepared
from penjing.compression.quantization.qdq import mean_lost, quantized
from penjing.compression.quantization.rounding import (
    covariance,
    errors,
    least_error,
    nearest,
    scales,
)

SEEDS = st.integers(0, 10_000)


@pytest.fixture(scope="module", params=["mobilenet_v1", "shufflenet_v1"])
def model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> onnx.ModelProto:
    return exported(network(request.param), tmp_path_factory.mktemp("passes"), half=False)


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> onnx.ModelProto:
    """Its channels are of all sizes, as those of trained networks are."""
    crnn = network("mobilenet_v1")
    with torch.no_grad():
        for module in crnn.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                size = torch.randn_like(module.weight).exp()
                module.weight *= size
                module.bias *= size
    return exported(crnn, tmp_path_factory.mktemp("uneven"))


def _said(model: onnx.ModelProto, line: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    said: list[np.ndarray[Any, Any]] = session.run(None, {"image": line[None, None]})
    return said


def test_equalising_and_a_new_basis_change_nothing_that_is_said(model: onnx.ModelProto) -> None:
    found = layers(model)
    seen = calibrated(model, found, coarse_noise(6))
    for change in (rebased, equalized):
        other, after = change(model, found, seen)
        touched = [name for name in seen if after[name] is not seen[name]]
        assert touched
        for line in coarse_noise(3, seed=1):
            for before, now in zip(_said(model, line), _said(other, line), strict=True):
                np.testing.assert_allclose(before, now, atol=2e-3)
            for right, now in zip(
                next(observed(other, touched, [line])),
                next(observed(model, touched, [line])),
                strict=True,
            ):
                assert right.shape == now.shape
                assert not np.allclose(right, now)


def test_what_is_said_to_be_seen_is_what_is_seen(model: onnx.ModelProto) -> None:
    """Values are carried along; looking again at the changed network finds the same."""
    ready = prepared(model, coarse_noise(6))
    again = calibrated(ready.model, ready.layers, coarse_noise(6))
    for name, activation in ready.seen.items():
        expected = again[name].values
        scale = np.abs(expected).max()
        np.testing.assert_allclose(activation.values, expected, atol=2e-3 * scale)


def test_channels_read_by_depthwise_kernels_end_up_equally_large(
    uneven: onnx.ModelProto,
) -> None:
    """Dead and nearly dead ones apart."""
    before = calibrated(uneven, layers(uneven), coarse_noise(6))
    ready = prepared(uneven, coarse_noise(6))
    read = [a.result for a, b in pairs(ready.model, ready.layers) if b.kind == DEPTHWISE]
    assert read
    for name in read:
        was, reach = (seen[name].values.max(0) for seen in (before, ready.seen))
        alive = was > was.max() * SMALLEST
        assert reach[alive].min() > 0.99 * reach.max()
        assert was[alive].min() < 0.9 * was.max()


def test_every_gray_has_a_level_of_its_own(model: onnx.ModelProto) -> None:
    """As bytes, the picture is not rounded at all; its 256 grays stay apart and evenly spaced."""
    taken = taken_as_bytes(model)
    grays = np.arange(256, dtype=np.uint8).repeat(32).reshape(256, 32).T
    [seen] = next(observed(taken, [PICTURE], [np.ascontiguousarray(grays)]))
    steps = np.diff(seen[0, 0, 0])
    np.testing.assert_allclose(steps, 1 / 127.5, rtol=1e-3)
    activation = prepared(model, coarse_noise(2)).seen[PICTURE]
    np.testing.assert_allclose(activation.rounded(), activation.values, atol=1e-6)
    assert activation.scale == pytest.approx(1 / 127.5)


def test_a_graph_that_takes_no_bytes_is_left_alone() -> None:
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    other = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    node = helper.make_node("Relu", ["x"], ["y"])
    model = helper.make_model(helper.make_graph([node], "relu", [value], [other]))
    assert taken_as_bytes(model) == model


def _layer(seed: int, outputs: int = 9, channels: int = 14) -> tuple[Any, Any]:
    """A weight, and inputs that vary together as those of trained layers do."""
    rng = np.random.default_rng(seed)
    causes = rng.gamma(0.3, 1, (300, 5)) @ rng.normal(0, 1, (5, channels))
    inputs = np.maximum(causes + rng.normal(0, 0.1, (300, channels)), 0)
    weight = rng.normal(0, 1, (outputs, channels)) * rng.gamma(0.5, 1, channels)
    return weight.astype(np.float32), inputs.astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_no_row_loses_more_than_by_rounding_to_the_nearest(seed: int) -> None:
    weight, inputs = _layer(seed)
    scale = scales(weight)[:, None] * 8  # coarse, so that rounding matters
    together = covariance(inputs)
    chosen, plain = least_error(weight, scale, inputs), nearest(weight, scale)
    worse = errors(weight - chosen * scale, together) - errors(weight - plain * scale, together)
    assert (worse <= 1e-9).all()


def test_on_inputs_that_vary_together_the_error_is_well_below_the_nearest() -> None:
    gains = []
    for seed in range(20):
        weight, inputs = _layer(seed, outputs=60)
        scale = scales(weight)[:, None] * 8
        together = covariance(inputs)
        chosen, plain = least_error(weight, scale, inputs), nearest(weight, scale)
        gains.append(
            errors(weight - chosen * scale, together).sum()
            / errors(weight - plain * scale, together).sum()
        )
    assert np.median(gains) < 0.7


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, groups=st.sampled_from([1, 2, 7]))
def test_the_bias_gives_the_mean_back(seed: int, groups: int) -> None:
    rng = np.random.default_rng(seed)
    _, inputs = _layer(seed)
    entering = Activation.of(inputs)
    before = rng.normal(0, 1, (14, 14 // groups))
    after = np.round(before, 1)

    def leaving(weight: np.ndarray[Any, Any], values: np.ndarray[Any, Any]) -> Any:
        parts = np.split(values, groups, axis=1)
        of_groups = np.split(weight, groups)
        both = zip(parts, of_groups, strict=True)
        return np.concatenate([v @ w.T for v, w in both], axis=1).mean(0)

    lost = mean_lost(before, after, entering, groups)
    regained = leaving(after, entering.rounded()) + lost
    np.testing.assert_allclose(regained, leaving(before, inputs), atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, channels=st.integers(1, 9), kernel=st.sampled_from([1, 3]))
def test_no_two_products_overflow_sixteen_bits(seed: int, channels: int, kernel: int) -> None:
    """Whatever bytes enter: processors without VNNI add products in pairs, and cut off."""
    rng = np.random.default_rng(seed)
    weight = rng.standard_t(2, (6, channels, 1, kernel)).astype(np.float32)
    whole = nearest(weight, scales(weight).reshape(-1, 1, 1, 1)).astype(int)
    row = np.moveaxis(whole, 1, -1).reshape(6, -1)
    row = np.pad(row, ((0, 0), (0, row.shape[1] % 2)))
    positive = np.maximum(row, 0).reshape(6, -1, 2).sum(2)
    negative = np.minimum(row, 0).reshape(6, -1, 2).sum(2)
    assert 255 * positive.max() < 2**15
    assert 255 * negative.min() >= -(2**15)


@settings(max_examples=60)
@given(low=st.floats(-1e4, 0), high=st.floats(0, 1e4))
def test_nought_and_both_ends_can_be_said_in_eight_bits(low: float, high: float) -> None:
    sees = Activation(np.zeros((1, 1), np.float32), low, high)
    levels = (np.arange(256) - sees.zero_point) * sees.scale
    assert 0 <= sees.zero_point <= 255
    assert 0 in levels
    for end in (low, high):
        assert np.abs(levels - end).min() <= sees.scale * 1.01


def test_the_passes_keep_a_network_nearer_than_rounding_alone(
    uneven: onnx.ModelProto,
) -> None:
    """Equal channels and bytes as they come halve the error of the frames, at the least."""
    frames = next(n.output[0] for n in uneven.graph.node if n.name.endswith("blank/Add"))
    found = layers(uneven)
    plain = quantized(uneven, found, calibrated(uneven, found, coarse_noise(12)))
    ready = quantized(*prepared(uneven, coarse_noise(12)))
    fresh = coarse_noise(8, seed=1)
    right = [value for [value] in observed(uneven, [frames], fresh)]
    lost = [
        sum(
            float(np.square(a - b).sum())
            for a, [b] in zip(right, observed(m, [frames], fresh), strict=True)
        )
        for m in (plain, ready)
    ]
    assert lost[1] < lost[0] / 2
