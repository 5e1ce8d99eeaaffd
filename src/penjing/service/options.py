"""The options of a request: one table that parses them, describes them and documents them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from penjing.documents import page_range
from penjing.fields import Template, shipped
from penjing.runtime.enhance import Enhancement
from penjing.runtime.reader import ReadOptions
from penjing.service.errors import BadRequest


@dataclass(frozen=True)
class Option:
    """One option: its JSON schema and what it does."""

    name: str
    schema: Mapping[str, Any]
    about: str


_SWITCH = {"type": "boolean", "default": False}

OPTIONS = (
    Option(
        "line",
        {"type": ["boolean", "null"], "default": None},
        "true: the picture is one line; false: always search for lines; null: decide by its shape",
    ),
    Option(
        "turned",
        {"type": "boolean", "default": True},
        "also try doubtful lines turned by 90° or 180°",
    ),
    Option(
        "language",
        {"type": "boolean", "default": True},
        "let the text around a doubtful character help to tell it; false: read just what it shows",
    ),
    Option("auto", _SWITCH, "take the enhancements that help pictures like this one"),
    Option("stretch", _SWITCH, "spread the gray levels of a dark or faint picture"),
    Option("denoise", _SWITCH, "take noise away before reading"),
    Option("clahe", _SWITCH, "even out the contrast before reading"),
    Option("binarise", _SWITCH, "make the picture black and white before reading"),
    Option("deskew", _SWITCH, "level a tilted picture; polygons then lie on the levelled one"),
    Option("fields", _SWITCH, "find and check the values on invoices, tickets, receipts, cards"),
    Option(
        "template",
        {"type": ["string", "null"], "enum": [*shipped(), None], "default": None},
        "of fields: the template to find them by; null: the one that fits the page best",
    ),
    Option("preview", _SWITCH, "also send the picture as it was read, as a JPEG in base64"),
    Option(
        "pages",
        {"type": ["string", "null"], "pattern": page_range.PATTERN, "default": None},
        "of a PDF, TIFF or animation: pages such as 3, 1-3,7 or 9-; null: from the first on",
    ),
)


@dataclass(frozen=True)
class RequestOptions:
    """``pages`` are a document's, such as 1-3,7; without a ``template`` the best one is taken."""

    read: ReadOptions = field(default_factory=ReadOptions)
    fields: bool = False
    template: Template | None = None
    preview: bool = False
    pages: str | None = None


def parse(given: Any) -> RequestOptions:
    """The options in a JSON object; null or nothing means the defaults. Raises BadRequest."""
    given = object_of(given)
    known = {option.name: option for option in OPTIONS}
    for name, value in given.items():
        if name not in known:
            raise BadRequest(f"no option {name[:40]!r}; there are: {', '.join(known)}")
        _check(known[name], value)
    if given.get("template") and not given.get("fields"):
        raise BadRequest("a template is for finding fields: ask for fields too")
    values = {option.name: given.get(option.name, option.schema["default"]) for option in OPTIONS}
    steps = Enhancement(**{step.name: values[step.name] for step in fields(Enhancement)})
    return RequestOptions(
        ReadOptions(values["line"], values["turned"], steps, values["language"]),
        values["fields"],
        shipped().get(values["template"]),
        values["preview"],
        values["pages"],
    )


def object_of(given: Any) -> dict[str, Any]:
    """The JSON object that is given for options, empty for null or nothing. Raises BadRequest."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadRequest("options must be a JSON object")
    return given


def describe() -> list[dict[str, Any]]:
    """The table, for GET /api/v1/options."""
    return [{"name": o.name, "schema": dict(o.schema), "about": o.about} for o in OPTIONS]


def schema() -> dict[str, Any]:
    """The JSON schema of the options object."""
    properties = {o.name: {**o.schema, "description": o.about} for o in OPTIONS}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _check(option: Option, value: Any) -> None:
    kinds = option.schema["type"]
    kinds = [kinds] if isinstance(kinds, str) else kinds
    python = {"boolean": bool, "string": str, "null": type(None)}
    if not any(isinstance(value, python[kind]) for kind in kinds):
        raise BadRequest(f"option {option.name!r} must be {' or '.join(kinds)}")
    pattern = option.schema.get("pattern")
    if isinstance(value, str) and pattern and not re.fullmatch(pattern, value):
        raise BadRequest(f"pages must be like 3, 1-3,7 or 9-, not {value[:20]!r}")
    if value not in option.schema.get("enum", [value]):
        there = ", ".join(name for name in option.schema["enum"] if name)
        raise BadRequest(f"no {option.name} {value[:40]!r}; there are: {there}")
