"""Batches: killed at any moment they go on, read everything once, and lose nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import bands
import numpy as np
import papers
import pytest
from PIL import Image
from typer.testing import CliRunner

from penjing import Reader
from penjing.cli import app
from penjing.documents.batch import Batch, Outcome, Settings, worst
from penjing.documents.sources import collect, names
from penjing.errors import MissingPicture, OutputError


def picture(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(bands.draw(text, scale=2)).save(file)
    return file


def text_of(number: int) -> str:
    return "".join("abc"[number // 3**k % 3] for k in range(6))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 pages: 98 pictures and 3 PDFs with 34 scans each; one broken file, one repetition."""
    folder = tmp_path_factory.mktemp("archive")
    for k in range(98):
        picture(folder / "pictures" / f"{k:03}.png", text_of(k))
    for k in range(3):
        texts = [text_of(100 + 34 * k + n) for n in range(34)]
        (folder / f"book-{k}.pdf").write_bytes(papers.strips(*texts))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    shutil.copy(folder / "pictures" / "007.png", folder / "pictures" / "again.png")
    return folder


def command(source: object, out: Path, model: Path, *more: object) -> list[str]:
    words = ["batch", source, "--out", out, "--model", model, "--line", "--workers", 1, *more]
    return [str(word) for word in words]


def results(out: Path) -> dict[str, bytes]:
    """Everything a user sees, by name."""
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and ".penjing" not in file.parts
    }


def progress(out: Path) -> int:
    return sum(len(inside) for _, _, inside in os.walk(out))


