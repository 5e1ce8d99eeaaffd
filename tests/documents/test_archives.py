"""Zip and tar files as folders: every sound file inside is read, and nothing outside is touched."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import papers
import pytest
from archive import picture, results, text_of
from typer.testing import CliRunner

from penjing.cli import app
from penjing.documents import archives
from penjing.documents.archives import tar_file
from penjing.errors import BrokenArchive, MissingPicture, PictureError, PictureTooLarge

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".tar": bytes,
    ".tar.gz": gzip.compress,
    ".tgz": gzip.compress,
    ".tar.bz2": bz2.compress,
    ".tar.xz": lzma.compress,
}


def tar_of(files: dict[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_hostile_and_damaged_zip_files(tmp_path: Path) -> None:
    packed = tmp_path / "scans.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as scans:
        scans.writestr("bomb.png", bytes(1_000_000))
    with pytest.raises(PictureTooLarge, match="1,000,000 bytes"):
        archives.content(packed / "bomb.png", most=999_999)
    assert archives.content(packed / "bomb.png") == bytes(1_000_000)
    with pytest.raises(MissingPicture):
        archives.content(packed / "none.png")
    assert archives.content(tmp_path / "any.png") == tmp_path / "any.png"
    locked = bytearray(packed.read_bytes())
    locked[6] |= 1  # the flag of encryption, before the file and in the list of contents
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    packed.unlink()
    packed.write_bytes(locked)
    with pytest.raises(BrokenArchive, match="encrypted"):
        archives.content(packed / "bomb.png")


def test_names_in_zip_files_as_windows_writes_them(tmp_path: Path) -> None:
    packed = tmp_path / "scans.zip"
    with zipfile.ZipFile(packed, "w") as scans:
        scans.writestr("1234567.png", b"y")
    in_gbk = "发票/一.png".encode("gb18030")  # as long as the name it replaces
    packed.write_bytes(packed.read_bytes().replace(b"1234567.png", in_gbk))
    assert archives.members(packed) == [packed / "发票" / "一.png"]
    assert archives.content(packed / "发票" / "一.png") == b"y"


def test_names_that_are_tamed_to_one_are_numbered(tmp_path: Path) -> None:
    packed = tmp_path / "scans.zip"
    with zipfile.ZipFile(packed, "w") as scans:
        scans.writestr("a/x.png", b"1")
        scans.writestr("../a/x.png", b"2")
    tar = written(tmp_path / "scans.tar", tar_of({"a/x.png": b"1", "../a/x.png": b"2"}))
    for archive in (packed, tar):
        contents = {path.name: archives.content(path) for path in archives.members(archive)}
        assert contents == {"x.png": b"1", "x (2).png": b"2"}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_tar_file_gives_each_file_to_any_thread(tmp_path: Path, suffix: str) -> None:
    files = {f"deep/{k:03}.png": bytes([k]) * (1 + 700 * k) for k in range(60)}
    packed = written(tmp_path / f"scans{suffix}", PACKERS[suffix](tar_of(files)))
    found = archives.members(packed)
    assert [path.relative_to(packed).as_posix() for path in found] == sorted(files)
    with ThreadPoolExecutor(8) as pool:
        contents = list(pool.map(archives.content, found * 3))
    assert contents == [files[name] for name in sorted(files)] * 3


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_in_tar_files_are_tamed_and_understood(tmp_path: Path, kind: int) -> None:
    names = ["../../outside.png", "/etc/passwd.png", "a\\b.png", "发票/一.png", f"{'a' * 90}/b.png"]
    packed = written(tmp_path / "scans.tar", tar_of(dict.fromkeys(names, b"y"), kind))
    tame = ["outside.png", "etc/passwd.png", "a/b.png", "发票/一.png", f"{'a' * 90}/b.png"]
    assert archives.members(packed) == sorted(packed / name for name in tame)
    old = tar_of({"1234567.png": b"y"}, tarfile.USTAR_FORMAT)
    in_gbk = bytearray(old.replace(b"1234567.png", "发票/一.png".encode("gb18030")))
    in_gbk[148:156] = b"%06o\0 " % (sum(in_gbk[:148]) + 8 * 32 + sum(in_gbk[156:512]))
    packed = written(tmp_path / "old.tar", bytes(in_gbk))
    assert archives.members(packed) == [packed / "发票" / "一.png"]


def test_links_and_devices_in_tar_files_are_nothing(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.png", b"secret")
    packed = tmp_path / "scans.tar"
    with tarfile.open(packed, "w") as tar:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"{kind.decode()}.png")
            info.type, info.linkname, info.size = kind, str(secret), 0
            tar.addfile(info)
    assert archives.members(packed) == []


def sized(size: str) -> bytes:
    """Three files whose notes say that they have ``size`` bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in ("a.png", "b.png", "c.png"):
            info = tarfile.TarInfo(name)
            info.pax_headers = {"size": size}
            tar.addfile(info)
    return out.getvalue()


