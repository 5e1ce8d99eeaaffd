"""What the XML formats share: elements by ElementTree, which escapes, and text that XML allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from penjing.runtime.result import Point

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# XML 1.0, production 2: all other control characters and surrogates cannot be written at all.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """``text`` with what XML cannot hold replaced by U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def element(
    parent: ElementTree.Element | None, tag: str, text: str | None = None, **attributes: object
) -> ElementTree.Element:
    """A new element; a trailing underscore in an attribute's name is dropped (``class_``)."""
    named = {name.rstrip("_"): legal(str(value)) for name, value in attributes.items()}
    made = (
        ElementTree.Element(tag, named)
        if parent is None
        else ElementTree.SubElement(parent, tag, named)
    )
    made.text = None if text is None else legal(text)
    return made


def serialise(root: ElementTree.Element, depth: int) -> bytes:
    """An indented piece of a larger document."""
    ElementTree.indent(root, level=depth)
    return ("  " * depth + ElementTree.tostring(root, encoding="unicode") + "\n").encode()


def points(polygon: Sequence[Point]) -> str:
    """Corners as PAGE and ALTO write them: whole, not negative."""
    return " ".join(f"{max(0, round(x))},{max(0, round(y))}" for x, y in polygon)
