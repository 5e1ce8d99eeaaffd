"""A field's place on a page, and what may be read there."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from penjing.fields import kinds
from penjing.fields.reading import Reading
from penjing.fields.template import FieldSpec
from penjing.runtime.result import Quad

_MOST_OTHERS = 6  # readings from other crops for one field


@dataclass(frozen=True)
class Located:
    """A field's place, and its readings: at most one as it was read, before all others.

    ``further_to`` names the field of which this is the second value or a later one, by a label of
    its own; one that ``repeats`` an earlier label and value may be the same printed twice. The
    field may stand at one of the places ``instead``; if it must be ``proved``, maybe at none.
    """

    spec: FieldSpec
    text: str
    polygon: Quad
    confidence: float
    readings: tuple[Reading, ...]
    further_to: str = ""
    repeats: bool = False
    instead: tuple[Located, ...] = ()
    proved: bool = False

    def with_others(self, texts: Sequence[str]) -> Located:
        """With what else the place may say, the commonest first."""
        spec = self.spec
        found = [
            found.readings
            for text in texts
            for found in kinds.find(unicodedata.normalize("NFKC", text), spec)
        ]
        values = Counter(r.value for readings in found for r in readings[:1] if r.how == "read")
        known = {reading.value for reading in self.readings}
        others = [value for value, _ in values.most_common() if value not in known]
        more = tuple(Reading(value, "read again") for value in others[:_MOST_OTHERS])
        return replace(self, readings=self.readings + more)

    @property
    def plain(self) -> Reading | None:
        return next((r for r in self.readings if r.how == "read"), None)
