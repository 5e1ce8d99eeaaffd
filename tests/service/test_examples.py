"""The examples of docs/service.md do as written; only the server's address is put in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from serving import pdf, png

DOCUMENT = Path(__file__).parents[2] / "docs" / "service.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:8868"
PICTURE_TEXT = "abcabcab"
# So long that a page is a strip and read as one line: no detector knows bars for text.
PDF_TEXTS = [f"{'abc'[k % 3]}cabcabcabc" for k in range(7)]


def examples(language: str) -> list[str]:
    """Those that talk to the server, in the document's order."""
    blocks = [code for name, code in FENCE.findall(DOCUMENT.read_text()) if name == language]
    return [code for code in blocks if ADDRESS in code and "penjing serve" not in code]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the files that the examples name."""
    (tmp_path / "page.png").write_bytes(png(PICTURE_TEXT))
    (tmp_path / "report.pdf").write_bytes(pdf(*PDF_TEXTS))
    return tmp_path


def run(command: list[str], code: str, client: httpx.Client, folder: Path) -> list[str]:
    """The lines that an example prints."""
    code = code.replace(ADDRESS, str(client.base_url).rstrip("/"))
    done = subprocess.run(
        command, input=code, cwd=folder, capture_output=True, text=True, timeout=250
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl(client: httpx.Client, folder: Path) -> None:
    files, as_json = examples("sh")
    text, page, document = map(json.loads, run(["sh", "-eu"], files, client, folder))
    assert text == {"text": PICTURE_TEXT}
    assert page["text"] == PICTURE_TEXT
    chosen = [PDF_TEXTS[k - 1] for k in (1, 2, 3, 7)]
    assert [page["text"] for page in document["pages"]] == chosen
    (answer,) = map(json.loads, run(["sh", "-eu"], as_json, client, folder))
    assert answer["lines"][0]["text"] == PICTURE_TEXT


def test_python(client: httpx.Client, folder: Path) -> None:
    (code,) = examples("python")
    printed = run([sys.executable, "-"], code, client, folder)
    assert printed[0] == PICTURE_TEXT
    assert [line.split()[-1] for line in printed[1:]] == PDF_TEXTS[:3]


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_javascript(client: httpx.Client, folder: Path) -> None:
    (code,) = examples("js")
    printed = run(["node", "--input-type=module", "-"], code, client, folder)
    assert printed[0] == PICTURE_TEXT
    assert printed[1].split()[-1] == PICTURE_TEXT


def test_the_command_line(client: httpx.Client, folder: Path) -> None:
    (command,) = re.findall(r"`(penjing read --server .*?)`", DOCUMENT.read_text())
    module = f"{sys.executable} -m {command}"
    assert run(["sh", "-eu"], module, client, folder) == [PICTURE_TEXT]
