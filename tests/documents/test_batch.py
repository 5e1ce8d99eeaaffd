"""Batches: killed at any moment they go on, read everything once, and lose nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import bands
import numpy as np
import papers
import pytest
from archive import command, fill, picture, results, text_of
from PIL import Image
from typer.testing import CliRunner

from penjing.cli import app
from penjing.documents.batch import Batch, Threads
from penjing.documents.batch_report import report
from penjing.documents.outcome import Outcome, worst
from penjing.documents.sources import collect, names
from penjing.documents.worker import Settings, Worker
from penjing.errors import MissingPicture, OutputError
from penjing.files import write_whole
from penjing.runtime.reader import ReadOptions


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    fill(folder)
    return folder


def progress(out: Path) -> int:
    return sum(len(inside) for _, _, inside in os.walk(out))


def test_three_kills_change_nothing(pages: Path, bands_model: Path, tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    run = [sys.executable, "-m", "penjing", *command(pages, killed, bands_model)]
    for _ in range(3):
        before = progress(killed)
        process = subprocess.Popen(run, stderr=subprocess.DEVNULL)
        while process.poll() is None and progress(killed) < before + 40:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL  # it was killed, and had not finished
        assert not (killed / "index.jsonl").exists()
    last = CliRunner().invoke(app, command(pages, killed, bands_model))
    assert last.exit_code == 1
    assert "broken.png: broken_picture" in last.stderr
    once = CliRunner().invoke(app, command(pages, whole, bands_model))
    assert once.exit_code == 1
    assert results(killed) == results(whole)
    assert not list((killed / ".penjing" / "unfinished").iterdir())
    rows = [json.loads(row) for row in (killed / "index.jsonl").read_text().splitlines()]
    read = [(row["name"], page["number"]) for row in rows for page in row["pages"]]
    assert len(read) == len(set(read)) == 200
    texts = (killed / "book-2.pdf.txt").read_text().split("\f")
    assert [text.strip() for text in texts] == [text_of(168 + n) for n in range(34)]
    report = (killed / "report.html").read_text()
    assert "broken_picture" in report
    assert report.count("data:image/jpeg") == 24


def run(paths: list[Path], out: Path, model: Path, *formats: str) -> list[Outcome]:
    settings = Settings(formats or ("text",), str(model), ReadOptions(line=True))
    outcomes = Batch(paths, out, Threads(Worker(out, settings))).run()
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


def test_what_was_before_comes_back(bands_model: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "in" / "x.png", tmp_path / "out"

    def text(content: str, *more: str) -> str:
        picture(file, content)
        done = CliRunner().invoke(app, command(file, out, bands_model, *more))
        assert done.exit_code == 0, done.output
        return (out / "x.png.txt").read_text()

    assert [text("abc"), text("cab"), text("abc")] == ["abc\n", "cab\n", "abc\n"]
    (out / "x.png.txt").write_text("what other settings read")
    assert text("abc", "--enhance", "stretch") == "abc\n"
    (out / "x.png.txt").write_text("what other settings read")
    assert text("abc") == "abc\n"


def test_folders_that_are_read_into_one_do_not_answer_for_each_other(
    bands_model: Path, tmp_path: Path
) -> None:
    one = picture(tmp_path / "one" / "x.png", "abc")
    two = picture(tmp_path / "two" / "x.png", "cab")
    for path, text in ((one, "abc"), (two, "cab"), (one, "abc"), (two, "cab")):
        [outcome] = run([path], tmp_path / "out", bands_model)
        assert (tmp_path / "out" / "x.png.txt").read_text() == f"{text}\n"
        assert not outcome.resumed
    assert run([two], tmp_path / "out", bands_model)[0].resumed


def test_a_run_that_was_killed_while_writing_leaves_nothing_to_believe(
    bands_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = picture(tmp_path / "in" / "x.png", "abc"), tmp_path / "out"
    run([file], out, bands_model)
    picture(file, "cab")

    def until_the_disk_is_full(path: Path, *rest: Any, **more: Any) -> None:
        if path == out / "x.png.json":
            raise OutputError(f"cannot write {path}: no space left")
        write_whole(path, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr("penjing.documents.outputs.write_whole", until_the_disk_is_full)
        with pytest.raises(OutputError):
            run([file], out, bands_model, "text", "json")
    assert (out / "x.png.txt").read_text() == "cab\n"
    picture(file, "abc")
    assert not run([file], out, bands_model)[0].resumed
    assert (out / "x.png.txt").read_text() == "abc\n"


def test_results_beside_the_pictures(
    bands_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "a.png", "abc")
    picture(tmp_path / "deep" / "b.png", "cab")
    (tmp_path / "c.pdf").write_bytes(papers.strips("abc", "cab"))
    (tmp_path / "notes.txt").write_text("of another")
    forms = [word for form in ("text", "png", "pdf") for word in ("--format", form)]
    for formats in (forms, ["--format", "text"], forms):
        for source in (tmp_path, "**/*.p*", "."):
            done = CliRunner().invoke(app, command(source, tmp_path, bands_model, *formats))
            assert done.exit_code == 0, done.output
            assert done.stdout.startswith("3 documents, 4 pages, 0 failures")
        assert "1 file of other kinds left out: 1 .txt" in done.stderr
    assert (tmp_path / "deep" / "b.png.txt").read_text() == "cab\n"
    done = CliRunner().invoke(app, command("a.png", tmp_path, bands_model))
    assert done.stdout.startswith("1 document, 1 page, 0 failures")


def test_an_output_does_not_overwrite_what_is_to_be_read(bands_model: Path, tmp_path: Path) -> None:
    picture(tmp_path / "a.png", "abc")
    mine = picture(tmp_path / "a.png.png", "cab")
    before = mine.read_bytes()
    here = command(tmp_path, tmp_path, bands_model)
    done = CliRunner().invoke(app, [*here, "--format", "png"])
    assert done.exit_code == 1
    assert "the results of 'a.png' would overwrite 'a.png.png'" in done.stderr
    done = CliRunner().invoke(app, here)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a.png.png.txt").read_text() == "cab\n"
    assert mine.read_bytes() == before


def test_an_archive_beside_its_results_costs_only_itself(bands_model: Path, tmp_path: Path) -> None:
    loose = picture(tmp_path / "in" / "a.png", "abc")
    with zipfile.ZipFile(tmp_path / "in" / "box.zip", "w") as box:
        box.write(picture(tmp_path / "b.png", "cab"), "b.png")
        box.write(picture(tmp_path / "c.png", "cba"), "deep/c.png")
    done = CliRunner().invoke(app, command(loose.parent, loose.parent, bands_model))
    assert done.exit_code == 1
    assert "box.zip/b.png: output: cannot write" in done.stderr
    assert (loose.parent / "a.png.txt").read_text() == "abc\n"


def test_repetitions_are_spoken_of(bands_model: Path, tmp_path: Path) -> None:
    first = picture(tmp_path / "in" / "a.png", "abc")
    shutil.copy(first, first.with_name("b.png"))
    done = CliRunner().invoke(app, command(first.parent, tmp_path / "out", bands_model))
    assert "penjing: 1 document the same as others, named in index.jsonl\n" in done.stderr
    assert not (tmp_path / "out" / "b.png.txt").exists()


def test_pages_are_read_and_drawn_as_enhanced(bands_model: Path, tmp_path: Path) -> None:
    faint = tmp_path / "faint.png"
    Image.fromarray((bands.draw("abcabc", scale=2) // 16 + 100).astype(np.uint8)).save(faint)
    plain = command(faint, tmp_path / "out", bands_model, "--format", "text", "--format", "png")
    CliRunner().invoke(app, plain)
    before = np.array(Image.open(tmp_path / "out" / "faint.png.png").convert("L"))
    CliRunner().invoke(app, [*plain, "--enhance", "stretch"])  # in the same folder: read anew
    assert (tmp_path / "out" / "faint.png.txt").read_text() == "abcabc\n"
    after = np.array(Image.open(tmp_path / "out" / "faint.png.png").convert("L"))
    assert (np.median(before[:, :100]), np.median(after[:, :100])) == (115, 255)
    assert CliRunner().invoke(app, [*plain, "--enhance", "sharpen"]).exit_code == 1


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


def test_files_of_other_kinds_are_counted(bands_model: Path, tmp_path: Path) -> None:
    good = picture(tmp_path / "in" / "good.png", "abc")
    (good.parent / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic")
    for name in ("notes.txt", "letter.docx", "more.txt"):
        (good.parent / name).write_text("no picture")
    done = CliRunner().invoke(app, command(good.parent, tmp_path / "out", bands_model))
    assert done.exit_code == 1
    assert "penjing: photo.heic: unsupported_format: " in done.stderr
    assert "penjing: 3 files of other kinds left out: 2 .txt, 1 .docx\n" in done.stderr
    assert done.stdout.startswith("2 documents, 1 page, 1 failure: ")
    assert "<td>2 .txt, 1 .docx</td>" in (tmp_path / "out" / "report.html").read_text()


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


def test_a_zip_file_is_a_folder(bands_model: Path, tmp_path: Path) -> None:
    pictures = [picture(tmp_path / "loose" / f"{k}.png", text_of(k)) for k in range(3)]
    packed = tmp_path / "in" / "scans.zip"
    packed.parent.mkdir()
    with zipfile.ZipFile(packed, "w") as scans:
        scans.write(pictures[0], "deep/0.png")
        scans.write(pictures[1], "../../outside.png")
        scans.writestr("notes.txt", "no picture")
        scans.writestr("book.pdf", papers.strips("abc", "cab"))
    shutil.copy(pictures[0], packed.parent / "again.png")
    (packed.parent / "broken.zip").write_bytes(packed.read_bytes()[:-30])
    out = tmp_path / "in" / "out"
    found = collect([str(packed.parent)], out=out)
    outcomes = {outcome.name: outcome for outcome in run(found, out, bands_model)}
    assert sorted(outcomes) == [
        "again.png", "broken.zip", "scans.zip/book.pdf", "scans.zip/deep/0.png",
        "scans.zip/outside.png",
    ]  # fmt: skip
    assert outcomes["broken.zip"].failures[0].code == "broken_archive"
    assert outcomes["scans.zip/deep/0.png"].same_as == "again.png"
    assert (out / "scans.zip/outside.png.txt").read_text() == text_of(1) + "\n"
    assert (out / "scans.zip/book.pdf.txt").read_text() == "abc\n\fcab\n"
    thumbnails = report(
        list(outcomes.values()), {name: path for path, name in names(found).items()}
    )
    assert thumbnails.count(b"data:image/jpeg") == 4
    resumed = [outcome.name for outcome in run(found, out, bands_model) if outcome.resumed]
    assert resumed == ["again.png", "scans.zip/book.pdf", "scans.zip/outside.png"]


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "PNG", "WEBP"])
def test_pages_of_a_picture_file(bands_model: Path, tmp_path: Path, kind: str) -> None:
    texts = ("abc", "cab", "bca")
    first, *others = (Image.fromarray(bands.draw(text, scale=2)) for text in texts)
    file = tmp_path / f"stack.{kind.lower()}"
    first.save(file, kind, save_all=True, append_images=others)
    [outcome] = run([file], tmp_path / "out", bands_model)
    assert [page.number for page in outcome.pages] == [1, 2, 3]
    assert (tmp_path / "out" / f"{file.name}.txt").read_text() == "\f".join(
        f"{text}\n" for text in texts
    )


def test_a_name_too_long_for_its_results_costs_only_itself(
    bands_model: Path, tmp_path: Path
) -> None:
    long = picture(tmp_path / "in" / f"{'a' * 251}.png", "abc")
    short = picture(tmp_path / "in" / "b.png", "abcc")
    first, second = run([long, short], tmp_path / "out", bands_model)
    assert [failure.code for failure in first.failures] == ["output"]
    assert second.outputs == ("b.png.txt",)


def test_a_folder_in_the_place_of_a_result_costs_only_itself(
    bands_model: Path, tmp_path: Path
) -> None:
    pictures = [picture(tmp_path / "in" / f"{name}.png", "abc" + name) for name in "ab"]
    (tmp_path / "out" / "a.png.txt").mkdir(parents=True)
    first, second = run(pictures, tmp_path / "out", bands_model)
    assert [failure.code for failure in first.failures] == ["output"]
    assert second.outputs == ("b.png.txt",)


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
