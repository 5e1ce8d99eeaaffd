"""A summary of a batch as one HTML file: counts, failures, and the worst pages with thumbnails."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from html import escape
from pathlib import Path

from PIL import Image

from penjing.documents.batch import Outcome, PageSummary, worst
from penjing.documents.document import Document
from penjing.errors import PenjingError

_THUMBNAIL = 260  # pixels
_THUMBNAIL_DPI = 40.0

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>penjing batch</title><style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em }
table { border-collapse: collapse } td, th { padding: .2em 1em .2em 0; text-align: left }
.pages { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 1em }
figure { margin: 0 } figcaption { font-size: 13px; overflow-wrap: anywhere }
img { max-width: 100%; border: 1px solid #ccc }
</style></head><body><h1>penjing batch</h1>
"""


def report(outcomes: list[Outcome], paths: Mapping[str, Path]) -> bytes:
    """The HTML; ``paths`` says where the document of each name lies."""
    return "".join(
        (_HEAD, _counts(outcomes), _failures(outcomes), _worst(outcomes, paths), "</body></html>\n")
    ).encode()


def _counts(outcomes: list[Outcome]) -> str:
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
    }
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
    return f"<h2>Failures</h2>\n<table>{heads}{''.join(rows)}</table>\n"


def _worst(outcomes: list[Outcome], paths: Mapping[str, Path]) -> str:
    figures = [_figure(outcome, page, paths[outcome.name]) for outcome, page in worst(outcomes)]
    return f'<h2>The least sure pages</h2>\n<div class="pages">{"".join(figures)}</div>\n'


def _figure(outcome: Outcome, page: PageSummary, path: Path) -> str:
    title = outcome.name if page.number is None else f"{outcome.name}, page {page.number}"
    said = f"{escape(title)}<br>confidence {page.confidence:.3f}, {page.characters} characters"
    return f"<figure>{_thumbnail(path, page.number)}<figcaption>{said}</figcaption></figure>\n"


def _thumbnail(path: Path, number: int | None) -> str:
    try:
        with Document(path) as document:
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
