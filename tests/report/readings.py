"""Scored lines without pictures, for the tests of what is counted on them."""

from __future__ import annotations

from pathlib import Path

from penjing.labelled import Labelled
from penjing.report.evaluation import Scored


def scored(
    label: str, text: str, kind: str = "line", language: str = "zh", height: int = 32
) -> Scored:
    return Scored(Labelled(Path("x.png"), label, kind, language, "h"), text, 1.0, height)
