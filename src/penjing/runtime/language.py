"""What the text around a character says of it: a small table beside the character set.

Everything is an association: by how many nats a character is likelier behind what stands before
it than anywhere (pointwise mutual information; Church and Hanks 1990). How common characters are
in themselves a recogniser has learnt from its lines. Latin letters are judged by the three
symbols before them, upper and lower case alike, all other characters by the one before.
Tables are made by ``penjing data language``.
"""

from __future__ import annotations

import zipfile
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from penjing.charset import Charset
from penjing.errors import WeightsError
from penjing.files import written_whole

STEP = 0.1  # nats to one step of the eight bits
REACH = 3  # symbols before a letter that are looked at
OTHER, SPACE, DIGIT, SYMBOLS = 0, 27, 28, 29  # 1 to 26 are the letters
SIMPLIFIED, TRADITIONAL, KANA = -1, 1, 2  # scripts; 0 is neither

Array = np.ndarray[Any, Any]
History = tuple[int, int, int]  # a character's number, and the symbols of the two before it


def symbol(character: str) -> int:
    """What a character counts as where it stands before a Latin letter."""
    if character.isascii() and character.isalpha():
        return ord(character.lower()) - ord("a") + 1
    if character in "0123456789":
        return DIGIT
    return SPACE if character == " " else OTHER


