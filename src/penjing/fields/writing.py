"""Forms as text for people, and as JSON with one page a line."""

from __future__ import annotations

import json
from unicodedata import east_asian_width

from penjing.documents.leaf import Leaf
from penjing.fields import template
from penjing.fields.result import Field, Form
from penjing.fields.template import Template

_MARKS = {"checked": "✓", "unchecked": "·", "failed": "✗"}


def as_json(leaf: Leaf, form: Form) -> str:
    number = {} if leaf.number is None else {"number": leaf.number}
    document = {"file": leaf.source, **number, **form.to_dict()}
    return json.dumps(document, ensure_ascii=False) + "\n"


def as_text(leaf: Leaf, form: Form, chosen: Template | None = None) -> str:
    """A line for each field: ✓ checked, · nothing to check it by, ✗ failed, and why.

    ``chosen`` is the template of the form, where it is not a shipped one.
    """
    known = chosen or template.shipped().get(form.template)
    title = f"{known.title} ({form.template})" if known else form.template
    widest = max((_width(field.title) for field in form.fields), default=0)
    rows = [_row(field, widest) for field in form.fields] or ["  nothing was found"]
    return "\n".join([f"{leaf.title}: {title}", *rows]) + "\n"


def _row(field: Field, widest: int) -> str:
    gap = " " * (widest - _width(field.title) + 2)
    value = field.text if field.value is None else str(field.value)
    notes = [] if field.how == "read" else [f"{field.how}; first as {field.text!r}"]
    for check in field.checks:
        if not check.passed:
            verdict = "failed" if check.passed is False else "open"
            notes.append(f"{check.name} {verdict}" + (f" ({check.about})" if check.about else ""))
    tail = f"    {'; '.join(notes)}" if notes else ""
    return f"  {_MARKS[field.status]} {field.title}{gap}{value}{tail}"


def _width(text: str) -> int:
    """Columns of a terminal."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
