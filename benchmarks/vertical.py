"""Pages of vertical writing, drawn with the faces kept for validation, and labelled."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from penjing.charset import DEFAULT, Charset
from penjing.files import write_whole
from penjing.runtime.pictures import Pixels
from penjing.synth.assets.fonts import Face, load_faces
from penjing.synth.texts import japanese
from penjing.synth.texts.vocabulary import Vocabulary
from penjing.synth.typesetting.draw import LYING

_WIDTH, _HEIGHT, _MARGIN, _COLUMNS = 900, 1000, 60, 8
_STYLES = ("song", "kai", "hei", "fangsong")
_CORNER = "，。、"  # set in the upper right of their squares

Label = dict[str, object]


def write_pages(out: Path, pages: int) -> None:
    """``pages`` PNGs of eight columns each, labelled as ``penjing eval --pages`` takes them.

    Simplified, traditional and Japanese in turn, without letters and digits, for which vertical
    writing has many ways. Raises DataError if nothing has been fetched to draw with.
    """
    vocabulary = Vocabulary(Charset.load(DEFAULT))
    faces = [face for face in load_faces(held_out=True) if face.style in _STYLES]
    out.mkdir(parents=True, exist_ok=True)
    for number in range(pages):
        page, labels = _page(Random(number), vocabulary, faces, number % 3)
        text = json.dumps({"complete": True, "lines": labels}, ensure_ascii=False)
        write_whole(out / f"vertical-{number:02}.png", [cv2.imencode(".png", page)[1].tobytes()])
        write_whole(out / f"vertical-{number:02}.json", [text.encode()])


def _page(
    r: Random, vocabulary: Vocabulary, faces: list[Face], kind: int
) -> tuple[Pixels, list[Label]]:
    """uint8 (1000, 900) gray: columns from the right, slightly blurred and grainy."""
    em = r.randint(26, 44)
    pitch = em * r.choice((1.0, 1.04, 1.1, 1.25))
    most = int((_HEIGHT - 2 * _MARGIN) / pitch)
    texts = [_text(r, vocabulary, kind, most) for _ in range(_COLUMNS)]
    everything = set("".join(texts))
    face = r.choice([f for f in faces if everything <= f.drawable] or _best(faces, everything))
    sheet = Image.new("L", (_WIDTH, _HEIGHT), r.randint(225, 255))
    labels: list[Label] = []
    for k, text in enumerate(texts):
        text = "".join(c for c in text if c in face.drawable)
        x = _WIDTH - _MARGIN - (k + 0.5) * (_WIDTH - 2 * _MARGIN) / _COLUMNS
        _draw(sheet, face, text, x, em, pitch)
        left, right = x - em / 2, x + em / 2
        top, bottom = _MARGIN, _MARGIN + em + (len(text) - 1) * pitch
        corners = [[right, top], [right, bottom], [left, bottom], [left, top]]
        labels.append({"points": corners, "text": text})
    soft = cv2.GaussianBlur(np.asarray(sheet), (0, 0), r.uniform(0.3, 0.9)).astype(np.float32)
    soft += np.random.default_rng(r.getrandbits(32)).normal(0, 4, soft.shape)
    return np.clip(soft, 0, 255).astype(np.uint8), labels


def _text(r: Random, vocabulary: Vocabulary, kind: int, most: int) -> str:
    text = ""
    while len(text) < 3:
        line = (
            vocabulary.window(r, most)
            if kind == 0
            else vocabulary.traditional_window(r, most)
            if kind == 1
            else japanese.line(r, vocabulary)
        )
        kept = "".join(c for c in line if c >= "⺀" or c in LYING or c in _CORNER)
        text = kept[:most].strip("，。、：；！？")
    return text


def _best(faces: list[Face], characters: set[str]) -> list[Face]:
    return [max(faces, key=lambda face: len(characters & face.drawable))]


def _draw(sheet: Image.Image, face: Face, text: str, x: float, em: int, pitch: float) -> None:
    font = ImageFont.truetype(str(face.path), em, index=face.index)
    for k, character in enumerate(text):
        square = Image.new("L", (2 * em, 2 * em), 0)
        ImageDraw.Draw(square).text((em, em), character, 255, font=font, anchor="mm")
        if character in LYING:
            square = square.rotate(-90)
        lifted = round(0.55 * em) if character in _CORNER else 0
        place = round(x) - em + lifted, round(_MARGIN + em / 2 + k * pitch) - em - lifted
        sheet.paste(20, place, square)
