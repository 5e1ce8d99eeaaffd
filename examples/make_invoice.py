"""Draw ``invoice.jpg``, a photographed invoice, and ``invoice-fields.jpg``, what is found on it.

Run ``python examples/make_invoice.py``; needs ``penjing data fetch``. Every name is invented.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from penjing import Reader
from penjing.documents.leaf import Leaf
from penjing.fields import Form, Rereader, extract
from penjing.fields.writing import as_text
from penjing.synth.assets.fonts import load_faces
from penjing.synth.dice import Dice
from penjing.synth.papers.draw import draw
from penjing.synth.papers.invoices import paper_invoice
from penjing.synth.papers.photograph import photograph
from penjing.synth.pictures.backgrounds import cloud, fabric

SEED = 7
COLOURS = {"checked": (0, 130, 60), "unchecked": (40, 90, 200), "failed": (210, 40, 30)}


def cloth(dice: Dice, height: int, width: int) -> np.ndarray:
    """A woven table-cloth: fetched photographs are not ours to publish."""
    return 150 + fabric(dice, height, width, 8) + 10 * cloud(dice, height, width, 60)


def annotate(picture: Image.Image, form: Form) -> Image.Image:
    """Boxes in the colour of their status, each with its field's title above it."""
    face = next(f for f in load_faces() if f.style == "hei" and {"购", "额"} <= f.drawable)
    font = ImageFont.truetype(str(face.path), 15, index=face.index)
    pen = ImageDraw.Draw(picture)
    for field in form.fields:
        colour = COLOURS[field.status]
        pen.polygon(field.polygon, outline=colour, width=2)
        x, y = max(field.polygon, key=lambda point: point[0] - 0.1 * point[1])
        place = (x + 4, y + 4)
        pen.rectangle(pen.textbbox(place, field.title, font=font), fill=(255, 255, 255))
        pen.text(place, field.title, font=font, fill=colour)
    return picture


def main() -> None:
    r = Random(SEED)
    paper = draw(paper_invoice(r), r, held_out=False)
    photo = photograph(paper, np.random.default_rng(SEED), cloth)
    folder = Path(__file__).parent
    Image.fromarray(photo.pixels).save(folder / "invoice.jpg", quality=85)
    reader = Reader()
    page = reader.read(folder / "invoice.jpg")
    form = extract(page, again=Rereader(photo.pixels, reader.recogniser))
    print(as_text(Leaf(page, "invoice.jpg"), form), end="")
    annotate(Image.open(folder / "invoice.jpg"), form).save(
        folder / "invoice-fields.jpg", quality=85
    )


if __name__ == "__main__":
    main()
