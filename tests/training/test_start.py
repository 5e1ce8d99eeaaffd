"""Going on from weights that were trained before; each run in a process of its own."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from stripes import written

from penjing.charset import DEFAULT, Charset
from penjing.models import Plan, build, load, save
from penjing.models.backbones import default_channels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty labelled lines, and weights to start from."""
    written(tmp_path, 20, seed=1)
    torch.manual_seed(0)
    plan = Plan("mobilenet_v1", default_channels("mobilenet_v1", 0.25), (8,), 8)
    save(tmp_path / "before.safetensors", build(plan), half=False)
    return tmp_path


def _train(
    folder: Path, network: str = "", data: str = "", schedule: str = ""
) -> subprocess.CompletedProcess[str]:
    network = network or f'start = "{folder / "before.safetensors"}"'
    config = folder / "run.toml"
    config.write_text(
        f"""
        [network]
        {network}
        [data]
        folder = "{folder}"
        shards = 1
        batch = 4
        pool = 2
        {data}
        [schedule]
        lines = 8
        aligned = 0.0
        learning_rate = 1e-6
        weight_decay = 0.0
        {schedule}
        [run]
        folder = "{folder / "run"}"
        validate_lines = 2
        """,
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "penjing", "train", str(config)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_run_starts_from_given_weights_and_keeps_their_plan(folder: Path) -> None:
    done = _train(folder)
    assert done.returncode == 0, done.stderr
    before, after = (
        load(folder / "before.safetensors"),
        load(folder / "run" / "weights.safetensors"),
    )
    assert after.plan == before.plan
    old, new = before.head.classify.weight, after.head.classify.weight
    torch.testing.assert_close(new, old, atol=2e-3, rtol=0)


def test_weights_that_are_not_there_are_named(folder: Path) -> None:
    done = _train(folder, network='start = "nowhere.safetensors"')
    assert done.returncode == 1
    assert "nowhere.safetensors" in done.stderr


def test_a_checkpoint_of_another_network_is_refused(folder: Path) -> None:
    assert _train(folder).returncode == 0
    done = _train(folder, network="width = 0.25\nrecurrent = [16]\nrank = 8")
    assert done.returncode == 1
    assert "begun with network.width" in done.stderr


def _first_loss(folder: Path) -> float:
    with (folder / "run" / "history.csv").open(encoding="utf-8", newline="") as rows:
        return float(next(csv.DictReader(rows))["loss"])


def test_a_teacher_is_heard_beside_the_labels(folder: Path) -> None:
    assert _train(folder).returncode == 0
    alone = _first_loss(folder)
    shutil.rmtree(folder / "run")
    torch.manual_seed(1)
    stranger = build(load(folder / "before.safetensors").plan)
    stranger.head.blank.bias.data.fill_(-1)  # takes most frames for a character
    save(folder / "teacher.safetensors", stranger)
    done = _train(folder, schedule=f'teacher = "{folder / "teacher.safetensors"}"')
    assert done.returncode == 0, done.stderr
    assert _first_loss(folder) > alone + 0.1  # a part of it is the labels' loss, the same as alone


def test_a_teacher_that_is_not_there_is_named(folder: Path) -> None:
    done = _train(folder, schedule='teacher = "nobody.safetensors"')
    assert done.returncode == 1
    assert "nobody.safetensors" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_early_exit_has_no_teacher(folder: Path) -> None:
    before = folder / "before.safetensors"
    network = f'start = "{before}"\nexit = "block3"'
    done = _train(folder, network=network, schedule=f'teacher = "{before}"')
    assert done.returncode == 1
    assert "early exit" in done.stderr


def test_a_line_too_wide_is_named(folder: Path) -> None:
    done = _train(folder, data="max_width = 30")
    assert done.returncode == 1
    assert "px wide" in done.stderr
    assert "Traceback" not in done.stderr


def _relabel(folder: Path, old: str, new: str) -> None:
    rows = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    rows = [f"{name}\t{text.replace(old, new)}" for name, text in (r.split("\t") for r in rows)]
    (folder / "labels.tsv").write_text("\n".join(rows), encoding="utf-8")


def test_a_network_learns_the_characters_of_the_labels_alone(folder: Path) -> None:
    _relabel(folder, "7", "한")
    start = f'start = "{folder / "before.safetensors"}"'
    done = _train(folder, network=f'{start}\ncharset = "labels"')
    assert done.returncode == 0, done.stderr
    assert "new to" in done.stdout
    assert "'한'" in done.stdout
    before = load(folder / "before.safetensors")
    after = load(folder / "run" / "weights.safetensors")
    characters = Charset.load(after.plan.charset).characters
    labels = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert set(characters) == {c for row in labels for c in row.split("\t")[1]}
    rows = Charset.load(DEFAULT).encode("".join(characters[:-1]))
    old, new = before.head.classify.weight[rows], after.head.classify.weight[:-1]
    torch.testing.assert_close(new, old, atol=2e-3, rtol=0)


def test_a_label_that_the_network_cannot_spell_is_named_with_the_way_out(folder: Path) -> None:
    _relabel(folder, "7", "한")
    done = _train(folder)
    assert done.returncode == 1
    assert "'한'" in done.stderr
    assert 'charset = "labels"' in done.stderr
    assert "Traceback" not in done.stderr
