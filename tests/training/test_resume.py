"""A run that is killed, or shared by processes, computes what an undisturbed one computes."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from stripes import written

STEPS = 24


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of labelled lines, as a user would bring it."""
    return written(tmp_path_factory.mktemp("lines"), 60, seed=3)


def _config(folder: Path, pictures: Path, minutes: float = 0.0) -> Path:
    folder.mkdir()
    path = folder / "run.toml"
    path.write_text(
        f"""
        [network]
        width = 0.25
        recurrent = [8]
        rank = 8
        [data]
        shards = 2
        batch = 4
        pool = 2
        folder = "{pictures}"
        [schedule]
        lines = {STEPS * 8}
        aligned = 0.6
        [run]
        folder = "{folder}"
        report_every = 1
        validate_every = 1000
        validate_lines = 5
        checkpoint_minutes = {minutes}
        """,
        encoding="utf-8",
    )
    return path


def _command(config: Path, processes: int = 1) -> list[str]:
    runner = [sys.executable]
    if processes > 1:
        runner += ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    return [*runner, "-m", "penjing", "train", str(config)]


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def _losses(folder: Path) -> list[float]:
    with (folder / "history.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["loss"]]
    assert [int(row["step"]) for row in rows] == list(range(1, STEPS + 1))
    return [float(row["loss"]) for row in rows]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> list[float]:
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    config = _config(folder, pictures)
    subprocess.run(_command(config), check=True, env=_environment(), capture_output=True)
    assert (folder / "weights.safetensors").exists()
    assert (folder / "curves.png").exists()
    return _losses(folder)


def test_five_kills_change_nothing(
    tmp_path: Path, pictures: Path, undisturbed: list[float]
) -> None:
    folder = tmp_path / "run"
    config = _config(folder, pictures)
    chance = random.Random(5)
    killed = 0
    while killed < 5:
        run = subprocess.Popen(
            _command(config), env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert run.stdout is not None
        line = b"?"
        for _ in range(chance.randint(1, 4)):  # that many steps further, then a moment more
            line = run.stdout.readline()
        time.sleep(chance.random() * 0.1)
        assert line, "the run ended before it was killed"
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
        killed += 1
    subprocess.run(_command(config), check=True, env=_environment(), capture_output=True)
    assert _losses(folder) == undisturbed


@pytest.mark.parametrize("processes", [1, 2])
def test_a_run_told_to_stop_keeps_the_step_under_way(
    tmp_path: Path, pictures: Path, undisturbed: list[float], processes: int
) -> None:
    folder = tmp_path / "run"
    config = _config(folder, pictures, minutes=60)
    command = [sys.executable, "-m", "penjing", "train", str(config), f"--processes={processes}"]
    run = subprocess.Popen(
        command, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert run.stdout is not None
    while "step 3/" not in (line := run.stdout.readline()):
        assert line, "the run ended before it was told to stop"
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate()
    assert run.returncode == 128 + signal.SIGINT
    assert said.count("stopping after this step") == 1
    assert "Traceback" not in said
    done = subprocess.run(
        command, check=True, env=_environment(), stdout=subprocess.PIPE, text=True
    ).stdout
    assert f"step 3/{STEPS}" not in done  # it went on
    assert _losses(folder) == (
        undisturbed if processes == 1 else pytest.approx(undisturbed, rel=2e-2)
    )


def test_two_processes_compute_what_one_does(
    tmp_path: Path, pictures: Path, undisturbed: list[float]
) -> None:
    folder = tmp_path / "run"
    config = _config(folder, pictures)
    done = subprocess.run(_command(config, 2), env=_environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert _losses(folder) == pytest.approx(undisturbed, rel=2e-2)
