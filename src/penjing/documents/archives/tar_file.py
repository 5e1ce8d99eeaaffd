"""The files in a tar file, packed or not.

A packed one (gzip, bzip2, xz) can only be read from its beginning, so it is unpacked once, into a
temporary file without a name, which goes with the process.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tarfile
import tempfile
import threading
import zlib
from pathlib import Path
from typing import IO, Any

from penjing.documents.archives.names import decoded, tamed, untaken
from penjing.errors import BrokenArchive, PictureTooLarge

TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".cbt")
_PACKERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
# No scans pack better than a hundred to one; a small file may, and costs little.
_MOST_UNPACKED, _MOST_RATIO = 1 << 30, 100
_MOST_FILES = 1_000_000
_MOST_NOTES = 1 << 20  # bytes of the notes before a file: long names, times
_NOTES = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)
_PIECE = 1 << 20
_ERRORS = (
    *(tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError),
    *(ValueError, OverflowError, RecursionError),  # of lengths and notes that make no sense
)


class Tar:
    """An open tar file; safe to read from many threads. Raises BrokenArchive or PictureTooLarge.

    ``sizes`` are the bytes of each file, by its tamed name. Links and devices are left out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._places: dict[str, tuple[int, int]] = {}  # where each file begins, and its bytes
        try:
            self._file = _unpacked(path)
            self._index()
        except _ERRORS as error:
            raise BrokenArchive(f"{path.name!r} cannot be opened as a tar file: {error}") from error
        self.sizes = {name: size for name, (_, size) in self._places.items()}

    def read(self, name: str) -> bytes:
        """The file of that tamed name. Raises BrokenArchive."""
        start, size = self._places[name]
        with self._lock:
            self._file.seek(start)
            data = self._file.read(size)
        if len(data) < size:
            raise BrokenArchive(f"cannot unpack {self._path.name!r}: it ends within {name!r}")
        return data

    def _index(self) -> None:
        with tarfile.open(fileobj=self._file, mode="r:", tarinfo=_Header) as tar:
            before = -1
            while (info := tar.next()) is not None:
                if tar.offset <= before:  # some Pythons would go round for ever
                    raise tarfile.ReadError("a file of less than no bytes")
                before = tar.offset
                tar.members = []  # type: ignore[attr-defined]  # they would stay in memory
                name = tamed(_name(info))
                if info.isreg() and not info.issparse() and name:
                    self._places[untaken(name, self._places)] = (info.offset_data, info.size)
                if len(self._places) > _MOST_FILES:
                    raise PictureTooLarge(
                        f"more than {_MOST_FILES:,} files are in {self._path.name!r}"
                    )
            self._file.seek(tar.offset)
            if any(self._file.read(tarfile.BLOCKSIZE)):  # Python takes a damaged header for the end
                raise tarfile.ReadError(f"damaged after {len(self._places)} files")


class _Header(tarfile.TarInfo):
    """Python would read notes of any announced length into memory, and believe any sparse map."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        info = super().frombuf(buf, encoding, errors)
        if info.type in _NOTES and info.size > _MOST_NOTES:
            raise tarfile.ReadError(f"{info.size:,} bytes of notes before a file")
        if info.type == tarfile.GNUTYPE_SPARSE:
            raise tarfile.ReadError("it holds a sparse file")
        return info


def _unpacked(path: Path) -> IO[bytes]:
    """The tar file itself, or a temporary one in its place. Raises PictureTooLarge for a bomb."""
    file = path.open("rb")
    start = file.read(6)
    opener = next((opener for mark, opener in _PACKERS.items() if start.startswith(mark)), None)
    file.seek(0)
    if opener is None:
        return file
    most = max(_MOST_UNPACKED, _MOST_RATIO * os.fstat(file.fileno()).st_size)
    whole: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the archive
    with file, opener(file) as packed:
        while piece := packed.read(_PIECE):
            if whole.tell() + len(piece) > most:
                raise PictureTooLarge(f"{path.name!r} unpacks to more than {most:,} bytes")
            whole.write(piece)
    whole.seek(0)
    return whole


def _name(info: tarfile.TarInfo) -> str:
    """As it was meant: tar writes the bytes of the system's encoding."""
    return decoded(info.name.encode("utf-8", errors="surrogateescape"), ("gb18030", "utf-8"))
