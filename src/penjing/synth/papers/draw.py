"""A specimen on white paper: type, rules, the circled cross, and a red seal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from penjing.errors import DataError
from penjing.synth.assets.fonts import Face, load_faces
from penjing.synth.papers.photograph import Picture
from penjing.synth.papers.specimen import Specimen

_STYLES = ("song", "hei", "kai", "fangsong")
_RED = (200, 40, 40)


def draw(specimen: Specimen, r: Random, held_out: bool = True) -> Picture:
    """uint8 (H, W, 3). With faces kept from training unless ``held_out`` is False.

    Raises DataError when no fetched font has all the characters.
    """
    faces = {ink: _choose(r, _texts(specimen, ink), held_out) for ink in ("form", "value")}
    colours = {"form": specimen.form_ink, "value": specimen.value_ink}
    paper = Image.new("RGB", (specimen.width, specimen.height), (252, 252, 250))
    pen = ImageDraw.Draw(paper)
    for rule in specimen.rules:
        pen.line(rule, fill=specimen.form_ink, width=2)
    for x, y in specimen.marks:
        pen.ellipse((x - 10, y - 10, x + 10, y + 10), outline=specimen.form_ink, width=2)
        pen.line((x - 7, y - 7, x + 7, y + 7), fill=specimen.form_ink, width=2)
        pen.line((x - 7, y + 7, x + 7, y - 7), fill=specimen.form_ink, width=2)
    anchors = {"left": "la", "middle": "ma", "right": "ra"}
    for p in specimen.prints:
        font = _font(faces[p.ink], round(p.size))
        pen.text((p.x, p.y), p.text, font=font, fill=colours[p.ink], anchor=anchors[p.align])
    if specimen.seal is not None:
        paper = _sealed(paper, specimen.seal, faces["form"])
    return np.asarray(paper)


def _texts(specimen: Specimen, ink: str) -> set[str]:
    return {c for p in specimen.prints if p.ink == ink for c in p.text}


def _choose(r: Random, needed: set[str], held_out: bool) -> Face:
    able = [face for face in _faces(held_out) if needed <= face.drawable]
    if not able:
        raise DataError("no fetched font has all characters: run `penjing data fetch`")
    return r.choice(able)


@lru_cache(maxsize=2)
def _faces(held_out: bool) -> Sequence[Face]:
    return [face for face in load_faces(held_out) if face.style in _STYLES]


@lru_cache(maxsize=64)
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), size, index=face.index)


def _sealed(paper: Image.Image, seal: tuple[float, float, str], face: Face) -> Image.Image:
    """An oval seal with the firm's name along its rim, half transparent as ink is."""
    x, y, name = seal
    layer = Image.new("L", paper.size, 0)
    pen = ImageDraw.Draw(layer)
    pen.ellipse((x - 120, y - 80, x + 120, y + 80), outline=150, width=5)
    font = _font(face, 20)
    turns = np.linspace(-2.6, -0.54, max(2, len(name)))
    for c, turn in zip(name, turns, strict=False):
        if c in face.drawable:
            place = (x + 98 * np.cos(turn), y + 60 * np.sin(turn))
            pen.text(place, c, font=font, fill=150, anchor="mm")
    pen.text((x, y + 30), "发票专用章", font=font, fill=150, anchor="mm")
    ink = Image.new("RGB", paper.size, _RED)
    return Image.composite(ink, paper, layer)
