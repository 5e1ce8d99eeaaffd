"""What a batch is asked to read: folders, patterns, lists and single files, as paths in order."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from penjing.documents import archives
from penjing.errors import MissingPicture, PictureError
from penjing.files import printable

SUFFIXES = frozenset([".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".pdf"])
# Pictures that penjing cannot read: failures, so that nobody takes them for read.
FOREIGN = frozenset([".heic", ".heif", ".avif", ".jp2", ".jxl"])


def collect(sources: Iterable[str], outside: Path, left_out: set[Path] | None = None) -> list[Path]:
    """Absolute paths, each once, sorted within a source.

    A folder gives its pictures and PDFs at any depth, except those below ``outside`` (where the
    results go), and a zip or tar file is a folder; ``@list.txt`` names a list, one source a line,
    relative to where one is; ``*``, ``?`` and ``**`` make a pattern. Raises MissingPicture for a
    source that gives nothing. ``left_out`` receives what else is in folders and archives, without
    hidden files.
    """
    found: dict[Path, None] = {}
    others: set[Path] = set()
    for source in sources:
        paths = [path for path in _expand(source, others) if outside not in path.parents]
        if not paths:
            raise MissingPicture(f"{source!r} is no file, and no folder or pattern with pictures")
        found.update(dict.fromkeys(paths))
    if left_out is not None:
        left_out.update(p for p in others - set(found) if outside not in p.parents)
    return list(found)


def by_suffix(files: Set[Path]) -> str:
    """How many of each kind, the most frequent first: ``3 .txt, 1 .docx, 1 without suffix``."""
    kinds = Counter(file.suffix.lower() or "without suffix" for file in files)
    ordered = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    return ", ".join(f"{count} {printable(kind)}" for kind, count in ordered)


def names(paths: list[Path]) -> dict[Path, str]:
    """For each path its printable name below the folder that all have in common, with forward
    slashes."""
    if not paths:
        return {}
    common = Path(os.path.commonpath([path.parent for path in paths]))
    return {path: printable(path.relative_to(common).as_posix()) for path in paths}


def _expand(source: str, others: set[Path]) -> Iterator[Path]:
    path = _absolute(source)
    if os.path.isdir(path):
        yield from _unpacked(sorted(_inside(path, others)), others)
    elif os.path.exists(path):  # pathlib's own raises where a name is too long
        yield from _unpacked([path], others)
    elif source.startswith("@"):
        yield from _listed(Path(source[1:]), others)
    else:
        matches = (_absolute(match) for match in glob.glob(source, recursive=True))
        yield from _unpacked(sorted(match for match in matches if match.is_file()), others)


def _absolute(source: str | Path) -> Path:
    """Without ``..``, which would lead results out of their folder."""
    return Path(os.path.abspath(source))


def _inside(folder: Path, others: set[Path]) -> Iterator[Path]:
    """The readable files at any depth. A closed folder is given itself: as a failure of its own."""
    closed: list[Path] = []
    for parent, _, files in os.walk(
        folder, onerror=lambda error: closed.append(Path(error.filename))
    ):
        yield from _wanted((Path(parent) / name for name in files), others, archived=False)
    yield from closed


def _unpacked(files: Iterable[Path], others: set[Path]) -> Iterator[Path]:
    """Every file, and in the place of an archive what is inside; a broken one is left as it is,
    for it is a failure of its own and not the end of the batch."""
    for file in files:
        if not archives.is_archive(file):
            yield file
            continue
        try:
            yield from _wanted(archives.members(file), others, archived=True)
        except PictureError:
            yield file


def _wanted(files: Iterable[Path], others: set[Path], archived: bool) -> Iterator[Path]:
    """Pages, and archives that are not themselves archived; ``others`` receives the rest."""
    for file in files:
        if _is_page(file) or (not archived and archives.is_archive(file)):
            yield file
        elif not file.name.startswith("."):
            others.add(file)


def _is_page(file: Path) -> bool:
    """By its suffix; what macOS notes beside each file of a zip is none."""
    return file.suffix.lower() in SUFFIXES | FOREIGN and not file.name.startswith("._")


def _listed(file: Path, others: set[Path]) -> Iterator[Path]:
    try:
        rows = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MissingPicture(f"cannot read the list {str(file)!r}: {error}") from error
    for row in filter(None, map(str.strip, rows)):
        # A listed file that is missing is a failure of its own, not the end of the batch.
        yield from _expand(row, others) if os.path.exists(row) else [_absolute(row)]
