"""The second half of docs/train-your-own.md does as written, from pictures to a pruned reader."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from penjing.runtime.weights import describe

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LABEL = "SP25-361429 Ø20"  # of the picture that is read in the end
TEN_MINUTES = 600.0  # on two cores
SHRUNK = {
    "serials 500": "serials 30",
    "unseen 100 500": "unseen 4 500",
    "lines = 4_000": "lines = 64",
    "validate_lines = 50": "validate_lines = 3",
}


@dataclass(frozen=True)
class Followed:
    """Where the document was followed, what its last read printed, CPU seconds of it all."""

    folder: Path
    read: str
    seconds: float

    def figures(self, model: str) -> dict[str, float]:
        command = ["eval", "unseen", "--model", model, "--json", "-"]
        done = _run([sys.executable, "-m", "penjing", *command], self.folder)
        return json.loads(done)  # type: ignore[no-any-return]


def instructions() -> str:
    text = (ROOT / "docs" / "train-your-own.md").read_text(encoding="utf-8")
    return text[text.index("## From your own pictures") :]


def follow(folder: Path, text: str) -> Followed:
    """Write the text's files and run its commands in ``folder``, one block after another."""
    for name in ("examples", "weights"):
        (folder / name).symlink_to(ROOT / name)
    before = _cpu_seconds()
    read = ""
    for language, code in FENCE.findall(text):
        if language == "toml":
            name = code.split()[1]
            (folder / name).write_text(code, encoding="utf-8")
        elif language == "sh":
            read = _run(["bash", "-euo", "pipefail", "-c", code], folder)
        elif language == "python":
            assert _run([sys.executable, "-c", code], folder).strip() == read.strip()
    return Followed(folder, read.strip(), _cpu_seconds() - before)


def _run(command: list[str], folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _cpu_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def test_fine_tuning_works_on_a_few_pictures(tmp_path: Path) -> None:
    text = instructions()
    text = text[: text.index("**Pruning.**")]
    for old, new in SHRUNK.items():
        assert old in text
        text = text.replace(old, new)
    followed = follow(tmp_path, text)
    shipped = followed.figures("default")
    tuned = followed.figures("serials.onnx")
    assert tuned["char_accuracy"] > shipped["char_accuracy"] - 0.2  # two steps unlearn little
    characters = describe(tmp_path / "serials.onnx").characters
    labels = (tmp_path / "serials" / "labels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert characters == len({c for row in labels for c in row.split("\t")[1]})
    assert "What is read wrongly" in (tmp_path / "errors.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_five_hundred_pictures_are_learnt_in_ten_minutes(tmp_path: Path) -> None:
    followed = follow(tmp_path, instructions())
    models = ("default", "serials.onnx", "small.onnx")
    shipped, whole, small = (followed.figures(model) for model in models)
    print(f"{followed.seconds:.0f} CPU seconds", (tmp_path / "compare.md").read_text())
    assert shipped["exact"] == 0.0  # Ø is in every label
    assert whole["exact"] >= 0.9
    assert small["exact"] >= 0.85
    assert describe(tmp_path / "small.onnx").bytes < describe(tmp_path / "serials.onnx").bytes
    assert Levenshtein.distance(followed.read, LABEL) <= 1
    assert followed.seconds < 2 * TEN_MINUTES
