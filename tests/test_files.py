"""Files are written whole or not at all; what is no file is not replaced by one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from penjing.errors import OutputError
from penjing.files import prepare, printable, write_whole


def broken() -> Iterator[bytes]:
    yield b"half"
    raise KeyboardInterrupt


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    write_whole(file, [b"one ", b"whole"])
    with pytest.raises(KeyboardInterrupt):
        write_whole(file, broken())
    assert file.read_bytes() == b"one whole"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, there: bool) -> None:
    (tmp_path / "away").mkdir()
    target = tmp_path / "away" / "real.txt"
    if there:
        target.write_bytes(b"old")
    link, second = tmp_path / "link", tmp_path / "second"
    link.symlink_to("away/real.txt")
    second.symlink_to("link")
    write_whole(second, [b"new"])
    assert (link.is_symlink(), second.is_symlink()) == (True, True)
    assert target.read_bytes() == b"new"
    assert sorted(file.name for file in target.parent.iterdir()) == ["real.txt"]


def test_a_pipe_is_written_and_stays(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for name in (pipe, link):
        with ThreadPoolExecutor(1) as pool:
            read = pool.submit(pipe.read_bytes)
            write_whole(name, [b"through ", b"it"])
            assert read.result() == b"through it"
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_a_device_is_written_and_stays(tmp_path: Path) -> None:
    """By links: these tests may run as root, who could replace the devices themselves."""
    for device in ("null", "full"):
        (tmp_path / device).symlink_to(f"/dev/{device}")
    write_whole(tmp_path / "null", [b"gone"])
    with pytest.raises(OutputError, match="No space left"):
        write_whole(tmp_path / "full", [b"much"])
    assert Path("/dev/null").is_char_device()
    assert Path("/dev/full").is_char_device()


def test_what_can_never_be_written_is_refused_beforehand(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for never in (tmp_path, tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="cannot write"):
            prepare(never)
        with pytest.raises(OutputError, match="cannot write"):
            write_whole(never, [b"x"])
    prepare(tmp_path / "new" / "folder" / "file")
    assert (tmp_path / "new" / "folder").is_dir()


def test_printable_names_show_their_bytes() -> None:
    assert printable(os.fsdecode("名.png".encode())) == "名.png"
    assert printable(os.fsdecode(b"\xb2\xe2.png")) == "\\xb2\\xe2.png"
    assert printable(printable(os.fsdecode(b"\xb2"))) == "\\xb2"
