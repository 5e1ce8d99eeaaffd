"""The before-and-after table, on models that are really exported and run."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from penjing.compression.surgery import rebuilt
from penjing.errors import DataError, WeightsError
from penjing.labelled import Labelled, Line
from penjing.models import Plan, build, save
from penjing.models.backbones import default_channels
from penjing.report.compare import Row, _standard_errors, as_csv, as_json, compare, markdown
from penjing.report.evaluation import Scored
from penjing.report.latency import interleaved


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[int]]:
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    whole = build(Plan("mobilenet_v1", default_channels("mobilenet_v1", 0.25), (16,), 16)).eval()
    small = rebuilt(whole, {"block8": range(64), "rank": range(8)})
    files = [folder / "whole.safetensors", folder / "small.safetensors"]
    for file, model in zip(files, (whole, small), strict=True):
        save(file, model)
    return files, [sum(p.numel() for p in m.parameters()) for m in (whole, small)]


@pytest.fixture
def lines() -> list[Line]:
    rng = np.random.default_rng(0)
    return [Line(rng.integers(0, 256, (32, 96), dtype=np.uint8), "ab") for _ in range(3)]


def test_rows_say_what_is_true(pair: tuple[list[Path], list[int]], lines: list[Line]) -> None:
    files, counts = pair
    whole, small = compare(files, lines, repeats=1)
    assert [whole.parameters, small.parameters] == counts
    assert whole.multiply_adds is not None
    assert small.multiply_adds is not None
    assert whole.flops == 2 * whole.multiply_adds > 2 * small.multiply_adds
    assert small.bytes < whole.bytes
    assert 0 < small.median_ms <= small.p95_ms
    assert 0 <= small.characters <= 1
    assert whole.exact_error is None
    assert small.exact_error is not None
    assert small.exact_error >= 0
    for text in (markdown([whole, small]), as_csv([whole, small])):
        assert "small.safetensors" in text
    assert json.loads(as_json([whole, small]))[1]["parameters"] == counts[1]
    assert next(csv.DictReader(io.StringIO(as_csv([whole]))))["bytes"] == str(whole.bytes)


def test_changes_stand_beside_the_figures() -> None:
    before = Row("a", 1000, 500, 1000, 100, 2.0, 3.0, 0.9, 0.95)
    after = Row("b", 600, None, None, 50, 1.0, 3.0, 0.88, 0.95)
    table = markdown([before, after])
    assert "| 1,000 | 600 (-40.0%) |" in table
    assert "90.00% | 88.00% (-2.00 points)" in table
    assert "| 500 | unknown |" in table
    told = replace(after, exact_error=0.011)
    assert "90.00% | 88.00% (-2.00 ± 1.10 points)" in markdown([before, told])


READ = st.sampled_from(["ab", "b", ""])


@given(st.lists(st.tuples(READ, READ), min_size=2))
def test_a_change_is_surer_on_twice_the_lines(texts: list[tuple[str, str]]) -> None:
    before, after = ([_line(pair[k]) for pair in texts] for k in (0, 1))
    once, twice = _standard_errors(before, after), _standard_errors(before * 2, after * 2)
    count = len(texts)
    for error, smaller in zip(once, twice, strict=True):
        assert smaller is not None
        assert error is not None
        assert smaller**2 * (2 * count - 1) == pytest.approx(error**2 * (count - 1))
    assert _standard_errors(before, before) == (0, 0)
    assert _standard_errors(before[:1], after[:1]) == (None, None)


def _line(text: str) -> Scored:
    return Scored(Labelled(Path(), "ab", "", "", "h"), text, 0.0)


def test_no_lines_and_no_file(tmp_path: Path, lines: list[Line]) -> None:
    with pytest.raises(DataError, match="no line"):
        compare([tmp_path / "a.onnx"], [])
    with pytest.raises(WeightsError):
        compare([tmp_path / "a.onnx"], lines)
    (tmp_path / "cut.safetensors").write_bytes(b"\x10\x00")
    with pytest.raises(WeightsError, match="whole safetensors"):
        compare([tmp_path / "cut.safetensors"], lines)


def test_every_reader_reads_every_picture_as_often() -> None:
    seen: dict[str, int] = {"a": 0, "b": 0}

    def reader(name: str):
        def read(picture: object) -> None:
            seen[name] += 1

        return read

    pictures = [np.zeros((32, 32), np.uint8)] * 5
    timings = interleaved({"a": reader("a"), "b": reader("b")}, pictures, repeats=2)
    assert seen == {"a": 13, "b": 13}  # three to warm up
    assert all(0 <= t.median <= t.p95 for t in timings.values())
