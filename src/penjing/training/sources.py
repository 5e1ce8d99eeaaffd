"""Where a run's lines come from: the renderer, or a folder of labelled pictures."""

from __future__ import annotations

from penjing.synth.render import LineRenderer
from penjing.training.batches import Source
from penjing.training.config import DataConfig

EXAM_SEED = 20_000_003  # far from any training seed


def training_source(data: DataConfig) -> Source:
    return LineRenderer(data.seed, max_width=data.max_width)


def validation_sources(data: DataConfig) -> dict[str, Source]:
    """Lines never trained on: in the fonts trained on, and in fonts held out."""
    return {
        "seen_fonts": LineRenderer(EXAM_SEED, max_width=data.max_width),
        "held_out_fonts": LineRenderer(EXAM_SEED, held_out=True, max_width=data.max_width),
    }
