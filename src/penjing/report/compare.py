"""Models side by side: what they cost and how well they read, as before and after pruning."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from math import sqrt
from pathlib import Path
from statistics import stdev

from penjing.charset import Charset
from penjing.errors import DataError, WeightsError
from penjing.labelled import Labelled, Line
from penjing.models.plan import Plan
from penjing.report.counting import WIDTH, line_cost
from penjing.report.evaluation import Scored, normalise, score
from penjing.report.latency import Timing, taking_turns
from penjing.report.table import as_csv
from penjing.runtime.pictures import Pixels
from penjing.runtime.recogniser import Recogniser
from penjing.runtime.weights import describe

HEADINGS = {
    "parameters": "parameters",
    "multiply_adds": f"multiply-adds (one line of {WIDTH} px)",
    "flops": "FLOPs (twice that)",
    "bytes": "bytes of the ONNX file",
    "median_ms": "median ms a line, one thread",
    "p95_ms": "p95 ms a line, one thread",
    "exact": "lines read exactly",
    "characters": "characters right",
}


@dataclass(frozen=True)
class Row:
    """One model. Parameters and multiply-adds are None where its file carries no plan.

    An ``_error`` is the standard error of the change against the first model, line by line: None
    for the first itself, and where there is but one. A change of less than twice as much may be
    chance.
    """

    model: str
    parameters: int | None
    multiply_adds: int | None
    flops: int | None
    bytes: int
    median_ms: float
    p95_ms: float
    exact: float
    characters: float
    exact_error: float | None = None
    characters_error: float | None = None


def characters(model: Path) -> Charset:
    """The character set of the recogniser in a file. Raises WeightsError as ``compare`` does."""
    if model.suffix != ".safetensors":
        return Recogniser(model).charset
    from penjing.models import load

    return Charset.load(load(model).plan.charset)


def compare(models: Sequence[Path], lines: Sequence[Line], repeats: int = 3) -> list[Row]:
    """A row for each model, ``.onnx`` or ``.safetensors`` (exported first).

    Raises:
        DataError: there are no lines.
        WeightsError: a file is missing, broken or no recogniser, or two have the same name.
    """
    if not lines:
        raise DataError("there is no line to compare on")
    names = [path.name for path in models]
    if len(set(map(str, models))) < len(models):
        raise WeightsError("the same file is given twice")
    if len(set(names)) < len(names):
        names = [str(path) for path in models]
    with tempfile.TemporaryDirectory() as folder:
        files = [_deployable(path, Path(folder) / f"{k}.onnx") for k, path in enumerate(models)]
        recognisers = dict(zip(names, (Recogniser(file, threads=1) for file in files), strict=True))
        turns = taking_turns(
            {name: partial(_read, recogniser) for name, recogniser in recognisers.items()},
            [line.pixels for line in lines],
            repeats,
        )
        read = {
            name: [_scored(*pair) for pair in zip(lines, own.answers, strict=True)]
            for name, own in turns.items()
        }
        rows: list[Row] = []
        for name, file in zip(names, files, strict=True):
            plan = recognisers[name].plan
            cost = line_cost(Plan.from_json(json.dumps(plan))) if plan else None
            timing, marks = Timing.of(turns[name].milliseconds), score(read[name])
            errors = _standard_errors(read[names[0]], read[name]) if rows else (None, None)
            rows.append(
                Row(
                    name,
                    describe(file).parameters,
                    cost,
                    2 * cost if cost else None,
                    file.stat().st_size,
                    round(timing.median, 3),
                    round(timing.p95, 3),
                    marks["exact"],
                    marks["char_accuracy"],
                    *errors,
                )
            )
    return rows


def _standard_errors(
    before: Sequence[Scored], after: Sequence[Scored]
) -> tuple[float, float] | tuple[None, None]:
    """Of the changes in lines exact and in characters right, both of which a single line hides."""
    if len(before) < 2:
        return None, None
    pairs = list(zip(before, after, strict=True))
    exact = stdev(b.exact - a.exact for a, b in pairs)
    mistakes = stdev(b.mistakes - a.mistakes for a, b in pairs)
    length = sum(len(normalise(line.label.text)) for line in before)
    return exact / sqrt(len(pairs)), mistakes * sqrt(len(pairs)) / max(1, length)


def markdown(rows: Sequence[Row]) -> str:
    """A table with a column for each model; each after the first with its change."""
    lines = ["| | " + " | ".join(row.model for row in rows) + " |", "|---" * (len(rows) + 1) + "|"]
    for field, heading in HEADINGS.items():
        cells = [_cell(field, row, rows[0] if row is not rows[0] else None) for row in rows]
        lines.append(f"| {heading} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n"


FORMATS = {".md": markdown, ".csv": as_csv, ".json": as_json}


def _cell(field: str, row: Row, first: Row | None) -> str:
    value = getattr(row, field)
    if value is None:
        return "unknown"
    share = field in ("exact", "characters")
    text = f"{value:.2%}" if share else f"{value:,}"
    before = getattr(first, field, None)
    if not before:
        return text
    if not share:
        return f"{text} ({value / before - 1:+.1%})"
    error = getattr(row, f"{field}_error")
    give_or_take = "" if error is None else f" ± {100 * error:.2f}"
    return f"{text} ({100 * (value - before):+.2f}{give_or_take} points)"


def _read(recogniser: Recogniser, pixels: Pixels) -> str:
    return recogniser.read([pixels])[0].text


def _scored(line: Line, text: str) -> Scored:
    return Scored(Labelled(Path(), line.text, "", "", "h"), text, 0.0)


def _deployable(path: Path, temporary: Path) -> Path:
    if path.suffix != ".safetensors":
        return path
    from penjing.export import export
    from penjing.models import load

    return export(load(path), temporary)
