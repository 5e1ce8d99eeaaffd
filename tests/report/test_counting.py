"""Counts against hand counts and published figures."""

import pytest
import torch

from penjing.models import Plan, build
from penjing.models.backbones import published
from penjing.report.counting import line_cost, multiply_adds, parameters


def test_vgg_with_lstms_equals_a_count_by_hand() -> None:
    plan = Plan("vgg", recurrent=(256, 256), rank=None)
    with torch.device("meta"):
        classes = build(plan).head.classify.out_features
    convolutions = (
        32 * 320 * 64 * 9
        + 16 * 160 * 128 * 64 * 9
        + 8 * 80 * 256 * 128 * 9
        + 8 * 80 * 256 * 256 * 9
        + 4 * 80 * 512 * 256 * 9
        + 4 * 80 * 512 * 512 * 9
        + 1 * 80 * 512 * 512 * 4
    )
    lstms = 2 * 80 * 2 * 4 * 256 * (512 + 256)
    head = 80 * 512 * (classes + 1)
    assert line_cost(plan) == convolutions + lstms + head
    assert convolutions + lstms == pytest.approx(2.2e9, rel=0.02)


@pytest.mark.parametrize(
    ("family", "millions", "tolerance"),
    [
        ("mobilenet_v1", 569, 0.01),
        ("mobilenet_v2", 300, 0.02),
        ("shufflenet_v2", 146, 0.02),
        ("shufflenet_v1", 137, 0.05),
        ("xception", 8400, 0.01),
    ],
)
def test_published_forms_cost_what_is_published(
    family: str, millions: float, tolerance: float
) -> None:
    size = 299 if family == "xception" else 224
    with torch.device("meta"):
        cost = multiply_adds(published(family), torch.empty(1, 3, size, size))
    assert cost == pytest.approx(millions * 1e6, rel=tolerance)


def test_cost_grows_with_the_line() -> None:
    plan = Plan("mobilenet_v1")
    assert line_cost(plan, 640) == 2 * line_cost(plan, 320)


def test_parameters_are_all_of_them() -> None:
    with torch.device("meta"):
        model = build(Plan("resnet"))
    assert parameters(model) == sum(p.numel() for p in model.parameters())
