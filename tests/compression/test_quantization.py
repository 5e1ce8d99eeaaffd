"""Eight bits: near the float network, kept only when worth it, and nothing left when not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bands
import numpy as np
import onnx
import onnxruntime as ort
import pytest
from lines import coarse_noise, exported, network
from onnx import numpy_helper
from typer.testing import CliRunner

from penjing.compression.probing import observed, reader
from penjing.compression.quantization import gate, losses
from penjing.compression.quantization.layers import CONVOLUTION, DEPTHWISE, LINEAR, layers
from penjing.compression.quantization.names import shortened
from penjing.compression.quantization.preparation import Prepared, prepared
from penjing.compression.quantization.qdq import quantized
from penjing.errors import DataError, QuantizationError
from penjing.labelled import Line


@pytest.fixture(scope="module", params=["mobilenet_v1", "resnet"])
def model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> onnx.ModelProto:
    return exported(network(request.param), tmp_path_factory.mktemp("quantization"))


def test_a_network_in_eight_bits_is_near_the_float_one(model: onnx.ModelProto) -> None:
    """On random networks the frames keep 20 decibels over the error of all layers together."""
    whole = quantized(*prepared(model, coarse_noise(12)))
    frames = next(n.output[0] for n in model.graph.node if n.name.endswith("blank/Add"))
    fresh = coarse_noise(6, seed=1)
    right = [value for [value] in observed(model, [frames], fresh)]
    got = [value for [value] in observed(whole, [frames], fresh)]
    assert losses.signal_to_noise(right, got) > 20


def test_weights_are_stored_in_bytes_and_no_float_copy_stays(model: onnx.ModelProto) -> None:
    whole = quantized(*prepared(model, coarse_noise(4)))
    onnx.checker.check_model(whole)
    large = [numpy_helper.to_array(t) for t in whole.graph.initializer if np.prod(t.dims) >= 4096]
    assert large
    assert {array.dtype for array in large if array.ndim > 1} == {np.dtype(np.int8)}
    assert whole.metadata_props == model.metadata_props


def test_integer_kernels_do_the_work(model: onnx.ModelProto, tmp_path: Path) -> None:
    """Every convolution is fused with its rounding; a float one would be slower than before."""
    ready = prepared(model, coarse_noise(4))
    whole = quantized(*ready)
    options = ort.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.log_severity_level = 3
    ort.InferenceSession(whole.SerializeToString(), options, providers=["CPUExecutionProvider"])
    kinds = [n.op_type for n in onnx.load(tmp_path / "optimised.onnx").graph.node]
    assert kinds.count("QLinearConv") == sum(
        layer.kind in (CONVOLUTION, DEPTHWISE) for layer in ready.layers
    )
    assert kinds.count("QGemm") == sum(layer.kind == LINEAR for layer in ready.layers)
    assert not {"Conv", "FusedConv", "Gemm", "Relu"} & set(kinds)
    assert kinds.count("DequantizeLinear") <= 2  # before the LSTM, which gets floats all the same


def test_short_names_change_the_file_and_not_what_it_says(model: onnx.ModelProto) -> None:
    long = quantized(*prepared(model, coarse_noise(4)))
    short = shortened(long)
    assert len(short.SerializeToString()) < len(long.SerializeToString()) - 10_000
    image = coarse_noise(1, seed=5)[0][None, None]
    said = [
        ort.InferenceSession(m.SerializeToString()).run(None, {"image": image})
        for m in (long, short)
    ]
    for before, after in zip(*said, strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_quantised_line_reads_the_same_in_any_batch(model: onnx.ModelProto) -> None:
    """Scales are of the file, not of the batch."""
    recogniser = reader(quantized(*prepared(model, coarse_noise(4))))
    lines = coarse_noise(5, seed=2)
    together = recogniser.read(lines)
    for line, beside in zip(lines, together, strict=True):
        alone = recogniser.read([line])[0]
        assert alone.text == beside.text
        assert np.array_equal(alone.confidences, beside.confidences)


def test_layers_are_named_as_in_the_network(model: onnx.ModelProto) -> None:
    names = [layer.name for layer in layers(model)]
    assert len(set(names)) == len(names)
    assert {"backbone.stem", "recurrent.layers.0", "squeeze", "classify"} <= set(names)


def test_a_network_in_eight_bits_already_is_refused(model: onnx.ModelProto) -> None:
    small = quantized(*prepared(model, coarse_noise(1)))
    with pytest.raises(QuantizationError, match="no layer in floats"):
        prepared(small, coarse_noise(1))


def test_without_lines_nothing_is_calibrated(model: onnx.ModelProto) -> None:
    with pytest.raises(DataError, match="no line to calibrate"):
        prepared(model, [])


def test_the_table_finds_the_layer_that_suffers(model: onnx.ModelProto, tmp_path: Path) -> None:
    ready = prepared(model, coarse_noise(8))
    [first, second, third] = ready.layers[:3]
    sees = ready.seen[second.result]
    blind = {**ready.seen, second.result: replace(sees, high=sees.high / 50)}
    lines = [Line(pixels, "x") for pixels in coarse_noise(3, seed=3)]
    table = list(losses.layer_losses(Prepared(ready.model, ready.layers[:3], blind), lines))
    assert [row.layer for row in table] == [first.name, second.name, third.name]
    assert table[1].decibels < 5 < 25 < table[0].decibels
    losses.plot(table, tmp_path / "layers.png")
    assert (tmp_path / "layers.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("after", "slowest", "kept"),
    [(0.800, 0.99, True), (0.795, 0.5, True), (0.794, 0.5, False), (0.9, 1.01, False)],
)
def test_the_gate_wants_both_speed_and_accuracy(after: float, slowest: float, kept: bool) -> None:
    verdict = gate.Verdict(0.8, after, 0.6, slowest, 5_000_000, 3_000_000)
    assert verdict.worth_it == kept
    if kept:
        verdict.insist()
    else:
        with pytest.raises(QuantizationError, match=rf"{after:.2%}.*worst round.*3\.00 MB"):
            verdict.insist()


def test_without_lines_there_is_no_verdict() -> None:
    with pytest.raises(DataError, match="no line"):
        gate.judged(onnx.ModelProto(), onnx.ModelProto(), [])


def test_a_network_that_reads_still_reads(bands_model: Path) -> None:
    model = onnx.load(bands_model)
    texts = ["abc", "cab", "aabbcc", "b", "ca cb"]
    lines = [Line(bands.draw(text), text) for text in texts]
    ready = prepared(model, [line.pixels for line in lines])
    verdict = gate.judged(model, quantized(*ready), lines)
    assert (verdict.before, verdict.after) == (1, 1)


def test_a_refused_network_leaves_no_file(
    bands_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    from penjing.cli import app

    rows = ["image\ttext"]
    for text in ("abc", "ba"):
        Image.fromarray(bands.draw(text)).save(tmp_path / f"{text}.png")
        rows.append(f"{text}.png\t{text}")
    (tmp_path / "labels.tsv").write_text("\n".join(rows) + "\n")
    monkeypatch.setattr(gate, "DROP", -1.0)  # more than can be asked for
    monkeypatch.setattr("penjing.compression.quantization.calibration.RENDERED", 0)
    monkeypatch.setattr(
        "penjing.compression.quantization.calibration.LineRenderer", lambda seed, charset: None
    )
    arguments = ["quantize", str(bands_model), str(tmp_path / "small.onnx")]
    folders = ["--calibrate", str(tmp_path), "--data", str(tmp_path), "--report", str(tmp_path)]
    result = CliRunner().invoke(app, [*arguments, *folders])
    assert result.exit_code == 1
    assert not list(tmp_path.glob("small*"))
    assert not list(tmp_path.glob(".*"))
    assert (tmp_path / "layers.csv").read_text().startswith("layer,kind,decibels,lost\n")
