"""Pictures and PDFs inside zip and tar files, named as if the archive were a folder.

``scans.zip/1987/03.png`` is a path like any other, except that no such file exists; ``content``
gives what it stands for. Names inside are tamed: they never lead out of the archive.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from penjing.documents.archives.tar_file import TAR_SUFFIXES, Tar
from penjing.documents.archives.zip_file import ZIP_SUFFIXES, Zip
from penjing.documents.pdf import DEFAULT_PDF_LIMITS
from penjing.errors import MissingPicture, PictureTooLarge


def is_archive(path: Path) -> bool:
    return path.name.lower().endswith((*ZIP_SUFFIXES, *TAR_SUFFIXES))


def members(archive: Path) -> list[Path]:
    """A path for every file inside, sorted. Raises BrokenArchive."""
    return sorted(archive / name for name in _opened(archive).sizes)


def content(path: Path, most: int = DEFAULT_PDF_LIMITS.bytes) -> Path | bytes:
    """``path`` itself, or, where it leads into an archive, the bytes that it stands for.

    Raises BrokenArchive, MissingPicture, or PictureTooLarge beyond ``most`` bytes unpacked.
    """
    inside = (folder for folder in path.parents if is_archive(folder) and folder.is_file())
    archive = path if is_archive(path) and path.is_file() else next(inside, None)
    if archive is None:
        return path
    opened = _opened(archive)
    name = path.relative_to(archive).as_posix()
    if name not in opened.sizes:
        raise MissingPicture(f"there is no {name!r} in {str(archive)!r}")
    if opened.sizes[name] > most:
        raise PictureTooLarge(f"{name!r} unpacks to {opened.sizes[name]:,} bytes; at most {most:,}")
    return opened.read(name)


def _opened(path: Path) -> Zip | Tar:
    try:
        state = path.stat()
    except OSError as error:
        raise MissingPicture.at(path, error) from error
    return _kept_open(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _kept_open(path: Path, changed: int, size: int) -> Zip | Tar:
    """Its list of contents is read once, until the file changes."""
    return Zip(path) if path.name.lower().endswith(ZIP_SUFFIXES) else Tar(path)
