"""What extraction gives: a Form of Fields, each with its place, its confidence and its checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from penjing.runtime.result import Quad

Value = Decimal | date | str
Status = Literal["checked", "unchecked", "failed"]
How = Literal["read", "corrected", "read again"]


@dataclass(frozen=True)
class Check:
    """One check of a field. ``passed`` is None where it could not be made; ``about`` says why."""

    name: str
    passed: bool | None
    about: str = ""


@dataclass(frozen=True)
class Field:
    """One value found on a page.

    ``text`` is as it was read first; ``value`` is None if that is no value of its kind. ``how`` the
    value came from it: as it was read; corrected where its kind cannot have such a character; or
    read again, from another crop. The latter two happen only where checks confirm them.
    ``polygon`` is four corners in pixels of the page, ``confidence`` the mean over
    its characters.
    """

    name: str
    title: str
    kind: str
    text: str
    value: Value | None
    confidence: float
    polygon: Quad
    checks: tuple[Check, ...] = ()
    how: How = "read"

    @property
    def status(self) -> Status:
        """``checked`` only if a check passed, and none failed; one left open says nothing."""
        if self.value is None or any(check.passed is False for check in self.checks):
            return "failed"
        if any(check.passed for check in self.checks):
            return "checked"
        return "unchecked"

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: amounts are strings like "943.40", dates like "2026-11-22"."""
        return {
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "text": self.text,
            "value": None if self.value is None else str(self.value),
            "confidence": self.confidence,
            "polygon": [list(point) for point in self.polygon],
            "status": self.status,
            "how": self.how,
            "checks": [
                {"name": check.name, "passed": check.passed, "about": check.about}
                for check in self.checks
            ],
        }


@dataclass(frozen=True)
class Form:
    """All fields found on a page, in the order of the template that found them."""

    template: str
    fields: tuple[Field, ...]

    def get(self, name: str) -> Field | None:
        """The field of that name, or None if it was not found."""
        return next((field for field in self.fields if field.name == name), None)

    def __getitem__(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        field = self.get(name)
        if field is None:
            raise KeyError(name)
        return field

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def to_dict(self) -> dict[str, Any]:
        return {
            "template": self.template,
            "fields": [field.to_dict() for field in self.fields],
        }
