"""Where a run's lines come from: the renderer, or a folder of labelled pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from penjing.charset import Charset
from penjing.errors import CharsetError, ConfigError, DataError
from penjing.labelled import Labelled, Line, load_lines
from penjing.runtime.pictures import decode
from penjing.runtime.rectify import fit_height, to_gray
from penjing.synth.render import LineRenderer
from penjing.training.batches import Source
from penjing.training.config import OF_LABELS, DataConfig, TrainConfig

EXAM_SEED = 20_000_003  # far from any training seed
EXAM_EVERY = 10  # of a folder's lines, every tenth is kept for validation


def training_source(data: DataConfig, charset: Charset) -> Source:
    if data.folder:
        kept = [x for i, x in enumerate(_labelled(data)) if i % EXAM_EVERY]
        return FolderSource(kept, data.seed, data.max_width)
    return LineRenderer(data.seed, max_width=data.max_width, charset=charset)


def validation_sources(data: DataConfig, charset: Charset) -> dict[str, Source]:
    """Lines never trained on: in fonts trained on and held out, or the folder's own."""
    if data.folder:
        exam = _labelled(data)[::EXAM_EVERY]
        return {"folder": FolderSource(exam, data.seed, data.max_width)}
    return {
        name: LineRenderer(EXAM_SEED, held_out, max_width=data.max_width, charset=charset)
        for name, held_out in (("seen_fonts", False), ("held_out_fonts", True))
    }


def rendered_exam(charset: Charset, count: int, held_out: bool = False) -> list[Line]:
    """Lines in ``charset``, never trained on; in fonts never trained on either if ``held_out``."""
    fonts = "held_out_fonts" if held_out else "seen_fonts"
    source = validation_sources(DataConfig(), charset)[fonts]
    samples = [source.render(number) for number in range(count)]
    return [Line(sample.image, sample.text, "rendered") for sample in samples]


def spell_charset(config: TrainConfig) -> TrainConfig:
    """``config`` with the characters of the labels in the place of ``charset = "labels"``."""
    if config.network.charset != OF_LABELS:
        return config
    if not config.data.folder:
        raise ConfigError(f'charset = "{OF_LABELS}" needs data.folder, where the labels are')
    charset = Charset.of(line.text for line in _labelled(config.data))
    return replace(config, network=replace(config.network, charset=charset.name))


def check_labels(data: DataConfig, charset: Charset) -> None:
    """Raises CharsetError naming the characters of a folder's labels that ``charset`` lacks."""
    lines = _labelled(data) if data.folder else []
    missing = sorted({c for line in lines for c in line.text if c not in charset})
    if missing:
        raise CharsetError(
            f"the labels in {data.folder} hold {' '.join(map(repr, missing))}, which the network's "
            f'character set lacks; with charset = "{OF_LABELS}" under [network] it learns the '
            "characters of your labels"
        )


def _labelled(data: DataConfig) -> list[Labelled]:
    lines = [line for line in load_lines(Path(data.folder)) if line.text]
    if len(lines) < EXAM_EVERY:
        raise DataError(f"{data.folder} has {len(lines)} lines; at least {EXAM_EVERY} are needed")
    return lines


@dataclass(frozen=True)
class Picture:
    """A labelled line; nobody marked its glyphs, so their centres are spread evenly."""

    image: NDArray[np.uint8]
    text: str
    centres: NDArray[np.float32]


class FolderSource:
    """Labelled pictures, shuffled anew each time all have been seen; pure in (seed, index)."""

    def __init__(self, lines: list[Labelled], seed: int, max_width: int) -> None:
        self.lines, self.seed, self.max_width = lines, seed, max_width

    def render(self, index: int) -> Picture:
        """Raises PictureError for an unreadable picture, DataError for one that is too wide."""
        epoch, place = divmod(index, len(self.lines))
        order = np.random.default_rng([self.seed, epoch]).permutation(len(self.lines))
        line = self.lines[order[place]]
        image = fit_height(to_gray(decode(line.image).pixels))
        width = image.shape[1]
        if width > self.max_width:
            raise DataError(
                f"{line.image} is {width} px wide at height {image.shape[0]}; "
                f"cut it, or raise data.max_width above {self.max_width}"
            )
        count = len(line.text)
        centres = (np.arange(count) + 0.5) * (width / count)
        return Picture(image, line.text, centres.astype(np.float32))
