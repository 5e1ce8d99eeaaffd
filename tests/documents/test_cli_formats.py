"""``penjing read`` with documents in and every format out, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import bands
import papers
import pytest
from PIL import Image
from pypdf import PdfReader
from typer.testing import CliRunner

from penjing.cli import app


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "line.png"
    Image.fromarray(bands.draw("ab ca", scale=2)).save(file)
    return file


def read(model: Path, *arguments: object, stdin: bytes = b""):
    command = ["read", "--line", "--model", model, *arguments]
    return CliRunner().invoke(app, [str(argument) for argument in command], input=stdin)


BEGINNINGS = {
    "text": b"ab ca\n", "json": b'{"file": ', "md": b"ab ca", "tsv": b"level\t", "hocr": b"<?xml",
    "alto": b"<?xml", "page": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG",
}  # fmt: skip


@pytest.mark.parametrize("form", BEGINNINGS)
def test_every_format_to_a_file_and_to_stdout(bands_model: Path, picture: Path, form: str) -> None:
    out = picture.parent / "out"
    done = read(bands_model, picture, "--format", form, "--out", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.read_bytes().startswith(BEGINNINGS[form])
    assert sorted(file.name for file in picture.parent.iterdir()) == ["line.png", "out"]
    direct = read(bands_model, picture, "--format", form)
    if form in ("pdf", "png"):
        assert (direct.exit_code, direct.stderr[:17]) == (1, "penjing: config: ")
    elif form != "page" and form != "json":  # which hold a date and timings
        assert direct.stdout.encode() == out.read_bytes()


def test_what_a_scan_says_of_its_resolution_is_passed_on(bands_model: Path, tmp_path: Path) -> None:
    scan = tmp_path / "scan.tif"
    Image.fromarray(bands.draw("ab ca", scale=2)).save(scan, dpi=(300, 300))
    width = Image.open(scan).width
    out = tmp_path / "out.pdf"
    assert read(bands_model, scan, "--format", "pdf", "--out", out).exit_code == 0
    assert float(PdfReader(out).pages[0].mediabox.width) == pytest.approx(
        width * 72 / 300, abs=0.01
    )
    assert "; scan_res 300 300" in read(bands_model, scan, "--format", "hocr").stdout


def test_enhancements_are_asked_for_by_name(bands_model: Path, picture: Path) -> None:
    done = read(bands_model, picture, "--enhance", "auto")
    assert (done.exit_code, done.stdout) == (0, "ab ca\n")
    wrong = read(bands_model, picture, "--enhance", "sharpen")
    assert wrong.exit_code == 1
    assert "no enhancement 'sharpen'; there are: clahe, binarise, deskew" in wrong.stderr


def test_pages_of_a_pdf_are_chosen(bands_model: Path, tmp_path: Path) -> None:
    file = tmp_path / "typed.pdf"
    file.write_bytes(papers.scanned("abc", "bca", "cab"))
    done = read(bands_model, file, "--pages", "3,1", "--format", "json")
    assert [json.loads(row)["number"] for row in done.stdout.splitlines()] == [3, 1]
    wrong = read(bands_model, file, "--pages", "4")
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert "page_range: '4' is no range within pages 1 to 3" in wrong.stderr


def test_a_pdf_from_stdin_with_its_own_text(bands_model: Path) -> None:
    document = papers.typed(papers.say("Hello there", 40, 100))
    done = CliRunner().invoke(app, ["read", "-", "--model", str(bands_model)], input=document)
    assert (done.exit_code, done.stdout) == (0, "Hello there\n")
    assert "own text was taken" in done.stderr


def test_nothing_is_overwritten_when_nothing_was_read(bands_model: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept.pdf"
    out.write_text("as it was")
    done = read(bands_model, tmp_path / "none.png", "--format", "pdf", "--out", out)
    assert done.exit_code == 1
    assert out.read_text() == "as it was"


def test_a_page_that_fails_costs_only_itself(
    bands_model: Path, picture: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 and then nothing")
    done = read(bands_model, broken, picture)
    assert done.exit_code == 1
    assert "broken_picture: the PDF is damaged" in done.stderr
    assert "ab ca" in done.stdout