def lying(size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """One header that announces ``size`` bytes, with none behind it."""
    info = tarfile.TarInfo("a.png")
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


HOSTILE = {
    "nothing.tar": b"",
    "text.tar": b"no tar at all " * 100,
    "text.tar.gz": gzip.compress(b"no tar at all " * 100),
    "cut.tar.gz": gzip.compress(tar_of({"a.png": bytes(range(256)) * 99}))[:-40],
    "cut.tar": tar_of({"a.png": bytes(range(256)) * 99})[:9000],
    "damaged.tar": tar_of({"a.png": b"a"})[:1024] + b"\xff" * 512 + tar_of({"b.png": b"b"}),
    "vast file.tar": lying(1 << 40),
    "vast notes.tar": lying(1 << 40, tarfile.XHDTYPE) + tar_of({"a.png": b"a"}),
    "vast name.tar": lying(1 << 33, tarfile.GNUTYPE_LONGNAME) + tar_of({"a.png": b"a"}),
    "notes upon notes.tar": (lying(5, tarfile.GNUTYPE_LONGNAME) + bytes(512)) * 5000,
    "negative.tar": sized("-2048"),
    "beyond numbers.tar": sized("9" * 30),
    "sparse.tar": lying(1 << 40, tarfile.GNUTYPE_SPARSE) + tar_of({"a.png": b"a"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_damaged_tar_files(tmp_path: Path, name: str) -> None:
    packed = written(tmp_path / name, HOSTILE[name])
    with pytest.raises(PictureError):
        [archives.content(path) for path in archives.members(packed)]
    with pytest.raises(PictureError):
        archives.content(packed)


def test_a_packed_tar_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tar_file, "_MOST_UNPACKED", 1_000_000)
    bomb = gzip.compress(tar_of({"a.png": bytes(2_000_000)}))
    packed = written(tmp_path / "bomb.tgz", bomb)
    with pytest.raises(PictureTooLarge, match="more than 1,000,000 bytes"):
        archives.members(packed)
    # A file inside is measured like any other.
    monkeypatch.setattr(tar_file, "_MOST_UNPACKED", 3_000_000)
    with pytest.raises(PictureTooLarge, match="at most 1,999,999"):
        archives.content(packed / "a.png", most=1_999_999)


def test_a_batch_reads_tar_files_as_folders(bands_model: Path, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    for k in range(2):
        picture(tmp_path / "loose" / f"{k}.png", text_of(k))
    scans.mkdir()
    with tarfile.open(scans / "box.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "loose" / "0.png", "deep/0.png")
        tar.add(tmp_path / "loose" / "1.png", "../../1.png")
        written(tmp_path / "notes.txt", b"no picture")
        tar.add(tmp_path / "notes.txt", "notes.txt")
        written(tmp_path / "book.pdf", papers.strips("abc", "cab"))
        tar.add(tmp_path / "book.pdf", "book.pdf")
    shutil.copy(tmp_path / "loose" / "0.png", scans / "zzz.png")
    written(scans / "broken.tgz", (scans / "box.tar.gz").read_bytes()[:300])
    out = tmp_path / "out"
    words = ["batch", str(scans), "--out", str(out), "--model", str(bands_model), "--line"]
    done = CliRunner().invoke(app, [*words, "--format", "text", "--workers", "2"])
    assert done.exit_code == 1
    assert "broken.tgz: broken_archive" in done.stderr
    texts = {name: data.decode() for name, data in results(out).items() if name.endswith(".txt")}
    assert texts == {
        "box.tar.gz/1.png.txt": text_of(1) + "\n",
        "box.tar.gz/book.pdf.txt": "abc\n\fcab\n",
        "box.tar.gz/deep/0.png.txt": text_of(0) + "\n",
    }
    assert '"same_as": "box.tar.gz/deep/0.png"' in (out / "index.jsonl").read_text()
    assert not (tmp_path / "1.png").exists()
