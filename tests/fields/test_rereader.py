"""A place is read again in other crops, and photographed papers are read in the end."""

from __future__ import annotations

from pathlib import Path
from random import Random

import bands
import numpy as np
import pytest

from penjing.fields import Rereader, extract
from penjing.runtime.reader import Reader
from penjing.runtime.recogniser import Recogniser
from penjing.synth.papers.draw import draw
from penjing.synth.papers.invoices import invoice
from penjing.synth.papers.photograph import photograph

AMOUNTS = ("amount", "tax", "total", "total_in_words")


def test_a_place_is_read_again_where_it_is_given(bands_model: Path) -> None:
    picture = np.full((300, 600), 255, np.uint8)
    line = bands.draw("abcab", scale=2)
    height, width = line.shape
    picture[100 : 100 + height, 200 : 200 + width] = line
    right, bottom = 200.0 + width, 100.0 + height
    reread = Rereader(picture, Recogniser(bands_model, threads=1))
    texts = reread(((200.0, 100.0), (right, 100.0), (right, bottom), (200.0, bottom)))
    assert "abcab" in texts
    assert "" in reread(((10.0, 10.0), (90.0, 10.0), (90.0, 40.0), (10.0, 40.0)))


@pytest.mark.slow
def test_photographed_invoices_are_read_and_no_wrong_amount_is_checked() -> None:
    reader = Reader(threads=1)
    right = 0
    for seed in range(6):
        r = Random(seed)
        specimen = invoice(r)
        photo = photograph(draw(specimen, r), np.random.default_rng(seed))
        page = reader.read(photo.pixels)
        form = extract(page, again=Rereader(photo.pixels, reader.recogniser))
        assert form.template == specimen.template
        for name in AMOUNTS:
            field = form.get(name)
            good = field is not None and str(field.value) == specimen.truth[name]
            assert good or field is None or field.status != "checked"
            right += good
    assert right >= 0.8 * 6 * len(AMOUNTS)
