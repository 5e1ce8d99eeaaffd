"""Which faces a text is drawn with: by weight, among those that have all of it and suit a look."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate

from penjing.synth.assets.fonts import Face
from penjing.synth.dice import Dice

Rack = tuple[list[int], list[float]]  # face numbers, and the running sum of their weights

_MACHINE = (
    "hei", "song", "kai", "fangsong", "mono", "pixel", "latin", "latin-condensed", "latin-serif",
    "latin-mono", "typewriter", "ocr", "dot",
)  # fmt: skip
STYLES: dict[str, Mapping[str, float]] = {
    "plate": {"latin-condensed": 1, "hei": 1},
    "card": {"ocr": 8, "latin": 1, "latin-condensed": 1},
    "tag": {"lettering": 10, "latin": 1, "latin-condensed": 1, "latin-mono": 1, "hei": 1},
    "terminal": {"latin-mono": 1, "mono": 1, "hei": 1},
    "subtitle": {"hei": 1, "latin": 1},
    "segments": {"segment": 1},
    "thermal": dict.fromkeys(_MACHINE, 1) | {"latin": 1.5, "latin-mono": 2.5, "lettering": 2},
    "scanned": dict.fromkeys(_MACHINE, 1) | {"latin": 1.5, "latin-mono": 1.5},
    "carbon": {"hei": 1, "latin": 1, "latin-condensed": 1},
    "needle": dict.fromkeys(
        ("hei", "song", "mono", "latin-mono", "dot", "typewriter", "latin"), 1
    ),
}  # fmt: skip
"""By look the styles of faces that it is mostly printed in, with factors on the faces' weights.
Brush and handwriting faces are missing from the coarse ones, which they would not survive."""


SLANTED = 0.3
"""Italics count for less than their upright sisters, as in print."""

SEGMENTS_SHOW = frozenset("0123456789.:- ")


class Wardrobe:
    """Which faces a text may wear, chosen by weight among those that can draw it."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self._faces = tuple(faces)
        everything = {face.style for face in self._faces} - {"segment"}
        self._racks = {
            (look, han): self._rack(styles, han)
            for look, styles in {**STYLES, "": dict.fromkeys(everything, 1.0)}.items()
            for han in (False, True)
        }
        latin = {face.style for face in self._faces if face.latin} - {"segment"}
        self._latin = self._rack(dict.fromkeys(latin, 1.0), han=False)

    def _rack(self, styles: Mapping[str, float], han: bool) -> Rack:
        """Faces of the styles with their running sum of weights; for Han text no Latin ones."""
        numbers = [
            k
            for k, face in enumerate(self._faces)
            if face.style in styles and not (han and face.latin)
        ]
        weights = (self._weight(k) * styles[self._faces[k].style] for k in numbers)
        return numbers, list(accumulate(weights))

    def _weight(self, number: int) -> float:
        face = self._faces[number]
        slanted = any(word in face.path.name.lower() for word in ("italic", "oblique"))
        return face.weight * (SLANTED if slanted else 1.0)

    def dress(self, dice: Dice, text: Sequence[str], look: str) -> list[int] | None:
        """A face number for each character, or None if no face covers the text."""
        needed = set("".join(text))
        han = chinese(text)
        face = None
        if look in STYLES and dice.chance(0.93):
            face = self._choose(dice, needed, self._racks[look, han], tries=12)
        if face is None:
            face = self._choose(dice, needed, self._racks["", han], tries=60)
        if face is None:
            return None
        faces = [face] * len(text)
        # Typesetters and plates put Latin letters and digits of their own face among Chinese.
        if han and dice.chance(0.8 if look == "plate" else 0.45):
            western = {c for c in needed if "!" <= c <= "~"}
            if western:
                rack = self._racks["plate", False] if look == "plate" else self._latin
                second = self._choose(dice, western, rack, tries=6)
                if second is not None:
                    faces = [second if c in western else face for c in text]
        return faces

    def _choose(self, dice: Dice, needed: set[str], rack: Rack, tries: int) -> int | None:
        numbers, ends = rack
        if not numbers:
            return None
        for _ in range(tries):
            place = bisect(ends, dice.uniform(0, ends[-1]))
            number = numbers[min(place, len(numbers) - 1)]
            if needed <= self._faces[number].drawable:
                return number
        return None


def chinese(text: Sequence[str]) -> bool:
    """Whether the text has characters of the CJK blocks."""
    return any(c >= "⺀" for c in text)
