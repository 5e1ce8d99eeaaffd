"""Pictures of lines in memory, with what they say: what models are measured on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from penjing.report.evaluation import Labelled
from penjing.runtime.pictures import Pixels, decode
from penjing.runtime.rectify import to_gray


@dataclass(frozen=True)
class Line:
    """A gray line picture, uint8 (height, width), its text, and the kind of picture it is from."""

    pixels: Pixels
    text: str
    kind: str = ""


def opened(labels: Iterable[Labelled]) -> list[Line]:
    """The pictures of ``labels``, decoded. Raises PictureError for one that cannot be."""
    return [Line(to_gray(decode(label.image).pixels), label.text, label.kind) for label in labels]
