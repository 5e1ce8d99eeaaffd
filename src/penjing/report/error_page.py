"""What an evaluation got wrong, as one HTML page that needs no other file.

Accuracy by what lines and characters are like, confusions with a look at each, and the worst lines
of every kind with their pictures.
"""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from string import Template
from typing import Any

from PIL import Image

from penjing import __version__
from penjing.report.breakdown import Share, breakdown
from penjing.report.confusion import Confusion, Step, aligned, confusions
from penjing.report.evaluation import Scored
from penjing.runtime.pictures import Pixels, decode

WORST = 12  # lines shown of each kind
MOST = 24  # confusions shown of each sort: replaced, dropped, inserted
LOOKS = 3  # pictures shown of each confusion
LINE_BOX = (1000, 120)  # pixels that a line's picture may fill; a tall one gets a taller box
TALL_BOX = (240, 240)
LOOK_BOX = (96, 56)
LOOK_WIDTH = 1.5  # of the line's height, around a confused character


def page(lines: Sequence[Scored], report: Mapping[str, Any], title: str) -> str:
    """The HTML of ``lines`` and their ``evaluation.lines_report``.

    Raises PictureError where a wrong line's picture is gone.
    """
    wrong = [line for line in lines if not line.exact]
    tables = breakdown(lines)
    sizes = {row.name: row.count for row in tables["kind"]}
    worst = {
        kind: sorted((line for line in wrong if line.label.kind == kind), key=_badness)
        for kind in sizes
    }
    worst = {kind: members for kind, members in worst.items() if members}
    template = resources.files("penjing.report").joinpath("error_page.html")
    return Template(template.read_text(encoding="utf-8")).substitute(
        title=escape(title),
        version=__version__,
        lines=f"{len(lines):,}",
        wrong=f"{len(wrong):,}",
        figures=_figures(report),
        kinds="".join(
            f'<a class="kind" href="#kind-{k}">{escape(kind)}</a>' for k, kind in enumerate(worst)
        ),
        tables="".join(_table(name, rows) for name, rows in tables.items()),
        confusions=_confusions(confusions(wrong)),
        worst="".join(
            _kind(k, kind, members, sizes[kind]) for k, (kind, members) in enumerate(worst.items())
        )
        or '<p class="note">Every line is read exactly.</p>',
    )


def _badness(line: Scored) -> tuple[float, float, str]:
    """A key that sorts the worst first: the share of wrong characters, then the confidence."""
    steps = aligned(line)
    share = sum(step.wrong for step in steps) / max(1, len(steps))
    return -share, -line.confidence, str(line.label.image)


def _figures(report: Mapping[str, Any]) -> str:
    figures = {
        "lines read exactly": _percent(report["exact"]),
        "characters right": _percent(report["char_accuracy"]),
        "a line, median": f"{report['ms_per_line']['median']:.1f}<small> ms</small>",
    }
    spaces = report["english_spaces"]
    if spaces["lines"]:
        figures[f"F1 of spaces, {spaces['lines']:,} English lines"] = _percent(spaces["f1"])
    return "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in figures.items())


def _percent(share: float) -> str:
    return f"{100 * share:.1f}<small> %</small>"


