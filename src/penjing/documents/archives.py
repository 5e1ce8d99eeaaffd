"""Pictures and PDFs inside zip files, named as if the zip file were a folder.

``scans.zip/1987/03.png`` is a path like any other, except that no such file exists; ``content``
gives what it stands for. Names inside are tamed: they never lead out of the zip file.
"""

from __future__ import annotations

import zipfile
import zlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path, PurePosixPath

from penjing.documents.pdf import DEFAULT_PDF_LIMITS
from penjing.errors import BrokenArchive, MissingPicture, PictureTooLarge

SUFFIXES = frozenset([".zip", ".cbz"])
_UTF8 = 0x800  # the flag of names that are in UTF-8 (APPNOTE.TXT, 4.4.4)


def is_archive(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def members(archive: Path) -> list[Path]:
    """A path for every file inside, sorted. Raises BrokenArchive."""
    return sorted(archive / name for name in _opened(archive).files)


def content(path: Path, most: int = DEFAULT_PDF_LIMITS.bytes) -> Path | bytes:
    """``path`` itself, or, where it leads into a zip file, the bytes that it stands for.

    Raises BrokenArchive, MissingPicture, or PictureTooLarge beyond ``most`` bytes unpacked.
    """
    inside = (folder for folder in path.parents if is_archive(folder) and folder.is_file())
    archive = path if is_archive(path) and path.is_file() else next(inside, None)
    if archive is None:
        return path
    opened = _opened(archive)
    name = path.relative_to(archive).as_posix()
    if name not in opened.files:
        raise MissingPicture(f"there is no {name!r} in {str(archive)!r}")
    file = opened.files[name]
    if file.file_size > most:
        raise PictureTooLarge(f"{name!r} unpacks to {file.file_size:,} bytes; at most {most:,}")
    return opened.read(file)


class _Archive:
    """An open zip file and the files in it by tamed name; safe to read from many threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise BrokenArchive(f"{path.name!r} cannot be opened as a zip file: {error}") from error
        infos = (info for info in self._zip.infolist() if not info.is_dir())
        self.files = {name: info for info in infos if (name := _tame(info))}

    def read(self, file: zipfile.ZipInfo) -> bytes:
        try:
            return self._zip.read(file)  # no more than its header announced
        except (
            zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError,
            RuntimeError, NotImplementedError,  # encrypted, or packed in a way Python lacks
        ) as error:  # fmt: skip
            raise BrokenArchive(f"cannot unpack {self._path.name!r}: {error}") from error


def _opened(path: Path) -> _Archive:
    try:
        state = path.stat()
    except OSError as error:
        raise MissingPicture(f"cannot open {str(path)!r}: {error.strerror}") from error
    return _kept_open(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _kept_open(path: Path, changed: int, size: int) -> _Archive:
    """Its list of contents is read once, until the file changes."""
    return _Archive(path)


def _tame(info: zipfile.ZipInfo) -> str:
    """The name with forward slashes, relative, without ``..``; Chinese names as they were meant.

    Windows writes names in the system's encoding and Python takes them for CP437.
    """
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("gb18030", "utf-8"):
            with suppress(UnicodeDecodeError):
                name = raw.decode(encoding)
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("/", "//", ".."))