def test_three_kills_change_nothing(archive: Path, bands_model: Path, tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    run = [sys.executable, "-m", "penjing", *command(archive, killed, bands_model)]
    for _ in range(3):
        before = progress(killed)
        process = subprocess.Popen(run, stderr=subprocess.DEVNULL)
        while process.poll() is None and progress(killed) < before + 40:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL  # it was killed, and had not finished
        assert not (killed / "index.jsonl").exists()
    last = CliRunner().invoke(app, command(archive, killed, bands_model))
    assert last.exit_code == 1
    assert "broken.png: broken_picture" in last.stderr
    once = CliRunner().invoke(app, command(archive, whole, bands_model))
    assert once.exit_code == 1
    assert results(killed) == results(whole)
    assert not list((killed / ".penjing" / "unfinished").iterdir())
    rows = [json.loads(row) for row in (killed / "index.jsonl").read_text().splitlines()]
    pages = [(row["name"], page["number"]) for row in rows for page in row["pages"]]
    assert len(pages) == len(set(pages)) == 200
    texts = (killed / "book-2.pdf.txt").read_text().split("\f")
    assert [text.strip() for text in texts] == [text_of(168 + n) for n in range(34)]
    report = (killed / "report.html").read_text()
    assert "broken_picture" in report
    assert report.count("data:image/jpeg") == 24


def run(paths: list[Path], out: Path, model: Path, *formats: str) -> list[Outcome]:
    settings = Settings(formats or ("text",), str(model), line=True)
    outcomes = Batch(paths, out, Reader(model, 1, None), settings).run()
    return sorted(outcomes, key=lambda outcome: outcome.name)


def test_a_second_run_reads_nothing_and_a_lost_output_is_written_again(
    bands_model: Path, tmp_path: Path
) -> None:
    paths = [picture(tmp_path / "in" / f"{k}.png", text_of(k)) for k in range(3)]
    out = tmp_path / "out"
    assert not any(outcome.resumed for outcome in run(paths, out, bands_model))
    assert all(outcome.resumed for outcome in run(paths, out, bands_model))
    (out / "1.png.txt").unlink()
    assert [outcome.resumed for outcome in run(paths, out, bands_model)] == [True, False, True]
    assert (out / "1.png.txt").read_text() == text_of(1) + "\n"
    picture(paths[2], "ccc")
    assert [outcome.resumed for outcome in run(paths, out, bands_model)] == [True, True, False]
    assert (out / "2.png.txt").read_text() == "ccc\n"
    assert not any(outcome.resumed for outcome in run(paths, out, bands_model, "text", "hocr"))


def test_equal_contents_are_read_once(bands_model: Path, tmp_path: Path) -> None:
    first = picture(tmp_path / "in" / "a.png", "abc")
    second = tmp_path / "in" / "deep" / "b.png"
    second.parent.mkdir()
    shutil.copy(first, second)
    outcomes = run([first, second], tmp_path / "out", bands_model)
    assert {outcome.name: outcome.same_as for outcome in outcomes} == {
        "a.png": None, "deep/b.png": "a.png",
    }  # fmt: skip


def test_every_format_of_a_document(bands_model: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.pdf"
    book.write_bytes(papers.strips("abc", "cab"))
    forms = ("text", "json", "md", "tsv", "hocr", "alto", "page", "pdf", "png")
    run([book], tmp_path / "out", bands_model, *forms)
    assert sorted(results(tmp_path / "out")) == sorted(
        [f"book.pdf{end}" for end in (".txt", ".json", ".md", ".tsv", ".hocr", ".alto.xml", ".pdf")]
        + [f"book.pdf.000{k}{end}" for k in (1, 2) for end in (".page.xml", ".png")]
        + ["index.jsonl"]
    )


def test_failures_have_causes_and_cost_only_themselves(bands_model: Path, tmp_path: Path) -> None:
    good = picture(tmp_path / "in" / "good.png", "abc")
    locked = tmp_path / "in" / "locked.pdf"
    locked.write_bytes(papers.locked(papers.strips("abc"), "secret"))
    missing = tmp_path / "in" / "missing.png"
    outcomes = {o.name: o for o in run([locked, missing, good], tmp_path / "out", bands_model)}
    assert outcomes["locked.pdf"].failures[0].code == "encrypted_pdf"
    assert outcomes["missing.png"].failures[0].code == "missing_picture"
    assert outcomes["good.png"].outputs == ("good.png.txt",)


def test_a_folder_that_cannot_be_written_ends_the_run(bands_model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        run([picture(tmp_path / "a.png", "a")], tmp_path / "file", bands_model)


def test_an_unknown_format_is_named(bands_model: Path, tmp_path: Path) -> None:
    file = picture(tmp_path / "a.png", "a")
    wrong = command(file, tmp_path / "out", bands_model, "--format", "docx")
    done = CliRunner().invoke(app, wrong)
    assert done.exit_code == 1
    assert "config: no format 'docx'; there are: text, json" in done.stderr


def test_the_worst_pages_come_first(bands_model: Path, tmp_path: Path) -> None:
    clear = picture(tmp_path / "clear.png", "abcabc")
    faint = tmp_path / "faint.png"
    Image.fromarray((bands.draw("abcabc") // 2.2 + 100).astype(np.uint8)).save(faint)
    outcomes = run([clear, faint], tmp_path / "out", bands_model)
    assert [outcome.name for outcome, _ in worst(outcomes)] == ["faint.png", "clear.png"]


def test_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.png", "a.JPG", "deep/c.pdf", "notes.txt", "out/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "list.txt").write_text("\ufeffdeep\n\nnotes.txt\nmissing.png\n", encoding="utf-8")
    outside = tmp_path / "out"

    def found(*sources: str) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in collect(sources, outside)]

    assert found(".") == ["a.JPG", "b.png", "deep/c.pdf"]
    assert found("**/*.p*", "b.png") == ["b.png", "deep/c.pdf"]
    assert found("@list.txt", "deep/c.pdf") == ["deep/c.pdf", "notes.txt", "missing.png"]
    for nothing in ("none", "*.gif", "@none.txt"):
        with pytest.raises(MissingPicture):
            found(nothing)
    assert list(names(collect(["deep", "b.png"], outside)).values()) == ["deep/c.pdf", "b.png"]
