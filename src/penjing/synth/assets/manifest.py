"""What is fetched: packages of Debian, npm and PyPI, by name and pinned version (*.toml)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from penjing import cache

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class FontFiles:
    """The faces of one family inside a package. ``files`` is a glob below its folder; ``wrong``
    the characters for which these faces draw another."""

    files: str
    family: str
    style: str
    index: int = 0
    held_out: bool = False
    wrong: str = ""


@dataclass(frozen=True)
class CorpusFiles:
    """Text inside a package: ``reader`` names a function of ``corpus.READERS``."""

    files: str
    corpus: str
    reader: str


@dataclass(frozen=True)
class Source:
    """One package: its fonts, texts, photographs (globs). ``registry`` is apt, npm or pip."""

    registry: str
    package: str
    version: str
    licence: str
    fallback: bool = False
    fonts: tuple[FontFiles, ...] = ()
    texts: tuple[CorpusFiles, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return cache.package_folder(self.registry, self.package)

    @property
    def patterns(self) -> tuple[str, ...]:
        return (*(f.files for f in self.fonts), *(t.files for t in self.texts), *self.pictures)

    def find(self, pattern: str) -> list[Path]:
        """Files of the unpacked package that match, in a stable order."""
        return sorted(self.folder.glob(pattern)) if self.folder.is_dir() else []


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every source of the shipped manifest, in its order."""
    found = []
    folder = resources.files("penjing.synth.assets")
    for name in ("fonts.toml", "corpora.toml", "backgrounds.toml"):
        for entry in tomllib.loads((folder / name).read_text(encoding="utf-8"))["source"]:
            fonts = tuple(FontFiles(**f) for f in entry.pop("fonts", ()))
            texts = tuple(CorpusFiles(**t) for t in entry.pop("texts", ()))
            pictures = tuple(entry.pop("pictures", ()))
            found.append(Source(**entry, fonts=fonts, texts=texts, pictures=pictures))
    return tuple(found)
