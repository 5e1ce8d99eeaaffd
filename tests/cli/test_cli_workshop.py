"""The workshop's commands from a shell: refusals say what to do, and end with status 1."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from penjing.cli import app
from penjing.models import Plan, build, load, save
from penjing.models.backbones import default_channels

HEADING = "group,ratio,width,loss,rise\n"
TABLE = f"{HEADING}conv5,0.5,32,1.5,0.5\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Networks whole, cut short, of another plan and of other characters; a sensitivity table."""
    path = tmp_path_factory.mktemp("workshop")
    torch.manual_seed(0)
    plan = Plan("vgg", default_channels("vgg", 0.125), (8,), None, "spelled:abc")
    model = build(plan)
    save(path / "whole.safetensors", model)
    data = (path / "whole.safetensors").read_bytes()
    (path / "short.safetensors").write_bytes(data[: len(data) // 2])
    model.plan = plan.with_channels(conv5=32)
    save(path / "disagreeing.safetensors", model)
    other = Plan("vgg", default_channels("vgg", 0.125), (8,), None, "spelled:xyzc")
    save(path / "other.safetensors", build(other))
    early = Plan("mobilenet_v1", default_channels("mobilenet_v1", 0.125), (8,), 8, "spelled:abc")
    save(path / "exit.safetensors", build(replace(early, exit="block4")))
    (path / "sensitivity.csv").write_text(TABLE)
    (path / "empty.csv").write_text(HEADING)
    (path / "mobilenet.csv").write_text(f"{TABLE}block5,0.5,32,1.5,0.5\n")
    (path / "wider.csv").write_text(f"{HEADING}conv5,0.5,64,1.5,0.5\n")
    return path


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("sensitivity whole.safetensors --out . --ratios 1.0", "surgery", "below 1"),
        ("sensitivity whole.safetensors --out . --ratios half", "config", "commas between"),
        ("sensitivity short.safetensors --out .", "weights", "not a whole safetensors file"),
        ("sensitivity disagreeing.safetensors --out .", "weights", "disagree with their plan"),
        ("sensitivity nowhere.safetensors --out .", "weights", "no weights file"),
        ("sensitivity whole.safetensors --out . --method l2", "surgery", "thinet"),
        ("grow whole.safetensors w.safetensors --widths conv5", "config", "group=width"),
        ("grow whole.safetensors w.safetensors --widths conv9=64", "surgery", "conv1, conv2"),
        ("prune whole.safetensors --table sensitivity.csv --out p", "config", "give --target"),
        (
            "prune whole.safetensors --table sensitivity.csv --out p --target-params 0.01 "
            "--target-macs 1e6",
            "config",
            "between nought and",
        ),
        (
            "prune whole.safetensors --table sensitivity.csv --out p --target-macs 1 "
            "--target-params 0",
            "config",
            "between nought and",
        ),
        (
            "prune whole.safetensors --table sensitivity.csv --out p --target-ms nan",
            "config",
            "between nought and",
        ),
        (
            "prune whole.safetensors --table sensitivity.csv --out p --target-macs 1 "
            "--method tailor",
            "surgery",
            "no method 'tailor'",
        ),
        (
            "prune whole.safetensors --table mobilenet.csv --out p --target-macs 1",
            "data",
            "of another network: it has a group block5",
        ),
        (
            "prune whole.safetensors --table wider.csv --out p --target-macs 1",
            "data",
            "of another network: conv5 at 64 channels",
        ),
        (
            "prune whole.safetensors --table empty.csv --out p --target-macs 1",
            "config",
            "penjing sensitivity first",
        ),
        (
            "prune whole.safetensors --table sensitivity.csv --out p --target-macs 1 "
            "--protect conv5,conv9",
            "config",
            "no groups conv9; there are conv1, conv2",
        ),
        (
            "prune whole.safetensors --table whole.safetensors --out p --target-macs 1",
            "data",
            "another table",
        ),
        (
            "prune whole.safetensors --table sensitivity.csv --out p --target-params 0.01 "
            "--teacher other.safetensors",
            "charset",
            "at least half",
        ),
        (
            "distil whole.safetensors --out d.safetensors --teacher other.safetensors",
            "charset",
            "at least half",
        ),
        ("distil whole.safetensors --out d.safetensors --teacher none.onnx", "weights", "no model"),
        ("prune weights.safetensors --table t --out . --target-macs 1", "config", "overwritten"),
        (
            "prune exit.safetensors --table sensitivity.csv --out p --target-macs 1",
            "config",
            "early exit",
        ),
        ("distil whole.safetensors --out . --teacher whole.safetensors", "output", "a folder"),
        ("quantize tiny .", "output", "a folder"),
        ("depth exit.safetensors . --data nowhere", "output", "a folder"),
        ("compare tiny --out short.safetensors/t.md", "output", "cannot write"),
        ("quantize tiny q.onnx --report short.safetensors", "output", "cannot write"),
        (
            "depth exit.safetensors d.onnx --data nowhere --table short.safetensors/t.csv",
            "output",
            "cannot write",
        ),
        ("sensitivity whole.safetensors --out short.safetensors", "output", "cannot write"),
        (
            "prune whole.safetensors --table t --target-macs 1 --out short.safetensors",
            "output",
            "cannot write",
        ),
        ("export whole.safetensors short.safetensors/e.onnx", "output", "cannot write"),
        ("eval lines --html short.safetensors/errors.html", "output", "cannot write"),
        (
            "distil exit.safetensors --out d.safetensors --teacher exit.safetensors",
            "config",
            "early exit",
        ),
        ("compare whole.safetensors --out table.doc", "config", ".md"),
        ("selection nowhere.toml", "config", "nowhere.toml"),
    ],
)
def test_refusals(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, code: str, told: str
) -> None:
    monkeypatch.chdir(folder)
    data = _lines(folder)
    words = command.split()
    if words[0] in ("sensitivity", "prune", "distil"):
        words += ["--data", str(data), "--lines", "2"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"penjing: {code}: ")
    assert told in result.stderr