@dataclass(frozen=True, eq=False)
class Language:
    """A table over the n characters of ``charset`` and, as number n, the border of a line.

    ``counts`` (n + 1,) uint16 says how many listed pairs begin with each, ``followers`` (pairs,)
    uint16 their second characters, ascending, ``pairs`` (pairs,) int8 the association of each,
    ``others`` (n + 1,) int8 that of each with all that is not listed; ``latin`` (29, 29, 29, 26)
    int8 is that of a letter with the three symbols before it. Associations are in steps of
    ``STEP`` nats. ``twins`` (k, 2) uint16 are characters that Chinese writes in two ways: the
    simplified form and the traditional; ``japanese`` (j, 2) uint16 those of either kind that
    Japanese writes in a third, and that one.
    """

    charset: Charset
    counts: Array
    followers: Array
    pairs: Array
    others: Array
    latin: Array
    twins: Array
    japanese: Array

    @property
    def border(self) -> int:
        """The number that stands for what is before and after a line."""
        return len(self.charset)

    @property
    def beginning(self) -> History:
        """What stands before a line's first character."""
        return self.border, SPACE, SPACE

    @cached_property
    def symbols(self) -> list[int]:
        """Of each character, and of the border."""
        return [*map(symbol, self.charset.characters), SPACE]

    @cached_property
    def scripts(self) -> list[int]:
        """Of each character: ``SIMPLIFIED``, ``TRADITIONAL``, a letter of ``KANA``, or 0."""
        scripts = np.array([KANA * ("ぁ" <= c <= "ヺ") for c in self.charset.characters], np.int8)
        scripts[self.twins[:, 0]], scripts[self.twins[:, 1]] = SIMPLIFIED, TRADITIONAL
        return scripts.tolist()

    @cached_property
    def twins_of(self) -> dict[int, set[int]]:
        """Of each character with ``twins``, those in the other script."""
        return _others(np.concatenate([self.twins, self.twins[:, ::-1]]))

    @cached_property
    def japanese_of(self) -> dict[int, set[int]]:
        """Of each character that Japanese writes otherwise, how: 发 is 発 or 髪."""
        return _others(self.japanese)

    @cached_property
    def _begins(self) -> list[int]:
        """Where the listed pairs of each begin, and where the last ones end."""
        return [0, *np.cumsum(self.counts).tolist()]

    @cached_property
    def _numbers(self) -> dict[str, memoryview]:
        """The arrays once more: one of Python's numbers is had from a view in a tenth the time."""
        return {name: memoryview(getattr(self, name)) for name in _KINDS}

    def history(self, text: Sequence[int]) -> History:
        """What stands before the character that follows ``text``."""
        return reduce(self.followed, text[-REACH:], self.beginning)

    def followed(self, history: History, character: int) -> History:
        """``history`` with one character more."""
        last, before, _ = history
        return character, self.symbols[last], before

    def association(self, history: History, character: int) -> float:
        """In nats: of a character, or the border, with what stands before it."""
        last, second, third = history
        first, letter = self.symbols[last], self.symbols[character]
        numbers = self._numbers
        if OTHER < letter < SPACE and OTHER < first <= SPACE:
            return STEP * numbers["latin"][third, second, first, letter - 1]
        begin, end = self._begins[last : last + 2]
        place = bisect_left(numbers["followers"], character, begin, end)
        listed = place < end and numbers["followers"][place] == character
        return STEP * (numbers["pairs"][place] if listed else numbers["others"][last])

    def coherence(self, text: Sequence[int]) -> float:
        """In nats: of the characters of a whole line and of its end, the mean association."""
        history, total = self.beginning, 0.0
        for character in (*text, self.border):
            total += self.association(history, character)
            history = self.followed(history, character)
        return total / (len(text) + 1)

    def write(self, path: Path) -> None:
        """Raises OutputError where the file cannot be written."""
        tables = {name: getattr(self, name) for name in _KINDS}
        with written_whole(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **tables, charset=_fingerprint(self.charset))

    @classmethod
    def read(cls, path: Path, charset: Charset) -> Language:
        """Raises WeightsError for a damaged file, or a table of other characters."""
        try:
            with np.load(path, allow_pickle=False) as file:
                tables = {name: file[name] for name in _KINDS}
                fingerprint = file["charset"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise WeightsError(f"{path.name} is no language table: {error}") from error
        if fingerprint != _fingerprint(charset):
            raise WeightsError(
                f"{path.name} is of other characters than {charset.name} has; "
                "make it anew with penjing data language"
            )
        _check(tables, len(charset) + 1, path)
        return cls(charset, **tables)

    @classmethod
    def of(cls, charset: Charset) -> Language | None:
        """The shipped table of ``charset``; None if there is none, as for one's own characters.

        Raises WeightsError if it is damaged.
        """
        shipped = resources.files("penjing") / "languages"
        name = f"{charset.name}.npz"
        known = {file.name: file for file in shipped.iterdir()}
        return cls.read(Path(str(known[name])), charset) if name in known else None


_KINDS = {
    "counts": np.uint16,
    "followers": np.uint16,
    "pairs": np.int8,
    "others": np.int8,
    "latin": np.int8,
    "twins": np.uint16,
    "japanese": np.uint16,
}


def _others(pairs: Array) -> dict[int, set[int]]:
    """Of each first one of ``pairs`` (k, 2), its second ones."""
    found: dict[int, set[int]] = defaultdict(set)
    for first, second in pairs.tolist():
        found[first].add(second)
    return dict(found)


def _fingerprint(charset: Charset) -> Array:
    return np.array(zlib.crc32("".join(charset.characters).encode()), np.uint32)


def _check(tables: dict[str, Array], size: int, path: Path) -> None:
    """Raises WeightsError unless every array is of the kind and shape that it should be."""
    pairs = (int(tables["counts"].sum()),)
    latin = (SYMBOLS, SYMBOLS, SYMBOLS, 26)
    shapes = {"followers": pairs, "pairs": pairs, "latin": latin}
    shapes |= {name: (tables[name].size // 2, 2) for name in ("twins", "japanese")}
    for name, array in tables.items():
        shape = shapes.get(name, (size,))
        if array.shape != shape or array.dtype != _KINDS[name]:
            raise WeightsError(
                f"{path.name} is no language table: {name} is {array.dtype} {array.shape}, "
                f"not {np.dtype(_KINDS[name])} {shape}"
            )
