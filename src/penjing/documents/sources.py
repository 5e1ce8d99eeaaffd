"""What a batch is asked to read: folders, patterns, lists and single files, as paths in order."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from penjing.documents import archives
from penjing.documents.outputs import HIDDEN
from penjing.documents.record import wrote
from penjing.errors import MissingPicture, PictureError
from penjing.files import printable

SUFFIXES = frozenset([".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".pdf"])
# Pictures that penjing cannot read: failures, so that nobody takes them for read.
FOREIGN = frozenset([".heic", ".heif", ".avif", ".jp2", ".jxl"])


def collect(sources: Iterable[str], out: Path, left_out: set[Path] | None = None) -> list[Path]:
    """Absolute paths, each once, sorted within a source.

    A folder gives its pictures and PDFs at any depth, also through links, and a zip or tar file is
    a folder; ``@list.txt`` names a list, one source a line, relative to where one is; ``*``, ``?``
    and ``**`` make a pattern. No source are the folder ``out`` of the results, where it lies inside
    another that is one, and what earlier batches wrote there. Raises MissingPicture for a source
    that gives nothing. ``left_out`` receives what else is in folders and archives, without hidden
    files.
    """
    found: dict[Path, None] = {}
    search = _Search(out)
    for source in sources:
        paths = [path for path in search.expand(source) if not wrote(out, path)]
        if not paths:
            raise MissingPicture(f"{source!r} is no file, and no folder or pattern with pictures")
        found.update(dict.fromkeys(paths))
    if left_out is not None:
        left_out.update(path for path in search.others - set(found) if not wrote(out, path))
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


class _Search:
    """Sources to paths. ``others`` are the files of other kinds that were met."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self.others: set[Path] = set()

    def expand(self, source: str) -> Iterator[Path]:
        path = _absolute(source)
        if os.path.isdir(path):
            yield from self._unpacked(sorted(self._inside(path)))
        elif os.path.exists(path):  # pathlib's own raises where a name is too long
            yield from self._unpacked([path])
        elif source.startswith("@"):
            yield from self._listed(Path(source[1:]))
        else:
            yield from self._matching(source)

    def _listed(self, file: Path) -> Iterator[Path]:
        try:
            rows = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise MissingPicture(f"cannot read the list {str(file)!r}: {error}") from error
        for row in filter(None, map(str.strip, rows)):
            if os.path.exists(row):
                yield from self.expand(row)
            else:
                # A listed file that is missing is a failure of its own, not the end of the batch.
                yield from list(self._matching(row)) or [_absolute(row)]

    def _matching(self, pattern: str) -> Iterator[Path]:
        matches = {_absolute(match) for match in glob.glob(pattern, recursive=True)}
        walked, deep, _ = pattern.partition("**")
        if deep and _absolute(walked) in self._out.parents:
            matches = {match for match in matches if self._out not in match.parents}
        yield from self._unpacked(sorted(match for match in matches if match.is_file()))

    def _inside(self, folder: Path) -> Iterator[Path]:
        """The readable files at any depth. A closed folder is given itself: as a failure of its
        own. Links to folders are followed, after all else, to where nothing has been found yet:
        they may lead in circles.
        """
        closed: list[Path] = []
        seen: set[str] = set()
        results = os.path.realpath(self._out)
        waiting = [str(folder)]
        for start in waiting:
            for parent, inner, files in os.walk(
                start, onerror=lambda error: closed.append(Path(error.filename))
            ):
                real = os.path.realpath(parent)
                if real in seen or (real == results and parent != str(folder)):
                    inner.clear()
                    continue
                seen.add(real)
                inner[:] = sorted(set(inner) - {HIDDEN})
                links = (os.path.join(parent, name) for name in inner)
                waiting += [link for link in links if os.path.islink(link)]
                yield from self._wanted((Path(parent) / name for name in files), archived=False)
        yield from closed

    def _unpacked(self, files: Iterable[Path]) -> Iterator[Path]:
        """Every file, and in the place of an archive what is inside; a broken one is left as it
        is, for it is a failure of its own and not the end of the batch."""
        for file in files:
            if not archives.is_archive(file):
                yield file
                continue
            try:
                yield from self._wanted(archives.members(file), archived=True)
            except PictureError:
                yield file

    def _wanted(self, files: Iterable[Path], archived: bool) -> Iterator[Path]:
        """Pages, and archives that are not themselves archived."""
        for file in files:
            if _is_page(file) or (not archived and archives.is_archive(file)):
                yield file
            elif not file.name.startswith("."):
                self.others.add(file)


def _absolute(source: str | Path) -> Path:
    """Without ``..``, which would lead results out of their folder."""
    return Path(os.path.abspath(source))


def _is_page(file: Path) -> bool:
    """By its suffix; what macOS notes beside each file of a zip is none."""
    return file.suffix.lower() in SUFFIXES | FOREIGN and not file.name.startswith("._")
