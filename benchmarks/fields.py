"""How many values on photographed invoices are found, and whether a wrong one is called checked.

Invoices are generated, drawn with fonts kept from training, and photographed synthetically. Each is
read by penjing, without and with a second look where checks fail, and once with perfect texts in
the places where the photograph shows them: that leaves only what the templates miss.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
from rich.progress import track

from penjing.fields import Form, Rereader, extract
from penjing.runtime.reader import Reader
from penjing.synth.papers.draw import draw
from penjing.synth.papers.invoices import invoice
from penjing.synth.papers.photograph import photograph
from penjing.synth.papers.specimen import Specimen, perfect_page

GROUPS = {
    "amounts": ("amount", "tax", "total"),
    "tax numbers": ("buyer_tax_number", "seller_tax_number"),
    "amounts in words": ("total_in_words",),
    "codes, numbers, dates": ("code", "number", "date"),
    "names": ("buyer", "seller"),
}


@dataclass
class Row:
    """What became of the values of one group of fields."""

    invoices: int
    texts: str
    group: str
    values: int = 0
    right: int = 0
    checked: int = 0
    wrong_checked: int = 0
    wrong_failed: int = 0
    wrong_unchecked: int = 0
    missing: int = 0


def count(form: Form, specimen: Specimen, rows: dict[str, Row]) -> list[str]:
    """Add one invoice to the rows; gives its wrong values, as read and as they should be."""
    misses = []
    for group, names in GROUPS.items():
        row = rows[group]
        for name in [name for name in names if name in specimen.truth]:
            field, truth = form.get(name), specimen.truth[name]
            status = "missing" if field is None else field.status
            right = field is not None and _same(str(field.value), truth)
            row.values += 1
            row.right += right
            row.checked += status == "checked"
            row.wrong_checked += not right and status == "checked"
            row.wrong_failed += not right and status == "failed"
            row.wrong_unchecked += not right and status == "unchecked"
            row.missing += status == "missing"
            if not right:
                misses.append(f"{name}\t{status}\t{truth}\t{field.text if field else ''}")
    return misses


def _same(value: str, truth: str) -> bool:
    return unicodedata.normalize("NFKC", value) == unicodedata.normalize("NFKC", truth)


def measure(
    invoices: int, seed: int, model: str, threads: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """The table, and a line for every wrong value."""
    cv2.setNumThreads(threads)
    reader = Reader(model, threads)
    once, twice = f"penjing {reader.model}, one look", f"penjing {reader.model}"
    tables = {
        texts: {group: Row(invoices, texts, group) for group in GROUPS}
        for texts in (once, twice, "perfect texts")
    }
    misses = []
    for k in track(range(seed, seed + invoices), "invoices"):
        r = Random(k)
        specimen = invoice(r)
        photo = photograph(draw(specimen, r), np.random.default_rng(k))
        page = reader.read(photo.pixels)
        again = Rereader(photo.pixels, reader.recogniser)
        forms = {
            once: extract(page),
            twice: extract(page, again=again),
            "perfect texts": extract(perfect_page(specimen, photo)),
        }
        for texts, form in forms.items():
            found = count(form, specimen, tables[texts])
            misses += [f"{k}\t{texts}\t{miss}\n" for miss in found]
    return [asdict(row) for rows in tables.values() for row in rows.values()], misses
