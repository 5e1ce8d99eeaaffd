"""``penjing read``, ``eval`` and ``models``, as a user runs them."""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import bands
import cv2
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from penjing import __version__
from penjing.cli import app


@pytest.fixture
def line_file(tmp_path: Path) -> Path:
    file = tmp_path / "line.png"
    Image.fromarray(bands.draw("ab ca", scale=2)).save(file)
    return file


def penjing(*arguments: object, stdin: bytes = b""):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def test_text_of_one_and_of_several(bands_model: Path, line_file: Path) -> None:
    one = penjing("read", line_file, "--line", "--model", bands_model)
    assert (one.exit_code, one.stdout) == (0, "ab ca\n")
    two = penjing("read", line_file, line_file, "--line", "--model", bands_model)
    assert two.stdout == f"# {line_file}\nab ca\n\n" * 2


def test_stdin_and_json(bands_model: Path, line_file: Path) -> None:
    done = penjing(
        "read", "-", "--line", "--format", "json", "--model", bands_model,
        stdin=line_file.read_bytes(),
    )  # fmt: skip
    page = json.loads(done.stdout)
    assert page["text"] == "ab ca"
    assert (page["file"], page["route"], page["model"]) == ("-", "line", "bands")
    assert [word["text"] for word in page["lines"][0]["words"]] == ["ab", "ca"]


def test_a_page_with_the_real_detector_is_drawn(bands_model: Path, tmp_path: Path) -> None:
    page = np.full((300, 500), 250, np.uint8)
    cv2.putText(page, "Some words", (50, 150), 0, 1.5, 10, 3, cv2.LINE_AA)
    Image.fromarray(page).save(tmp_path / "page.png")
    out = tmp_path / "drawn.png"
    done = penjing("read", tmp_path / "page.png", "--draw", out, "--model", bands_model)
    assert done.exit_code == 0
    assert Image.open(io.BytesIO(out.read_bytes())).size == (1000, 300)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["drawn.png", "page.png"]


def test_errors_go_to_stderr_with_status_1(bands_model: Path, line_file: Path) -> None:
    missing = penjing("read", "nowhere.png", line_file, "--line", "--model", bands_model)
    assert missing.exit_code == 1
    assert missing.stderr.startswith("penjing: nowhere.png: missing_picture: cannot open")
    assert "ab ca" in missing.stdout
    assert penjing("read", line_file, "--model", "no-such").stderr.startswith("penjing: weights: ")
    many = penjing("read", line_file, line_file, "--draw", "x.png", "--model", bands_model)
    assert (many.exit_code, many.stderr[:17]) == (1, "penjing: config: ")


def test_no_input_is_overwritten(bands_model: Path, line_file: Path) -> None:
    before = line_file.read_bytes()
    (line_file.parent / "link.png").symlink_to(line_file)
    seen = line_file.parent / "seen.png"
    for options, told in (
        (["--draw", line_file], "--draw"),
        (["--draw", line_file.parent / "." / "line.png"], "--draw"),
        (["--out", line_file.parent / "link.png"], "--out"),
        (["--out", seen, "--draw", seen], "--out"),
        (["--draw", seen.with_suffix(".jpg")], "must end in .png"),
    ):
        done = penjing("read", line_file, "--line", "--model", bands_model, *options)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("penjing: config: ")
        assert told in done.stderr
    assert line_file.read_bytes() == before
    assert sorted(file.name for file in line_file.parent.iterdir()) == ["line.png", "link.png"]


def test_of_several_pages_one_is_drawn(bands_model: Path, tmp_path: Path) -> None:
    first, second = (Image.fromarray(bands.draw(text, scale=2)) for text in ("abc", "cab"))
    first.save(tmp_path / "two.tif", save_all=True, append_images=[second])
    read = ["read", tmp_path / "two.tif", "--line", "--model", bands_model]
    draw = ["--draw", tmp_path / "seen.png"]
    warning = "penjing: warning: only the first page is drawn; choose another with --pages\n"
    assert penjing(*read, *draw).stderr == warning
    assert penjing(*read, *draw, "--pages", "2").stderr == ""


def test_a_server_chooses_its_own_model(line_file: Path) -> None:
    for option in (["--model", "tiny"], ["--threads", "1"]):
        done = penjing("read", line_file, "--server", "http://127.0.0.1:9", *option)
        assert (done.exit_code, done.stderr[:17]) == (1, "penjing: config: ")
        assert "--model and --threads" in done.stderr


def test_what_cannot_be_read_says_what_can(bands_model: Path, tmp_path: Path) -> None:
    folder = penjing("read", tmp_path, "--model", bands_model)
    assert folder.exit_code == 1
    assert "missing_picture: it is a folder; penjing batch reads folders" in folder.stderr
    words = penjing("read", "-", "--model", bands_model, stdin=b"no picture")
    assert "TIFF, or of a PDF" in words.stderr


def test_the_version() -> None:
    done = penjing("--version")
    assert (done.exit_code, done.stdout) == (0, f"penjing {__version__}\n")


