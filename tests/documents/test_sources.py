"""Results of a batch stay in their folder, under names that can be told."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from penjing.documents.sources import by_suffix, collect, names
from penjing.errors import MissingPicture


def test_a_folder_above_gives_names_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.png").touch()
    monkeypatch.chdir(tmp_path / "a")
    paths = collect(["../c", "../b/../b", str(tmp_path / "c")], out=tmp_path / "a" / "out")
    assert sorted(names(paths).values()) == ["b/x.png", "c/x.png"]


def test_a_name_that_is_no_text_shows_its_bytes(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xff.png")
    odd.touch()
    assert list(names(collect([str(tmp_path)], out=tmp_path / "out")).values()) == ["\\xff.png"]


def test_what_macos_notes_in_a_zip_is_no_picture(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as box:
        box.writestr("03.png", b"x")
        box.writestr("__MACOSX/._03.png", b"x")
    found = collect([str(tmp_path / "box.zip")], out=tmp_path / "out")
    assert [path.name for path in found] == ["03.png"]


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("a.png", "b.HEIC", "c.txt", "d.TXT", "e.docx", "README", ".hidden", "out/a.txt"):
        (tmp_path / name).touch()
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as box:
        box.writestr("f.pdf", b"x")
        box.writestr("g.docx", b"x")
        box.writestr("h.txt", b"x")
    others: set[Path] = set()
    found = collect([str(tmp_path), str(tmp_path / "c.txt")], out=out, left_out=others)
    # A picture that cannot be read is there to fail; a file that is named is no longer left out.
    assert [path.name for path in found] == ["a.png", "b.HEIC", "f.pdf", "c.txt"]
    assert by_suffix(others) == "2 .docx, 2 .txt, 1 without suffix"


def test_too_long_a_name_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingPicture):
        collect([300 * "a"], out=tmp_path)


def test_linked_folders_are_read_once(tmp_path: Path) -> None:
    shelf, away = tmp_path / "shelf", tmp_path / "away"
    for folder in (shelf / "2021", away / "deep"):
        folder.mkdir(parents=True)
        (folder / "x.png").touch()
    (away / "notes.txt").touch()
    (shelf / "2020").symlink_to(away)
    (shelf / "again").symlink_to(shelf / "2021")
    (away / "deep" / "round").symlink_to(shelf)
    (shelf / "lost").symlink_to(tmp_path / "nowhere")
    others: set[Path] = set()
    found = collect([str(shelf)], tmp_path / "out", left_out=others)
    assert found == [shelf / "2020" / "deep" / "x.png", shelf / "2021" / "x.png"]
    assert others == {shelf / "2020" / "notes.txt", shelf / "lost"}


def test_patterns_in_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.png", "a.png", "odd[1].png"):
        (tmp_path / name).touch()
    (tmp_path / "list.txt").write_text("?.png\nodd[1].png\nnone-*.png\n")
    found = collect(["@list.txt"], out=tmp_path / "out")
    assert [path.name for path in found] == ["a.png", "b.png", "odd[1].png", "none-*.png"]
