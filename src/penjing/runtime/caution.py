"""What a page warns of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CautionCode = Literal[
    "shrunk",
    "lines_left_out",
    "frames_left_out",
    "pages_left_out",
    "coarse",
    "own_text",
    "hidden_left_out",
    "invisible_text",
    "no_unicode",
    "hidden_text",
    "pictures",
    "shapes",
    "notes",
    "not_read",
    "other",  # of a result that was written without codes
]


@dataclass(frozen=True)
class Caution:
    """A warning: a sentence for people, and a code for programs, which stays if the words change.

    It tells of something that was left out or not as asked for.
    """

    code: CautionCode
    message: str

    def __str__(self) -> str:
        return self.message
