"""Generated papers: drawn and photographed where they say they are."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from penjing.errors import DataError
from penjing.synth.assets.fonts import load_faces
from penjing.synth.papers.draw import draw
from penjing.synth.papers.invoices import paper_invoice
from penjing.synth.papers.photograph import Photograph, photograph
from penjing.synth.papers.specimen import Specimen, perfect_page


def taken(seed: int) -> tuple[Specimen, Photograph]:
    try:
        load_faces(held_out=True)
    except DataError:
        pytest.skip("no fonts: penjing data fetch")
    r = Random(seed)
    specimen = paper_invoice(r)
    return specimen, photograph(draw(specimen, r), np.random.default_rng(seed))


def test_texts_are_seen_where_the_specimen_says() -> None:
    specimen, photo = taken(4)
    gray = photo.pixels.mean(axis=2)
    page = perfect_page(specimen, photo)
    assert (page.height, page.width) == gray.shape
    darker = 0
    for line in page.lines:
        (left, top), (right, bottom) = np.min(line.polygon, axis=0), np.max(line.polygon, axis=0)
        assert 0 <= left < right <= page.width
        assert 0 <= top < bottom <= page.height
        box = gray[round(top) : round(bottom), round(left) : round(right)]
        darker += box.min() < 0.8 * np.percentile(box, 90)
    assert darker > 0.95 * len(page.lines)


def test_a_photograph_depends_on_nothing_but_its_seed() -> None:
    first, second = taken(5)[1], taken(5)[1]
    assert np.array_equal(first.pixels, second.pixels)
