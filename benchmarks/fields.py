"""How many values on photographed invoices are found, and whether a wrong one is called checked.

    python benchmarks/fields.py --count 200 [--model default] [--out benchmarks/results/fields.csv]

Invoices are generated, drawn with fonts kept from training, and photographed synthetically. Each is
read by penjing, without and with a second look where checks fail, and once with perfect texts in
the places where the photograph shows them: that leaves only what the templates miss.
"""

from __future__ import annotations

import argparse
import csv
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import cv2
import numpy as np
from rich.progress import track

from penjing.fields import Form, SecondLook, extract
from penjing.fields.specimens.draw import draw
from penjing.fields.specimens.invoices import invoice
from penjing.fields.specimens.photograph import photograph
from penjing.fields.specimens.sheet import Specimen, perfect_page
from penjing.runtime.reader import Reader

GROUPS = {
    "amount": "amounts",
    "tax": "amounts",
    "total": "amounts",
    "total_in_words": "amounts in words",
    "buyer_tax_number": "tax numbers",
    "seller_tax_number": "tax numbers",
    "buyer": "names",
    "seller": "names",
    "code": "codes, numbers, dates",
    "number": "codes, numbers, dates",
    "date": "codes, numbers, dates",
}


class Score:
    """Counts by group of fields: all, right, and wrong ones by what they were reported as."""

    def __init__(self) -> None:
        self.all: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.checked: Counter[str] = Counter()
        self.wrong: Counter[tuple[str, str]] = Counter()
        self.misses: list[str] = []

    def add(self, form: Form, specimen: Specimen, about: str) -> None:
        for name, truth in specimen.truth.items():
            group = GROUPS[name]
            field = form.get(name)
            self.all[group] += 1
            status = "missing" if field is None else field.status
            self.checked[group] += status == "checked"
            if field is not None and _same(str(field.value), truth):
                self.right[group] += 1
            else:
                self.wrong[group, status] += 1
                read = "" if field is None else field.text
                self.misses.append(f"{about}\t{name}\t{status}\t{truth}\t{read}")


def _same(value: str, truth: str) -> bool:
    return unicodedata.normalize("NFKC", value) == unicodedata.normalize("NFKC", truth)


def measure(count: int, seed: int, reader: Reader) -> dict[str, Score]:
    texts = (f"penjing {reader.model}, one look", f"penjing {reader.model}", "perfect texts")
    scores = {name: Score() for name in texts}
    once, twice, perfect = scores.values()
    for k in track(range(seed, seed + count), "invoices"):
        r = Random(k)
        specimen = invoice(r)
        photo = photograph(draw(specimen, r), np.random.default_rng(k))
        page = reader.read(photo.pixels)
        once.add(extract(page), specimen, str(k))
        again = SecondLook(photo.pixels, reader.recogniser)
        twice.add(extract(page, again=again), specimen, str(k))
        perfect.add(extract(perfect_page(specimen, photo)), specimen, str(k))
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=10_000)
    parser.add_argument("--model", default="default")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/fields.csv"))
    parser.add_argument("--misses", type=Path, help="Write every wrong value here.")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    scores = measure(options.count, options.seed, Reader(options.model))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        header = ["group", "values", "right", "checked", "wrong_checked", "wrong_failed"]
        table.writerow(["date", "invoices", "texts", *header, "wrong_unchecked", "missing"])
        for texts, score in scores.items():
            print(f"{options.count} invoices, {texts}")
            for group, values in score.all.items():
                wrong = [
                    score.wrong[group, status]
                    for status in ("checked", "failed", "unchecked", "missing")
                ]
                row = [group, values, score.right[group], score.checked[group], *wrong]
                table.writerow([date.today(), options.count, texts, *row])
                print(
                    f"  {group:24}{score.right[group] / values:8.2%} of {values} right, "
                    f"{score.checked[group]} checked; wrong: {wrong[0]} checked, "
                    f"{wrong[1]} failed, {wrong[2]} unchecked, {wrong[3]} missing"
                )
    if options.misses:
        lines = [miss for score in scores.values() for miss in score.misses]
        options.misses.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong_checked = sum(s.wrong[group, "checked"] for s in scores.values() for group in s.all)
    print(f"wrong values reported as checked: {wrong_checked}")


if __name__ == "__main__":
    main()
