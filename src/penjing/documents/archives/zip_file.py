"""The files in a zip file."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path

from penjing.documents.archives.names import decoded, tamed, untaken
from penjing.errors import BrokenArchive

ZIP_SUFFIXES = (".zip", ".cbz")
_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, IndexError),
    *(RuntimeError, NotImplementedError),  # encrypted, or packed in a way Python lacks
)
_UTF8 = 0x800  # the flag of names that are in UTF-8 (APPNOTE.TXT, 4.4.4)


class Zip:
    """An open zip file; safe to read from many threads. Raises BrokenArchive.

    ``sizes`` are the unpacked bytes of each file, by its tamed name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._infos: dict[str, zipfile.ZipInfo] = {}
        try:
            self._zip = zipfile.ZipFile(path)
            for info in self._zip.infolist():
                if not info.is_dir() and (name := tamed(_name(info))):
                    self._infos[untaken(name, self._infos)] = info
        except _ERRORS as error:
            raise BrokenArchive(f"{path.name!r} cannot be opened as a zip file: {error}") from error
        self.sizes = {name: info.file_size for name, info in self._infos.items()}

    def read(self, name: str) -> bytes:
        """The file of that tamed name. Raises BrokenArchive."""
        try:
            return self._zip.read(self._infos[name])  # no more than its header announced
        except _ERRORS as error:
            raise BrokenArchive(f"cannot unpack {self._path.name!r}: {error}") from error


def _name(info: zipfile.ZipInfo) -> str:
    """As it was meant: Windows writes the system's encoding, and Python takes that for CP437."""
    if info.flag_bits & _UTF8:
        return info.filename
    return decoded(info.filename.encode("cp437", errors="replace"), ("gb18030", "utf-8"))
