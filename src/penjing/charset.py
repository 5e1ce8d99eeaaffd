"""Characters and their class numbers.

A shipped character set is a text file under ``charsets/``, one character a line; line k is class k.
The set of somebody's own labels has no file: its name spells it out, so that a plan needs no more.
The CTC blank has no class number: the network's head gives it apart (``models/crnn.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources

from penjing.errors import CharsetError

DEFAULT = "zh-ja-en-v3"  # what new networks read
SPELLED = "spelled:"  # such a name goes on with the characters themselves


class Charset:
    """An ordered set of characters; the index of a character is its class number."""

    def __init__(self, name: str, characters: Sequence[str]) -> None:
        single = bool(characters) and all(len(c) == 1 for c in characters)
        if not single or len(set(characters)) != len(characters):
            raise CharsetError(f"character set {name!r} must list single characters, each once")
        self.name = name
        self.characters = tuple(characters)
        self._index = {c: i for i, c in enumerate(self.characters)}

    @classmethod
    @lru_cache(maxsize=8)
    def load(cls, name: str) -> Charset:
        """A shipped or a spelled set by its name. Raises CharsetError for an unknown name."""
        if name.startswith(SPELLED):
            return cls(name, name.removeprefix(SPELLED))
        folder = resources.files("penjing") / "charsets"
        file = folder / f"{name}.txt"
        if not file.is_file():
            known = sorted(f.name[:-4] for f in folder.iterdir() if f.name.endswith(".txt"))
            raise CharsetError(f"no character set {name!r}; shipped are {', '.join(known)}")
        return cls(name, file.read_text(encoding="utf-8").removesuffix("\n").split("\n"))

    @classmethod
    def of(cls, texts: Iterable[str]) -> Charset:
        """The set of all characters in ``texts``, in the order of their code points.

        Raises CharsetError if there are none.
        """
        characters = "".join(sorted({c for text in texts for c in text}))
        return cls(SPELLED + characters, characters)

    def __len__(self) -> int:
        return len(self.characters)

    def __contains__(self, character: str) -> bool:
        return character in self._index

    @property
    def chinese(self) -> bool:
        """Whether any Chinese is written with it."""
        return any("\u4e00" <= c <= "\u9fff" for c in self.characters)

    @property
    def traditional(self) -> bool:
        """Whether Chinese can be written with it in traditional characters."""
        return self.covers("這們個國說話來時會學")

    @property
    def japanese(self) -> bool:
        """Whether Japanese can be written with it."""
        return self.covers("のをカン気学")

    def covers(self, text: Iterable[str]) -> bool:
        return all(c in self._index for c in text)

    def encode(self, text: str) -> list[int]:
        """Class numbers of ``text``. Raises CharsetError naming the characters it lacks."""
        missing = sorted({c for c in text if c not in self._index})
        if missing:
            raise CharsetError(f"character set {self.name!r} lacks {' '.join(map(repr, missing))}")
        return [self._index[c] for c in text]

    def decode(self, classes: Iterable[int]) -> str:
        """The text with these class numbers, a character for each."""
        return "".join(self.characters[k] for k in classes)
