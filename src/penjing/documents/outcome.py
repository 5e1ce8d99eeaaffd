"""What became of the documents of a batch: the rows of ``index.jsonl``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from penjing.errors import ConfigError, MissingPicture, OutputError, PenjingError

_PASSING = frozenset(("internal", ConfigError.code, MissingPicture.code, OutputError.code))


@dataclass(frozen=True)
class Failure:
    """``number`` is the page's, None for the whole document; ``code`` is the error's."""

    number: int | None
    code: str
    cause: str

    @property
    def passing(self) -> bool:
        """Whether it may go better another time: the machine failed, and not the file."""
        return self.code in _PASSING

    @classmethod
    def of(cls, number: int | None, error: Exception) -> Failure:
        """An error that was not foreseen has the code "internal"."""
        if isinstance(error, PenjingError):
            return cls(number, error.code, str(error))
        return cls(number, "internal", f"{type(error).__name__}: {error}")


@dataclass(frozen=True)
class PageSummary:
    number: int | None
    confidence: float
    characters: int


@dataclass(frozen=True)
class Outcome:
    """What became of one document. ``outputs`` are names below the folder of the results.

    ``same_as`` names the document whose content this one repeats; it then has no outputs of its
    own. ``resumed`` says that it had been finished by an earlier run.
    """

    name: str
    pages: tuple[PageSummary, ...] = ()
    failures: tuple[Failure, ...] = ()
    outputs: tuple[str, ...] = ()
    same_as: str | None = None
    resumed: bool = False

    def to_row(self) -> bytes:
        """One line of JSON. How a run came by the outcome is not part of it."""
        data = asdict(self)
        del data["resumed"]
        return json.dumps(data, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def from_row(cls, row: bytes | str) -> Outcome:
        data: dict[str, Any] = json.loads(row)
        return cls(
            name=data["name"],
            pages=tuple(PageSummary(**page) for page in data["pages"]),
            failures=tuple(Failure(**failure) for failure in data["failures"]),
            outputs=tuple(data["outputs"]),
            same_as=data["same_as"],
        )


def worst(outcomes: Iterable[Outcome], most: int = 24) -> list[tuple[Outcome, PageSummary]]:
    """The pages read with the least confidence, those without any text first."""
    pages = [(outcome, page) for outcome in outcomes for page in outcome.pages]
    return sorted(pages, key=lambda pair: (pair[1].confidence, pair[0].name))[:most]
