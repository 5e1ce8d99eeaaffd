"""Two depths in one file: each line decides for itself; at threshold 1 the exit changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from penjing.compression.depth import ALWAYS, least_threshold
from penjing.compression.surgery import rebuilt, silence
from penjing.errors import PlanError, WeightsError
from penjing.export import export
from penjing.export.answers import answer, sureness
from penjing.export.two_depths import NEVER, threshold, with_threshold
from penjing.models import CRNN, Plan, build, with_exit
from penjing.models.backbones import default_channels


def _pictures(seed: int, lines: int, width: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (lines, 1, 4, width // 12))
    return coarse.repeat(8, 2).repeat(12, 3).astype(np.uint8)


def _network() -> CRNN:
    """Random, with statistics as after training, firing on about a third of the frames."""
    torch.manual_seed(3)
    channels, charset = default_channels("mobilenet_v1", 0.25), "zh-en-v1"
    plan = Plan("mobilenet_v1", channels, (16,), 16, charset, exit="block6")
    model = build(plan)
    images = torch.from_numpy(_pictures(0, 8, 240))
    with torch.no_grad():
        for _ in range(20):
            _, columns = model.shallow(images)
            model.deeper(columns)
        model.eval()
        frames = model(images)
        odds = model.head.blank_logit(frames)
        scale = 8 / odds.std()
        model.head.blank.bias.sub_(odds.quantile(0.35)).mul_(scale)
        model.head.blank.weight *= scale
        model.head.classify.weight *= 16 / model.head.class_logits(frames).std()
    return model


@pytest.fixture(scope="module")
def model() -> CRNN:
    return _network()


@pytest.fixture(scope="module")
def both(model: CRNN, tmp_path_factory: pytest.TempPathFactory) -> onnx.ModelProto:
    path = tmp_path_factory.mktemp("two-depths") / "both.onnx"
    return onnx.load(export(model, path, half=False))


def _session(graph: onnx.ModelProto) -> ort.InferenceSession:
    return ort.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])


def _run(session: ort.InferenceSession, image: np.ndarray) -> list[Any]:
    return session.run(["labels", "confidence"], {"image": image})


def test_at_threshold_one_it_reads_as_without_an_exit(
    model: CRNN, both: onnx.ModelProto, tmp_path: Path
) -> None:
    plain = _session(
        onnx.load(export(with_exit(model, None).eval(), tmp_path / "x.onnx", half=False))
    )
    assert threshold(both) == NEVER
    for lines, width in ((1, 240), (5, 96)):
        image = _pictures(lines, lines, width)
        labels, confidence = _run(_session(both), image)
        wanted, probability = _run(plain, image)
        np.testing.assert_array_equal(labels, wanted)
        np.testing.assert_allclose(confidence, probability, atol=1e-6)
        assert (labels >= 0).any()


def test_each_line_leaves_or_stays_by_its_own_sureness(model: CRNN, both: onnx.ModelProto) -> None:
    image = _pictures(7, 9, 120)
    with torch.no_grad():
        frames, columns = model.shallow(torch.from_numpy(image))
        early = answer(frames, model.head)[:2]
        deep = answer(model.deeper(columns), model.head)[:2]
        sure = sureness(*early)
    middle = float((sure.sort().values[4] + sure.sort().values[5]) / 2)
    leaves = (sure > middle).numpy()
    assert leaves.any()
    assert not leaves.all()
    assert not torch.equal(early[0], deep[0])
    assert (early[0] >= 0).any()
    session = _session(with_threshold(both, middle))
    labels, confidence = _run(session, image)
    for k, leave in enumerate(leaves):
        wanted, probability = early if leave else deep
        np.testing.assert_array_equal(labels[k], wanted[k])
        np.testing.assert_allclose(confidence[k], probability[k], atol=1e-3)
        alone, _ = _run(session, image[k : k + 1])
        np.testing.assert_array_equal(alone[0], labels[k])
    always, _ = _run(_session(with_threshold(both, ALWAYS)), image)
    np.testing.assert_array_equal(always, early[0])

    with ThreadPoolExecutor(4) as pool:
        for got, _ in pool.map(lambda _: _run(session, image), range(12)):
            np.testing.assert_array_equal(got, labels)


def test_the_head_is_stored_once(model: CRNN, tmp_path: Path) -> None:
    both = export(model, tmp_path / "both.onnx").stat().st_size
    plain = export(with_exit(model, None).eval(), tmp_path / "plain.onnx").stat().st_size
    exits = sum(p.numel() for p in model.exit.parameters())
    assert both < plain + 4 * exits + 60_000  # two graphs' nodes
    assert both < plain + 2 * model.head.classify.weight.numel()


def test_a_network_without_an_exit_has_no_threshold(tmp_path: Path, model: CRNN) -> None:
    plain = onnx.load(export(with_exit(model, None).eval(), tmp_path / "plain.onnx"))
    with pytest.raises(WeightsError, match="no exit"):
        with_threshold(plain, 0.5)
    with pytest.raises(PlanError, match="may follow block2 to block12"):
        with_exit(model, "block13")
    with pytest.raises(PlanError, match="no place for an exit"):
        build(Plan("vgg", exit="conv3"))


def test_an_exit_is_added_without_touching_the_rest(model: CRNN) -> None:
    images = torch.from_numpy(_pictures(1, 2, 96))
    plain = with_exit(model, None).eval()
    again = with_exit(plain, "block4").eval()
    with torch.no_grad():
        assert torch.equal(plain(images), model(images))
        assert torch.equal(again(images), model(images))
    assert Plan.from_json(again.plan.to_json()).exit == "block4"


def test_what_is_cut_is_cut_at_the_exit_too(model: CRNN) -> None:
    """The law of surgery: dropped channels silenced, or really gone, give the same frames."""
    kept = {"block6": list(range(16, 48)), "recurrent.0": [*range(8), *range(16, 24)]}
    silent = with_exit(model, "block6").eval()
    groups = {
        "block6": [*range(16), *range(48, 64)],
        "recurrent.0": [*range(8, 16), *range(24, 32)],
    }
    silence(silent, groups)
    smaller = rebuilt(model, kept)
    images = torch.from_numpy(_pictures(2, 2, 96))
    with torch.no_grad():
        for a, b in zip(silent.shallow(images)[:1], smaller.shallow(images)[:1], strict=True):
            odds = silent.head.blank_logit(a), smaller.head.blank_logit(b)
            torch.testing.assert_close(*odds, atol=1e-4, rtol=1e-4)


def test_a_character_is_as_sure_as_its_surest_frame() -> None:
    labels = torch.tensor([[-1, 5, 5, -1, -1, 7, -1]])
    confidence = torch.tensor([[0.6, 0.5, 0.9, 0.55, 0.99, 0.8, 0.7]])
    assert sureness(labels, confidence).tolist() == [pytest.approx(0.8)]
    confidence[0, 4] = 0.6  # beside the 7: where it begins is nobody's concern
    assert sureness(labels, confidence).tolist() == [pytest.approx(0.8)]
    blank = torch.full((1, 7), -1)
    assert sureness(blank, confidence).tolist() == [pytest.approx(0.5)]


LINES = st.lists(
    st.tuples(st.floats(0, 1, width=32), st.booleans(), st.booleans()), min_size=1, max_size=40
)


@given(lines=LINES, loss=st.floats(0, 0.5))
def test_the_threshold_keeps_the_promised_loss_and_could_not_be_lower(
    lines: list[tuple[float, bool, bool]], loss: float
) -> None:
    sure, early, full = (np.array(column) for column in zip(*lines, strict=True))

    def lost(threshold: float) -> float:
        return float((full.astype(int) - np.where(sure > threshold, early, full)).sum()) / len(sure)

    least = least_threshold(sure, early, full, loss)
    higher = [value for value in (*sure, NEVER) if value >= least]
    assert all(lost(value) <= loss + 1e-9 for value in (least, *higher))
    lower = max((value for value in (0.0, *sure) if value < least), default=None)
    if lower is not None and (sure > lower).any():
        assert lost(lower) > loss or not (sure > lower)[sure <= least].any()