def labelled(folder: Path, rows: list[tuple[str, str, str, str, str]]) -> None:
    lines = ["image\ttext\tkind\tlanguage\torientation"]
    for k, (drawn, label, kind, language, orientation) in enumerate(rows):
        Image.fromarray(bands.draw(drawn)).save(folder / f"{k}.png")
        lines.append(f"{k}.png\t{label}\t{kind}\t{language}\t{orientation}")
    (folder / "labels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_eval_of_lines(bands_model: Path, tmp_path: Path) -> None:
    labelled(
        tmp_path,
        [
            ("ab ca", "AB  ca", "receipt", "en", "h"),
            ("abca", "ａbcb", "receipt", "zh", "h"),
            ("cc", "cc", "ticket", "zh", "h"),
            ("cc", "aa", "ticket", "zh", "rot90"),
        ],
    )
    done = penjing("eval", tmp_path, "--model", bands_model, "--json", "-")
    assert "left out: 1 of 'rot90'" in done.stderr
    report = json.loads(done.stdout)
    assert list(report)[:3] == ["model", "lines", "exact"]
    assert (report["lines"], report["exact"], report["threads"]) == (3, 0.6667, 1)
    assert report["char_accuracy"] == 0.9
    assert report["ms_per_line"]["median"] > 0
    assert report["kinds"]["receipt"]["lines"] == 2
    assert report["kinds"]["receipt"]["exact"] == 0.5
    assert report["kinds"]["receipt"]["char_accuracy"] == 0.875
    assert report["kinds"]["receipt"]["languages"]["en"]["space_f1"] == 1.0
    everything = tmp_path / "all.json"
    penjing(
        "eval", tmp_path, "--model", bands_model, "--orientation", "rot90", "--json", everything
    )
    assert json.loads(everything.read_text())["lines"] == 4
    unknown = penjing("eval", tmp_path, "--model", bands_model, "--orientation", "rot")
    assert unknown.exit_code == 1
    assert "data: no row has the orientation 'rot'; there are: h, rot90" in unknown.stderr
    assert "receipt" in penjing("eval", tmp_path, "--model", bands_model).stdout


def test_eval_of_pages(bands_model: Path, tmp_path: Path) -> None:
    for name, complete in (("whole", True), ("part", False)):
        Image.fromarray(bands.draw("abcabcabcabc")).save(tmp_path / f"{name}.png")
        points = [[0, 0], [300, 0], [300, 32], [0, 32]]
        lines = [{"points": points, "text": "abc abc abc ABC"}]
        if complete:
            lines.append({"points": [[0, 90], [9, 90], [9, 99], [0, 99]], "text": "not there"})
        (tmp_path / f"{name}.json").write_text(json.dumps({"complete": complete, "lines": lines}))
    report = json.loads(
        penjing("eval", tmp_path, "--pages", "--model", bands_model, "--json", "-").stdout
    )
    whole = report["complete"]
    assert (whole["precision"], whole["recall"], whole["f1"]) == (1.0, 0.5, 0.6667)
    assert report["partial"]["recall"] == 1.0


def test_eval_says_what_is_missing(bands_model: Path, tmp_path: Path) -> None:
    done = penjing("eval", tmp_path, "--model", bands_model)
    assert done.exit_code == 1
    assert "labels.tsv is missing" in done.stderr
    assert "--pages" not in done.stderr
    for name in ("page.json", "page.png"):
        (tmp_path / name).touch()
    done = penjing("eval", tmp_path, "--model", bands_model)
    assert "labels.tsv is missing" in done.stderr
    assert "(for whole pages: --pages)" in done.stderr


def test_outputs_that_cannot_be_written_are_refused_before_reading(
    bands_model: Path, line_file: Path
) -> None:
    read = ["read", "missing.png", line_file, "--line", "--model", bands_model]
    for option, place in (("--draw", line_file / "out.png"), ("--out", line_file.parent)):
        one = read[:1] + read[2:] if option == "--draw" else read
        done = penjing(*one, option, place)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"penjing: output: cannot write {str(place)!r}"), done.stderr


def test_the_folder_of_an_output_is_made(bands_model: Path, line_file: Path) -> None:
    place = line_file.parent / "new" / "out.txt"
    done = penjing("read", line_file, "--line", "--model", bands_model, "--out", place)
    assert (done.exit_code, place.read_text()) == (0, "ab ca\n")


def test_a_name_that_is_not_utf_8_is_printed_with_its_bytes(
    bands_model: Path, line_file: Path
) -> None:
    odd = os.fsencode(line_file.parent) + b"/\xb2\xe2.png"
    try:
        os.rename(line_file, odd)
    except OSError:
        pytest.skip("names must be UTF-8 here")
    run = [sys.executable, "-m", "penjing", "read", "--line", "--model", bands_model]
    shown = f"{line_file.parent}/\\xb2\\xe2.png"
    both = subprocess.run([*run, odd, odd], capture_output=True, check=True)
    assert both.stdout.decode() == f"# {shown}\nab ca\n\n" * 2
    form = subprocess.run([*run, odd, "--format", "json"], capture_output=True, check=True)
    assert json.loads(form.stdout)["file"] == shown
    missing = subprocess.run([*run, odd + b".jpg"], capture_output=True)
    assert missing.stderr.decode().startswith(f"penjing: {shown}.jpg: missing_picture: ")


def test_models_lists_what_ships() -> None:
    from penjing.runtime.weights import shipped

    done = penjing("models")
    assert done.exit_code == 0
    assert all(name in done.stdout for name in shipped())


@pytest.mark.parametrize("command", [["-c", "import penjing"], ["-m", "penjing", "--help"]])
def test_starting_is_quick(command: list[str]) -> None:
    """Processor time beside that of the command line's library, so that no machine fails it."""

    def seconds(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    taken = [(seconds(*command), seconds("-c", "import typer")) for _ in range(3)]
    assert min(own / library for own, library in taken) < 4
