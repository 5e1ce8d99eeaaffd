"""Damage is graded and repeatable, and the table says what each step was worth."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import bands
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from penjing.charset import Charset
from penjing.cli import app
from penjing.errors import DataError
from penjing.export import export
from penjing.labelled import Line
from penjing.models import Plan, build
from penjing.models.backbones import default_channels
from penjing.report.degradation import DEGRADATIONS, SEVERITIES, degraded
from penjing.report.robustness import STEPS, Cell, Read, conditions, exact, markdown, measure
from penjing.report.table import as_csv
from penjing.synth.assets.fonts import load_faces

LINE = cv2.GaussianBlur(bands.draw("abcabcab", scale=2), (3, 3), 0)
RAMP = np.repeat(np.linspace(20, 220, 48).astype(np.uint8)[:, None], 200, axis=1)


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_more_severe_is_further_from_the_original(name: str) -> None:
    picture = RAMP if name == "perspective" else LINE  # where further away is more different

    def distance(severity: int) -> float:
        spoilt = degraded(picture, name, severity, (7,))
        whole = degraded(picture, name, 0, (7,))
        back = cv2.resize(spoilt, whole.shape[::-1], interpolation=cv2.INTER_AREA)
        return float(np.abs(back.astype(int) - whole).mean())

    distances = [distance(severity) for severity in (0, *SEVERITIES)]
    assert distances[0] == 0
    assert distances == sorted(distances)


@settings(max_examples=30)
@given(
    st.sampled_from(list(DEGRADATIONS)), st.sampled_from(SEVERITIES), st.integers(0, 9),
    st.integers(4, 90), st.integers(8, 300),
)  # fmt: skip
def test_any_picture_can_be_damaged_and_the_same_seed_does_the_same(
    name: str, severity: int, seed: int, height: int, width: int
) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)
    once = degraded(picture, name, severity, (seed, 3))
    assert once.dtype == np.uint8
    assert once.ndim == 2
    assert min(once.shape) >= 1
    assert np.array_equal(once, degraded(picture, name, severity, (seed, 3)))


def test_a_tilted_line_stays_inside() -> None:
    line = cv2.copyMakeBorder(LINE, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=int(LINE[0, 0]))
    ground = int(line[0, 0])
    for severity in SEVERITIES:
        tilted = degraded(line, "tilt", severity, (0,))
        rim = np.concatenate([tilted[0], tilted[-1]]).astype(int)
        assert np.abs(rim - ground).max() <= 12
        assert tilted.shape[0] > degraded(line, "tilt", 0, (0,)).shape[0]


def test_every_condition_step_and_kind_is_counted() -> None:
    lines = [Line(LINE, "abc", "photo"), Line(LINE, "b c", "scan"), Line(LINE, "x", "scan")]
    cells = [
        cell for cells in measure(lines, lambda pictures: ["Ａbc", "bd", ""]) for cell in cells
    ]
    assert len(cells) == len(conditions()) * len(STEPS) * 2
    photo, scan = cells[:2]
    assert photo == Cell("clean", 0, "none", "photo", lines=1, exact=1, characters=3, edits=0)
    assert scan == Cell("clean", 0, "none", "scan", lines=2, exact=0, characters=3, edits=2)
    assert exact(cells, step="none") == pytest.approx(1 / 3)


def test_the_table_says_what_a_step_is_worth() -> None:
    def cell(step: str, right: int) -> Cell:
        return Cell("blur", 2, step, "photo", lines=10, exact=right, characters=50, edits=9)

    cells = [cell("none", 4), *(cell(step, 4) for step in STEPS if step not in ("none", "denoise"))]
    table = markdown([*cells, cell("denoise", 7)])
    [row] = [row for row in table.splitlines() if row.startswith("| blur | 2 ")]
    assert row == "| blur | 2 | 0.400 | +0.0 | +0.0 | +0.0 | +0.0 | +30.0 | +0.0 | +0.0 | +0.0 |"
    back = list(csv.DictReader(io.StringIO(as_csv(cells))))
    assert (back[0]["damage"], back[0]["exact"]) == ("blur", "4")


def test_the_command(bands_model: Path, tmp_path: Path) -> None:
    rows = ["image\ttext\tkind"]
    for number, text in enumerate(("abcab", "cabca", "bcabc")):
        Image.fromarray(bands.draw(text, scale=2)).save(tmp_path / f"{number}.png")
        rows.append(f"{number}.png\t{text}\t{'scan' if number else 'photo'}")
    (tmp_path / "labels.tsv").write_text("\n".join(rows))
    out = tmp_path / "out"
    words = ["robustness", tmp_path, "--out", out, "--model", bands_model, "--lines", 2]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    assert "| clean | 0 | 1.000 |" in done.stdout
    assert done.stdout == (out / "robustness.md").read_text()
    assert Image.open(out / "robustness.png").width > 500
    kinds = {row["kind"] for row in csv.DictReader((out / "robustness.csv").open())}
    assert kinds == {"photo", "scan"}  # one of each, though two of three are scans


def test_rendered_lines_are_written_in_the_models_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        load_faces(held_out=True)
    except DataError as error:
        pytest.skip(f"no held-out fonts fetched: {error}")
    plan = Plan("mobilenet_v1", default_channels("mobilenet_v1", 0.125), (8,), 8, "latin-v1")
    model = export(build(plan).eval(), tmp_path / "latin.onnx")
    exams: list[Sequence[Line]] = []

    def seen(lines: Sequence[Line], read: Read, seed: int) -> Iterator[list[Cell]]:
        exams.append(lines)
        return measure(lines[:1], read, seed)

    monkeypatch.setattr("penjing.report.robustness.measure", seen)
    words = ["robustness", "--out", tmp_path / "out", "--model", model, "--lines", 12]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    [exam] = exams
    assert len(exam) == 12
    assert all(Charset.load("latin-v1").covers(line.text) for line in exam)