def _table(title: str, rows: Sequence[Share]) -> str:
    """An HTML table with a bar for lines read exactly, or for characters where none are counted."""
    if not rows:
        return ""
    of_lines = rows[0].exact is not None
    heads = ("", "exact", "characters", "lines") if of_lines else ("", "right", "characters")
    body = []
    for row in rows:
        main = row.characters if row.exact is None else row.exact
        cells = [
            f"<td>{escape(row.name)}</td>",
            f'<td class="bar"><i style="--share:{main:.4f}"></i></td>',
            f"<td>{100 * main:.1f}</td>",
            f"<td>{100 * row.characters:.1f}</td>" if of_lines else "",
            f"<td>{row.count:,}</td>",
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(f"<th>{name}</th>" for name in heads)
    caption = f"<caption>By {escape(title)}</caption>"
    return f"<table>{caption}<tr><th></th>{head}</tr>{''.join(body)}</table>"


def _confusions(found: Sequence[Confusion]) -> str:
    sorts = {
        "Replaced": [c for c in found if c.right and c.read],
        "Dropped": [c for c in found if not c.read],
        "Inserted": [c for c in found if not c.right],
    }
    return "".join(
        f"<h3>{name} <small>{sum(len(c.places) for c in some):,} times</small></h3>"
        f'<ol class="chips">{"".join(map(_chip, some[:MOST]))}</ol>'
        for name, some in sorts.items()
        if some
    )


def _chip(confusion: Confusion) -> str:
    looks = [look for line, at in confusion.places[:LOOKS] if (look := _look(confusion, line, at))]
    right, read = (
        f'<b class="{side}" title="U+{ord(c):04X}">{escape(c)}</b>' if c else '<i class="none"></i>'
        for side, c in (("right", confusion.right), ("read", confusion.read))
    )
    return (
        f"<li><p>{right}<span>→</span>{read}<small>× {len(confusion.places):,}</small></p>"
        f'<div class="shots">{"".join(looks)}</div></li>'
    )


def _look(confusion: Confusion, line: Scored, at: int | None) -> str:
    """The picture around a confused character; empty where its place is not known."""
    if at is None or len(line.centres) != len(line.text):
        return ""
    if confusion.read:
        middle = line.centres[at]
    else:  # dropped: between its neighbours
        edges = (0.0, *line.centres, 1.0)
        middle = (edges[at] + edges[at + 1]) / 2
    pixels = decode(line.label.image).pixels
    height, width = pixels.shape[:2]
    reach = LOOK_WIDTH * height / 2
    left, right = (round(middle * width + side) for side in (-reach, reach))
    return _embedded(pixels[:, max(0, left) : min(width, right + 1)], LOOK_BOX)


def _kind(number: int, kind: str, wrong: Sequence[Scored], lines: int) -> str:
    shown = f", {WORST} shown" if len(wrong) > WORST else ""
    return (
        f'<details open id="kind-{number}"><summary>{escape(kind)}'
        f"<small>{len(wrong):,} of {lines:,} wrong{shown}</small></summary>"
        f'<ol class="lines">{"".join(map(_line, wrong[:WORST]))}</ol></details>'
    )


def _line(line: Scored) -> str:
    pixels = decode(line.label.image).pixels
    height, width = pixels.shape[:2]
    wrong = [step for step in aligned(line) if step.wrong]
    label = _marked(line.label.text, ((step.right, step.right_at) for step in wrong))
    text = _marked(line.text, ((step.read, step.read_at) for step in wrong))
    language = escape(line.label.language.split("+")[0].split("/")[0])
    return (
        f'<li><div class="mat">{_embedded(pixels, LINE_BOX if width >= height else TALL_BOX)}</div>'
        f'<dl class="said" lang="{language}"><dt>there</dt><dd class="right">{label}</dd>'
        f"<dt>read</dt><dd>{text}</dd></dl><p>{_summary(line, wrong, width, height)}</p></li>"
    )


def _summary(line: Scored, wrong: Sequence[Step], width: int, height: int) -> str:
    count = f"{len(wrong)} wrong, " if wrong else ""
    name = escape(line.label.image.name)
    return f"{count}{100 * line.confidence:.0f} % sure · {width} × {height} px · {name}"


def _marked(text: str, wrong: Iterable[tuple[str, int | None]]) -> str:
    """``text`` with its wrong characters marked, and a box where one is missing."""
    wrong = list(wrong)
    marked = {at for character, at in wrong if character}
    missing = Counter(at for character, at in wrong if not character)
    parts = []
    for k, character in enumerate(text):
        parts.append('<i class="none"></i>' * missing[k])
        shown = escape(character)
        parts.append(f"<mark>{shown}</mark>" if k in marked else shown)
    return "".join(parts) + '<i class="none"></i>' * missing[len(text)]


def _embedded(pixels: Pixels, box: tuple[int, int]) -> str:
    image = Image.fromarray(pixels)
    image.thumbnail(box)
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=80)
    data = base64.b64encode(jpeg.getvalue()).decode()
    size = f'width="{image.width}" height="{image.height}"'
    return f'<img alt="" loading="lazy" {size} src="data:image/jpeg;base64,{data}">'
