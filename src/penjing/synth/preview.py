"""A contact sheet of rendered lines, to be looked at before any training starts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from penjing.synth.assets.fonts import load_faces
from penjing.synth.render import LineRenderer

COLUMN = 480
ROW = 32 + 20
MARGIN = 4


def contact_sheet(
    out: Path, seed: int = 0, count: int = 120, columns: int = 3, held_out: bool = False
) -> None:
    """Write a picture of lines 0..count-1 of the set ``seed``, each above its label.

    Every character's centre is ticked under its line. Raises DataError without fetched fonts.
    """
    renderer = LineRenderer(seed, held_out=held_out, max_width=COLUMN - 2 * MARGIN)
    face = max(load_faces(held_out), key=lambda f: len(f.drawable))
    font = ImageFont.truetype(str(face.path), 13, index=face.index)
    sheet = Image.new("L", (columns * COLUMN, -(-count // columns) * ROW), 90)
    draw = ImageDraw.Draw(sheet)
    for index in range(count):
        line = renderer.render(index)
        x, y = index % columns * COLUMN + MARGIN, index // columns * ROW + MARGIN
        sheet.paste(Image.fromarray(np.ascontiguousarray(line.image)), (x, y))
        for centre in line.centres:
            draw.line((x + centre, y + 32, x + centre, y + 34), fill=230)
        draw.text((x, y + 33), line.text, fill=230, font=font)
    partial = out.with_name(out.name + ".partial")
    sheet.save(partial, format=out.suffix.lstrip(".").upper().replace("JPG", "JPEG") or "PNG")
    partial.replace(out)
