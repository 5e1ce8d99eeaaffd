"""Weights files: whole, readable by whoever may read their folder, at one with their plan."""

import os
import stat
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from penjing.errors import OutputError, PlanError, WeightsError
from penjing.models import CRNN, Plan, build, load, save
from penjing.models.backbones import default_channels

PLAN = Plan("vgg", default_channels("vgg", 0.125), (8,), None, "spelled:abc")


@pytest.fixture(scope="module")
def model() -> CRNN:
    torch.manual_seed(0)
    return build(PLAN).eval()


@pytest.mark.parametrize("half", [True, False])
def test_what_is_saved_is_loaded(model: CRNN, tmp_path: Path, half: bool) -> None:
    save(tmp_path / "w.safetensors", model, half=half)
    again = load(tmp_path / "w.safetensors")
    assert again.plan == PLAN
    for name, value in model.state_dict().items():
        kept = value.half().float() if half and value.is_floating_point() else value
        assert torch.equal(again.state_dict()[name], kept), name


def test_a_number_beyond_fp16_is_kept(tmp_path: Path) -> None:
    model = build(PLAN)
    model.backbone.conv1.norm.running_var[0] = 7e4
    save(tmp_path / "w.safetensors", model)
    kept = load_file(tmp_path / "w.safetensors")
    assert kept["backbone.conv1.norm.running_var"].dtype == torch.float32
    assert kept["backbone.conv1.conv.weight"].dtype == torch.float16
    assert load(tmp_path / "w.safetensors").backbone.conv1.norm.running_var[0] == 7e4


@pytest.mark.parametrize("what", [torch.nan, torch.inf])
def test_a_tensor_without_numbers_is_named(tmp_path: Path, what: float) -> None:
    model = build(PLAN)
    with torch.no_grad():
        model.head.classify.bias[0] = what
    save(tmp_path / "w.safetensors", model)
    with pytest.raises(WeightsError, match=r"head\.classify\.bias"):
        load(tmp_path / "w.safetensors")


def test_a_file_in_the_place_of_a_folder_is_told(model: CRNN, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        save(tmp_path / "file" / "w.safetensors", model)


def test_the_umask_says_who_may_read(model: CRNN, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        save(tmp_path / "w.safetensors", model)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "w.safetensors").stat().st_mode) == 0o644


def test_the_tensor_that_disagrees_with_the_plan_is_named(model: CRNN, tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    save(file, model)
    tensors = load_file(file)
    tensors["head.blank.weight"] = tensors["head.blank.weight"][:, :4].contiguous()
    save_file(tensors, file, {"plan": PLAN.to_json()})
    with pytest.raises(
        WeightsError, match=r"head\.blank\.weight is \(1, 4\), planned is \(1, 16\)"
    ):
        load(file)
    del tensors["head.blank.weight"]
    save_file(tensors, file, {"plan": PLAN.to_json()})
    with pytest.raises(WeightsError, match=r"head\.blank\.weight is missing"):
        load(file)


def test_a_file_cut_short_or_without_a_plan_is_refused(model: CRNN, tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    save(file, model)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        load(file)
    save_file({"x": torch.zeros(1)}, file)
    with pytest.raises(WeightsError, match="carries no plan"):
        load(file)
    save_file({"x": torch.zeros(1)}, file, {"plan": "{}"})
    with pytest.raises(PlanError, match="not a plan"):
        load(file)
