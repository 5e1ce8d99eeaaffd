"""ONNX Runtime reads what torch reads, at any batch and width."""

import copy
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from penjing.charset import Charset
from penjing.errors import WeightsError
from penjing.export import export
from penjing.export.answers import ALTERNATIVES, SURELY_BLANK
from penjing.export.onnx_file import LARGE, halve
from penjing.export.parity import check
from penjing.models import CRNN, Plan, build
from penjing.models.backbones import default_channels
from penjing.runtime.recogniser import OUTPUTS, Recogniser

WIDTHS = (32, 36, 100, 320, 512, 1024, 2048)


def _pictures(seed: int, lines: int, width: int) -> np.ndarray:
    """Coarse noise, so that frames differ."""
    coarse = np.random.default_rng(seed).integers(0, 256, (lines, 1, 4, -(-width // 12)))
    return coarse.repeat(8, 2).repeat(12, 3)[..., :width].astype(np.uint8)


def _network(family: str = "mobilenet_v1", width: float = 0.25, gain: float = 8.0) -> CRNN:
    """Random, with statistics as after training, and firing on about a third of the frames."""
    torch.manual_seed(3)
    model = build(Plan(family, default_channels(family, width), (16,), 16))
    images = torch.from_numpy(_pictures(0, 8, 256))
    with torch.no_grad():
        for _ in range(30):
            model(images)
        odds = model.eval().head.blank_logit(model(images))
        scale = gain / odds.std()
        model.head.blank.bias.sub_(odds.quantile(0.35)).mul_(scale)
        model.head.blank.weight *= scale
        scores = model.head.class_logits(model(images))
        model.head.classify.weight *= 2 * gain / scores.std()
    return model


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[CRNN, Path]:
    model = _network()
    return model, export(model, tmp_path_factory.mktemp("export") / "net.onnx", half=False)


@pytest.mark.parametrize("lines", [1, 2, 7])
def test_labels_and_probabilities_are_torchs(exported: tuple[CRNN, Path], lines: int) -> None:
    model, path = exported
    session = ort.InferenceSession(path)
    fired = 0
    for width in WIDTHS:
        image = _pictures(lines, lines, width)
        labels, confidence, _, _ = session.run(OUTPUTS, {"image": image})
        wanted, sureness = (x.numpy() for x in model.read(torch.from_numpy(image)))
        assert labels.shape == confidence.shape == (lines, width // 4)
        np.testing.assert_allclose(confidence, sureness, atol=2e-3)
        near_tie = np.abs(sureness - 0.5) < 5e-3
        assert ((labels == wanted) | near_tie | (sureness < 0.5)).all()
        fired += int((labels >= 0).sum())
    assert fired > 0, "a network that only says blank proves nothing"


def test_alternatives_are_torchs_likeliest_characters(exported: tuple[CRNN, Path]) -> None:
    model, path = exported
    image = _pictures(5, 3, 320)
    labels, _, alternatives, chances = ort.InferenceSession(path).run(OUTPUTS, {"image": image})
    with torch.no_grad():
        frames = model(torch.from_numpy(image))
        odds = model.head.blank_logit(frames).numpy() - np.log(SURELY_BLANK / (1 - SURELY_BLANK))
        wanted = model.head.class_logits(frames).log_softmax(-1)
    assert alternatives.shape == chances.shape == (3, 80, ALTERNATIVES)
    near = np.abs(odds) < 1e-3
    np.testing.assert_array_equal((alternatives[..., 0] >= 0) | near, (odds < 0) | near)
    told = alternatives[..., 0] >= 0
    assert 0 < told.sum() < told.size
    assert (alternatives[..., 0] == labels)[labels >= 0].all()
    best = wanted.topk(ALTERNATIVES).values.numpy()
    np.testing.assert_allclose(chances[told], best[told], atol=2e-3)
    theirs = wanted.gather(-1, torch.from_numpy(alternatives).clamp(min=0)).numpy()
    np.testing.assert_allclose(chances[told], theirs[told], atol=2e-3)
    assert (alternatives[~told] == -1).all()
    assert (chances[~told] == 0).all()


def test_a_line_reads_the_same_in_any_batch(exported: tuple[CRNN, Path]) -> None:
    session = ort.InferenceSession(exported[1])
    image = _pictures(1, 5, 160)
    together = session.run(["labels", "alternatives"], {"image": image})
    for k in range(5):
        alone = session.run(["labels", "alternatives"], {"image": image[k : k + 1]})
        for a, b in zip(alone, together, strict=True):
            np.testing.assert_array_equal(a[0], b[k])


def test_no_run_computes_a_first_state(exported: tuple[CRNN, Path]) -> None:
    graph = onnx.load(exported[1]).graph
    [lstm] = [node for node in graph.node if node.op_type == "LSTM"]
    assert len(lstm.input) == 4  # what enters, and weights
    assert not any(node.op_type == "ConstantOfShape" for node in graph.node)


def test_the_file_carries_its_plan_and_characters(exported: tuple[CRNN, Path]) -> None:
    model, path = exported
    notes = {p.key: p.value for p in onnx.load(path).metadata_props}
    assert Plan.from_json(notes["plan"]) == model.plan
    assert notes["charset"] == "".join(Charset.load(model.plan.charset).characters)


@pytest.mark.parametrize("family", ["vgg", "resnet"])
def test_other_families_export_too(tmp_path: Path, family: str) -> None:
    path = export(_network(family, 0.125, gain=0.5), tmp_path / "net.onnx")
    assert path.stat().st_size > 100_000


def test_half_precision_halves_the_file(tmp_path: Path) -> None:
    model = _network()
    full = export(model, tmp_path / "full.onnx", half=False).stat().st_size
    half = export(model, tmp_path / "half.onnx", half=True).stat().st_size
    assert half < 0.62 * full


def test_a_sharp_network_is_halved_though_a_frame_of_noise_hangs_on_a_rounding(
    tmp_path: Path,
) -> None:
    model = _network(gain=30.0)
    graph = onnx.load(export(model, tmp_path / "half.onnx", half=True))
    check(model, graph, halved=True)
    with pytest.raises(WeightsError, match="disagree"):
        check(model, graph)


@pytest.mark.parametrize("halved", [False, True])
def test_a_wrong_graph_is_found_out(exported: tuple[CRNN, Path], halved: bool) -> None:
    other = _network()
    with torch.no_grad():
        other.head.blank.bias += 20
    with pytest.raises(WeightsError, match="disagree"):
        check(other, onnx.load(exported[1]), halved=halved)


def test_weights_that_halving_spoils_are_found_out(tmp_path: Path) -> None:
    model = _network()
    with torch.no_grad():  # what is too small for fp16 becomes nought
        for part, factor in (
            ("squeeze.weight", 1e9),
            ("squeeze.bias", 1e9),
            ("classify.weight", 1e-9),
        ):
            model.head.get_parameter(part).mul_(factor)
    export(model, tmp_path / "full.onnx", half=False)
    with pytest.raises(WeightsError, match="disagree"):
        export(model, tmp_path / "half.onnx")
    assert not (tmp_path / "half.onnx").exists()


def test_a_file_of_old_is_read_without_language(
    exported: tuple[CRNN, Path], tmp_path: Path
) -> None:
    """Files exported before there were alternatives have the first two outputs alone."""
    old = onnx.load(exported[1])
    del old.graph.output[2:]
    onnx.save(old, tmp_path / "old.onnx")
    new = Recogniser(exported[1], threads=1)
    lines = [picture[0] for picture in _pictures(4, 6, 240)]
    greedy = [reading.text for reading in Recogniser(tmp_path / "old.onnx", threads=1).read(lines)]
    assert [reading.text for reading in new.read(lines, language=False)] == greedy
    helped = [reading.text for reading in new.read(lines)]
    assert helped != greedy
    left = (c for c in "".join(helped) if c.isnumeric())
    assert all(number in left for number in "".join(greedy) if number.isnumeric())


def test_weights_beyond_fp16_are_not_halved() -> None:
    near, far = np.ones(LARGE, np.float32), np.full(LARGE, 7e4, np.float32)
    tensors = [numpy_helper.from_array(near, "near"), numpy_helper.from_array(far, "far")]
    graph = helper.make_graph([], "weights", [], [], tensors)
    halve(graph)
    kinds = {tensor.name: tensor.data_type for tensor in graph.initializer}
    assert kinds == {"near.half": TensorProto.FLOAT16, "far": TensorProto.FLOAT}


def test_a_network_that_reads_nan_says_so(exported: tuple[CRNN, Path]) -> None:
    model, path = exported
    broken = copy.deepcopy(model)
    with torch.no_grad():
        broken.head.blank.bias[0] = torch.nan
    with pytest.raises(WeightsError, match="reads NaN"):
        check(broken, onnx.load(path))