@pytest.mark.parametrize(
    ("raised", "status", "told"),
    [
        (
            ModuleNotFoundError("No module", name="torch.nn"),
            1,
            "penjing: config: this needs torch: pip install '.[train]'\n",
        ),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_command_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, status: int, told: str
) -> None:
    def families() -> None:
        raise raised

    monkeypatch.setattr("penjing.models.backbones.families", families)
    done = CliRunner().invoke(app, ["models", "--families"])
    assert (done.exit_code, done.stderr) == (status, told)


def test_other_missing_modules_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def families() -> None:
        raise ModuleNotFoundError("No module", name="penjing.nowhere")

    monkeypatch.setattr("penjing.models.backbones.families", families)
    done = CliRunner().invoke(app, ["models", "--families"])
    assert isinstance(done.exception, ModuleNotFoundError)


def test_a_wider_network_is_written(folder: Path, tmp_path: Path) -> None:
    wide = tmp_path / "wide.safetensors"
    done = CliRunner().invoke(
        app, ["grow", str(folder / "whole.safetensors"), str(wide), "--widths", "conv5=72,conv6=80"]
    )
    assert done.exit_code == 0, done.output
    plan, whole = load(wide).plan, load(folder / "whole.safetensors").plan
    assert plan == whole.with_channels(conv5=72, conv6=80)
    assert "parameters became" in done.output


def test_protected_groups_stay_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "noted.csv").write_text(TABLE)
    (folder / "noted.json").write_text('{"method": "l1"}')
    words = ["prune", "whole.safetensors", "--table", "noted.csv", "--out", "q"]
    data = ["--data", str(_lines(folder)), "--lines", "4"]
    result = CliRunner().invoke(
        app, [*words, "--target-params", "0.01", "--protect", "conv1,conv5", *data]
    )
    assert result.exit_code == 1, result.stderr
    assert "short of the target" in result.stderr  # conv5 alone was tried
    assert "chosen by l1; this cuts by taylor" in result.stderr
    assert "lines aside, and these are measured on, not 4" in result.stderr
    whole = (folder / "whole.safetensors").read_bytes()
    assert (folder / "q" / "weights.safetensors").read_bytes() == whole


def test_more_than_all_characters_cannot_be_lost(folder: Path) -> None:
    words = "prune whole.safetensors --table t --out p --target-macs 1 --drop 1.5"
    assert CliRunner().invoke(app, words).exit_code == 2


def test_a_second_lesson_takes_other_lines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    def taught(name: str, first: int) -> torch.Tensor:
        whole = "whole.safetensors"
        words = ["distil", whole, "--teacher", whole, "--out", name, "--first-line", str(first)]
        data = ["--data", str(_lines(folder)), "--lines", "4"]
        result = CliRunner().invoke(app, [*words, *data, "--healing-lines", "8", "--batch", "4"])
        assert result.exit_code == 0, result.stderr
        return torch.cat([p.flatten() for p in load(folder / name).parameters()])

    once = taught("once.safetensors", 0)
    assert torch.equal(once, taught("again.safetensors", 0))
    assert not torch.equal(once, taught("other.safetensors", 8))


@pytest.mark.slow
def test_processes_share_a_fine_tuning(folder: Path) -> None:
    words = (
        "distil whole.safetensors --teacher whole.safetensors --out taught.safetensors "
        f"--data {_lines(folder)} --healing-lines 32 --batch 4 --processes 2"
    ).split()
    done = subprocess.run(
        [sys.executable, "-m", "penjing", *words], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("of the characters before") == 1  # one of the two speaks
    whole, taught = (load(folder / f"{name}.safetensors") for name in ("whole", "taught"))
    assert whole.plan == taught.plan
    assert any(
        not torch.equal(a, b) for a, b in zip(whole.parameters(), taught.parameters(), strict=True)
    )


def _lines(folder: Path) -> Path:
    """Twenty labelled lines."""
    import cv2
    import numpy as np

    data = folder / "lines"
    if not data.exists():
        data.mkdir()
        rows = ["image\ttext"]
        for i in range(20):
            cv2.imwrite(str(data / f"{i}.png"), np.full((32, 64), 10 * i, np.uint8))
            rows.append(f"{i}.png\t{'abc'[i % 3]}")
        (data / "labels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return data
