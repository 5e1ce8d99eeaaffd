"""A summary of a batch as one HTML file: counts, failures, and the worst pages with thumbnails."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Set
from html import escape
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from penjing.documents import archives
from penjing.documents.document import Document
from penjing.documents.outcome import Outcome, PageSummary, worst
from penjing.documents.sources import by_suffix
from penjing.errors import PenjingError

_THUMBNAIL = 260  # pixels
_THUMBNAIL_DPI = 40.0
_MOST_FAILURES = 500  # in the page; all of them are in the index

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>penjing batch</title><style>
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em }
table { border-collapse: collapse } td, th { padding: .2em 1em .2em 0; text-align: left }
td, th { vertical-align: top } td { overflow-wrap: anywhere } h2 { margin-top: 2em }
.pages { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 1em }
figure { margin: 0 } figcaption { font-size: 13px; overflow-wrap: anywhere }
img { max-width: 100%; border: 1px solid #ccc }
</style></head><body><h1>penjing batch</h1>
"""


def report(
    outcomes: list[Outcome], paths: Mapping[str, Path], left_out: Set[Path] = frozenset()
) -> bytes:
    """The HTML; ``paths`` says where the document of each name lies."""
    counts = _counts(outcomes, left_out)
    return "".join(
        (_HEAD, counts, _failures(outcomes), _worst(outcomes, paths), "</body></html>\n")
    ).encode()


def _counts(outcomes: list[Outcome], left_out: Set[Path]) -> str:
    pages = [page for outcome in outcomes for page in outcome.pages]
    characters = sum(page.characters for page in pages)
    sure = sum(page.confidence * page.characters for page in pages) / max(1, characters)
    rows = {
        "documents": len(outcomes),
        "pages read": len(pages),
        "pages without text": sum(page.characters == 0 for page in pages),
        "characters": characters,
        "mean confidence": f"{sure:.3f}",
        "failures": sum(len(outcome.failures) for outcome in outcomes),
        "repeated documents": sum(outcome.same_as is not None for outcome in outcomes),
        "files of other kinds, left out": len(left_out),
    }
    if left_out:
        rows["of these"] = by_suffix(left_out)
    return "<table>" + "".join(_row(name, value) for name, value in rows.items()) + "</table>\n"


def _failures(outcomes: list[Outcome]) -> str:
    rows = [
        _row(outcome.name, failure.number or "", failure.code, failure.cause)
        for outcome in outcomes
        for failure in outcome.failures
    ]
    if not rows:
        return ""
    heads = "<tr><th>document<th>page<th>code<th>cause</tr>"
    more = len(rows) - _MOST_FAILURES
    rest = f"<p>{more} more are in index.jsonl</p>\n" if more > 0 else ""
    table = f"<table>{heads}{''.join(rows[:_MOST_FAILURES])}</table>"
    return f"<h2>Failures</h2>\n{table}\n{rest}"


def _worst(outcomes: list[Outcome], paths: Mapping[str, Path]) -> str:
    figures = [_figure(outcome, page, paths[outcome.name]) for outcome, page in worst(outcomes)]
    if not figures:
        return ""
    return f'<h2>The least sure pages</h2>\n<div class="pages">{"".join(figures)}</div>\n'


def _figure(outcome: Outcome, page: PageSummary, path: Path) -> str:
    title = outcome.name if page.number is None else f"{outcome.name}, page {page.number}"
    named = f'<a href="{quote(outcome.outputs[0])}">{escape(title)}</a>'
    said = f"{named}<br>confidence {page.confidence:.3f}, {page.characters} characters"
    return f"<figure>{_thumbnail(path, page.number)}<figcaption>{said}</figcaption></figure>\n"


def _thumbnail(path: Path, number: int | None) -> str:
    try:
        with Document(archives.content(path)) as document:
            picture = document.picture(number, dpi=_THUMBNAIL_DPI)
    except PenjingError as error:  # it may have been moved since
        return escape(str(error))
    image = Image.fromarray(picture.pixels)
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=70)
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}">'


def _row(*cells: object) -> str:
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>\n"
