"""What deploy/ says can be carried out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from serving import serving

DEPLOY = Path(__file__).parents[2] / "deploy"


def instruction(name: str) -> str:
    """The arguments of a container file's instruction, its lines joined."""
    joined = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)[-1]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "penjing.service").read_text()
    assert "ExecStart=/opt/penjing/bin/penjing serve" in unit
    here = tmp_path / "penjing.service"
    here.write_text(unit.replace("/opt/penjing/bin/penjing", "/bin/true"))
    verify = ["systemd-analyze", "verify", "--man=no", here]
    done = subprocess.run(verify, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_containers_command_is_one_of_ours() -> None:
    program, *arguments = json.loads(instruction("CMD"))
    assert program == "penjing"
    help_text = subprocess.run(
        [sys.executable, "-m", "penjing", *arguments, "--help"], capture_output=True, text=True
    )
    assert help_text.returncode == 0, help_text.stderr


def test_the_containers_health_check_tells_ready_from_not(bands_model: Path) -> None:
    check = json.loads(instruction("HEALTHCHECK").partition(" CMD ")[2])
    assert check[0] == "python"
    with serving(bands_model) as (client, engine):
        code = check[2].replace("127.0.0.1:8868", f"127.0.0.1:{client.base_url.port}")
        code = code.replace("timeout=2", "timeout=60")
        check = [sys.executable, "-c", code]
        assert subprocess.run(check).returncode == 0
        engine.ready = False
        assert subprocess.run(check, stderr=subprocess.DEVNULL).returncode == 1
