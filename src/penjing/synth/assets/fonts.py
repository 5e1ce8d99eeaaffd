"""The faces to draw with, and for each the characters that it really draws.

A font's cmap promises more than its outlines keep: some glyphs are blank, some are the
``.notdef`` box, some belong to another character. So every character of the set is rendered once
per face and judged by its picture; the answer is kept in the cache.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from penjing import cache
from penjing.charset import DEFAULT, Charset
from penjing.errors import DataError
from penjing.synth.assets.manifest import FontFiles, Source, sources

RULES = 2  # to be raised when the rules below change: what the cache holds is then made anew
STROKES = "Il|"  # one upright stroke each, so that many faces draw them alike
PROBE_SIZE = 32  # pixels per em: small enough for thousands of glyphs a second, each distinct
UNASSIGNED = "\ue9ff\uf3aa\U000f1234"  # no font maps these, so they draw .notdef

# Shares of the styles. The Chinese ones add up to 1 and so do the Latin ones, times
# LATIN_SHARE: a line of Latin letters alone, which every face can draw, is then mostly drawn
# with a Latin face.
STYLE_SHARE = {
    "hei": 0.35,
    "song": 0.20,
    "kai": 0.11,
    "fangsong": 0.04,
    "display": 0.12,
    "hand": 0.13,
    "mono": 0.02,
    "pixel": 0.03,
}
LATIN_SHARE = 3.0
LATIN_STYLE_SHARE = {
    "latin": 0.34,
    "latin-condensed": 0.13,
    "latin-serif": 0.14,
    "latin-mono": 0.15,
    "lettering": 0.03,
    "typewriter": 0.05,
    "ocr": 0.05,
    "dot": 0.04,
    "segment": 0.01,
    "latin-hand": 0.06,
}


@dataclass(frozen=True)
class Face:
    """One face of a font file.

    Among the faces whose ``drawable`` holds all characters of a line, one is to be chosen with a
    probability proportional to ``weight``. ``style`` is a key of ``STYLE_SHARE`` or
    ``LATIN_STYLE_SHARE``; ``index`` is the face's number in a collection (.ttc).
    """

    family: str
    style: str
    path: Path
    index: int
    drawable: frozenset[str]
    held_out: bool
    weight: float

    @property
    def latin(self) -> bool:
        """Whether the face has Latin letters, digits and little else."""
        return self.style in LATIN_STYLE_SHARE


def load_faces(held_out: bool = False) -> list[Face]:
    """Faces of the cache for training, or (``held_out``) those kept for validation.

    Weights share out a style among its families and a family among its faces. Raises DataError
    when the cache has no such face.
    """
    files = [entry for entry in installed() if entry[0].held_out == held_out]
    if not files:
        raise DataError(
            f"no fonts in {cache.root()}: run `penjing data fetch`, or fetch --fallback"
        )
    families: dict[str, set[str]] = defaultdict(set)
    members: Counter[tuple[str, str]] = Counter()
    for spec, _ in files:
        families[spec.style].add(spec.family)
        members[spec.style, spec.family] += 1
    return [
        Face(
            family=spec.family,
            style=spec.style,
            path=path,
            index=spec.index,
            drawable=drawable(path, spec.index) - set(spec.wrong),
            held_out=spec.held_out,
            weight=_share(spec.style)
            / len(families[spec.style])
            / members[spec.style, spec.family],
        )
        for spec, path in files
    ]


def _share(style: str) -> float:
    return STYLE_SHARE.get(style) or LATIN_SHARE * LATIN_STYLE_SHARE[style]


def installed() -> list[tuple[FontFiles, Path]]:
    """Font files in the cache; those of the fallback set only where no others were fetched."""
    full = [entry for s in sources() if not s.fallback for entry in _files(s)]
    return full or [entry for s in sources() if s.fallback for entry in _files(s)]


def _files(source: Source) -> Iterator[tuple[FontFiles, Path]]:
    return ((spec, path) for spec in source.fonts for path in source.find(spec.files))


def drawable(path: Path, index: int, charset: str = DEFAULT) -> frozenset[str]:
    """Characters of the set that the face draws, from the cache or by rendering them all."""
    characters = Charset.load(charset).characters
    name = (
        f"{path.relative_to(cache.root()) if path.is_relative_to(cache.root()) else path}:{index}"
    )
    key = f"{RULES}:{name}:{path.stat().st_size}:{''.join(characters)}"
    digest = hashlib.sha256(key.encode())
    kept = cache.root() / "drawable" / f"{path.stem}-{index}-{digest.hexdigest()[:12]}.txt"
    if kept.is_file():
        return frozenset(kept.read_text(encoding="utf-8"))
    found = probe(path, index, characters)
    cache.write_text(kept, "".join(c for c in characters if c in found))
    return found


def prepare(workers: int = 2) -> Iterator[str]:
    """Fill the cache of drawable characters; yields a note for each face that is done."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    files = list(installed())
    with ProcessPoolExecutor(workers) as pool:
        jobs = [(spec, path, pool.submit(drawable, path, spec.index)) for spec, path in files]
        for spec, path, job in jobs:
            yield f"{spec.family} ({path.name}): {len(job.result())} characters"


def probe(path: Path, index: int, characters: Sequence[str]) -> frozenset[str]:
    """Render each character; keep those with a picture of their own. The space always draws."""
    font = ImageFont.truetype(
        str(path), PROBE_SIZE, index=index, layout_engine=ImageFont.Layout.BASIC
    )
    undefined = {_picture(font, c) for c in UNASSIGNED}
    alike: dict[tuple[int, tuple[int, int], bytes], list[str]] = defaultdict(list)
    for character in characters:
        picture = _picture(font, character)
        if picture is not None and picture not in undefined:
            alike[picture].append(character)
    return frozenset(" ").union(*map(_rightful, alike.values()))


Picture = tuple[int, tuple[int, int], bytes]


def _picture(font: ImageFont.FreeTypeFont, character: str) -> Picture | None:
    """Ink of a glyph: height above the baseline, size, pixels. None where there is none.

    The horizontal place is left out, so that a full-width form over a half-width glyph is found.
    """
    mask, (_, top) = font.getmask2(character, mode="L")
    box = mask.getbbox()
    if box is None:
        return None
    ink = mask.crop(box)
    return top + box[1], ink.size, bytes(ink)


def _rightful(characters: list[str]) -> list[str]:
    """Which of several characters with one and the same picture may keep it.

    The commonest is taken for the owner, digits first: seven segments draw S as 5. Two common
    Chinese characters under one glyph are both distrusted. Compatible forms (： and :) may share
    theirs, and so may the one stroke of I, l and | in many a sans: only context tells them apart.
    """
    if len(characters) == 1:
        return characters
    ranks = [_rank(c) for c in characters]
    owners = [c for c, rank in zip(characters, ranks, strict=True) if rank == min(ranks)]
    if len(owners) > 1 and "\u4e00" <= owners[0] <= "\u9fff":
        return []
    shared = STROKES if owners[0] in STROKES else owners[:1]
    forms = {unicodedata.normalize("NFKC", c) for c in shared}
    return [c for c in characters if unicodedata.normalize("NFKC", c) in forms]


def _rank(character: str) -> int:
    """How likely a character is to own a picture: 0 digits, capitals, small letters, … 5."""
    if character.isascii():
        return 0 if character.isdigit() else 1 if character.isupper() else 2
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return 5
    return 3 if "\u4e00" <= character <= "\u9fff" else 4
