"""Models side by side: what they cost and how well they read, as before and after pruning."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from penjing.charset import Charset
from penjing.errors import DataError, WeightsError
from penjing.labelled import Labelled, Line
from penjing.models.plan import Plan
from penjing.report.counting import WIDTH, line_cost
from penjing.report.evaluation import Scored, score
from penjing.report.latency import interleaved
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
    """One model. Parameters and multiply-adds are None where its file carries no plan."""

    model: str
    parameters: int | None
    multiply_adds: int | None
    flops: int | None
    bytes: int
    median_ms: float
    p95_ms: float
    exact: float
    characters: float


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
        timings = interleaved(
            {name: partial(_read, recogniser) for name, recogniser in recognisers.items()},
            [line.pixels for line in lines],
            repeats,
        )
        rows = []
        for name, file in zip(names, files, strict=True):
            plan = recognisers[name].plan
            cost = line_cost(Plan.from_json(json.dumps(plan))) if plan else None
            marks = score([_scored(recognisers[name], line) for line in lines])
            rows.append(
                Row(
                    name,
                    describe(file).parameters,
                    cost,
                    2 * cost if cost else None,
                    file.stat().st_size,
                    round(timings[name].median, 3),
                    round(timings[name].p95, 3),
                    marks["exact"],
                    marks["char_accuracy"],
                )
            )
    return rows


def markdown(rows: Sequence[Row]) -> str:
    """A table with a column for each model; each after the first with its change."""
    lines = ["| | " + " | ".join(row.model for row in rows) + " |", "|---" * (len(rows) + 1) + "|"]
    for field, heading in HEADINGS.items():
        first = getattr(rows[0], field)
        cells = [
            _cell(field, getattr(row, field), first if row is not rows[0] else None) for row in rows
        ]
        lines.append(f"| {heading} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n"


FORMATS = {".md": markdown, ".csv": as_csv, ".json": as_json}


def _cell(field: str, value: float | None, first: float | None) -> str:
    if value is None:
        return "unknown"
    share = field in ("exact", "characters")
    text = f"{value:.2%}" if share else f"{value:,}"
    if not first:
        return text
    if share:
        return f"{text} ({100 * (value - first):+.2f} points)"
    return f"{text} ({value / first - 1:+.1%})"


def _read(recogniser: Recogniser, pixels: Pixels) -> str:
    return recogniser.read([pixels])[0].text


def _scored(recogniser: Recogniser, line: Line) -> Scored:
    label = Labelled(Path(), line.text, "", "", "h")
    return Scored(label, _read(recogniser, line.pixels), 0.0)


def _deployable(path: Path, temporary: Path) -> Path:
    if path.suffix != ".safetensors":
        return path
    from penjing.export import export
    from penjing.models import load

    return export(load(path), temporary)
