"""Where a run's lines come from: the renderer, or a folder of labelled pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from penjing.charset import Charset
from penjing.errors import CharsetError, ConfigError, DataError
from penjing.labelled import Labelled, Line, load_lines
from penjing.models.crnn import STRIDE
from penjing.runtime.pictures import decode
from penjing.runtime.rectify import fit_height, to_gray
from penjing.synth.render import LineRenderer
from penjing.training.batches import Batch, Source, Stream, loader, padded
from penjing.training.config import OF_LABELS, DataConfig, TrainConfig

EXAM_SEED = 20_000_003  # far from any training seed
EXAM_SHARE = 0.1  # of a folder's pictures, about this many are kept for validation
LEAST_LINES = 10  # in a folder, to train on and to validate with


def training_source(data: DataConfig, charset: Charset) -> Source:
    """The lines to train on: rendered ones, or a folder's without those kept for validation."""
    if data.folder:
        taught, _ = _split(data)
        return FolderSource(taught, data.seed, data.max_width)
    return LineRenderer(data.seed, max_width=data.max_width, charset=charset)


def training_batches(
    config: TrainConfig, charset: Charset, shard: int, start: int
) -> Iterator[Batch]:
    """The endless batches of a shard from number ``start`` on, rendered in the background."""
    stream = Stream(
        training_source(config.data, charset),
        charset,
        shard=shard,
        shards=config.data.shards,
        batch=config.data.batch,
        pool=config.data.pool,
        start=start,
        first_line=config.data.first_line,
    )
    return loader(stream)


def validation_sources(data: DataConfig, charset: Charset) -> dict[str, Source]:
    """Lines never trained on, by the name of the exam.

    Rendered ones are in fonts that are trained on, and in fonts held out; a folder's are those
    kept aside.
    """
    if data.folder:
        _, exam = _split(data)
        return {"folder": FolderSource(exam, data.seed, data.max_width)}
    return {
        name: LineRenderer(EXAM_SEED, held_out, max_width=data.max_width, charset=charset)
        for name, held_out in (("seen_fonts", False), ("held_out_fonts", True))
    }


def rendered_exam(
    charset: Charset, count: int, held_out: bool = False, skip: int = 0
) -> list[Line]:
    """``count`` rendered lines in ``charset``, after the first ``skip``, that are never trained on.

    With ``held_out`` their fonts are not trained on either.
    """
    fonts = "held_out_fonts" if held_out else "seen_fonts"
    source = validation_sources(DataConfig(), charset)[fonts]
    samples = [source.render(number) for number in range(skip, skip + count)]
    return [Line(sample.image, sample.text, "rendered") for sample in samples]


def spell_charset(config: TrainConfig) -> TrainConfig:
    """``config`` with ``charset = "labels"`` replaced by the characters of the folder's labels.

    Raises ConfigError where there is no folder.
    """
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
    if len(lines) < LEAST_LINES:
        raise DataError(f"{data.folder} has {len(lines)} lines; at least {LEAST_LINES} are needed")
    return lines


def _split(data: DataConfig) -> tuple[list[Labelled], list[Labelled]]:
    """A folder's lines to train on, and those that are kept aside.

    A hash of the picture's name decides, so that rows may be added and sorted between one command
    and the next, and no picture that was trained on is validated with. Raises DataError for a
    folder of a single picture.
    """
    lines = _labelled(data)
    places = [_place(line.image, Path(data.folder)) for line in lines]
    aside = max(EXAM_SHARE, min(places))  # one at least
    taught = [line for line, place in zip(lines, places, strict=True) if place > aside]
    if not taught:
        raise DataError(f"{data.folder} has lines of one picture; others are needed to train on")
    return taught, [line for line, place in zip(lines, places, strict=True) if place <= aside]


def _place(picture: Path, folder: Path) -> float:
    """A number in 0..1 from a hash of the picture's path within the folder, uniform."""
    name = PurePath(os.path.relpath(picture, folder)).as_posix()
    return int.from_bytes(sha256(name.encode()).digest()[:6], "big") / 2**48


@dataclass(frozen=True)
class Picture:
    """A labelled line; nobody marked its glyphs, so their centres are spread evenly."""

    image: NDArray[np.uint8]
    text: str
    centres: NDArray[np.float32]


class FolderSource:
    """Labelled pictures without end, shuffled anew each time all have been seen.

    The same seed and index always give the same line.
    """

    def __init__(self, lines: list[Labelled], seed: int, max_width: int) -> None:
        self.lines, self.seed, self.max_width = lines, seed, max_width

    def __len__(self) -> int:
        return len(self.lines)

    def render(self, index: int) -> Picture:
        """Raises PictureError for an unreadable picture, DataError for one that is too wide, or too
        narrow for what its label says."""
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
        wanted = count + sum(a == b for a, b in pairwise(line.text))  # a blank between equals
        frames = padded(width) // STRIDE
        if wanted > frames:
            raise DataError(
                f"{line.image} is {width} px wide at height {image.shape[0]}, which makes {frames} "
                f"frames, and its label of {count} characters wants {wanted}: {line.text!r}. Is it "
                "another picture's?"
            )
        centres = (np.arange(count) + 0.5) * (width / count)
        return Picture(image, line.text, centres.astype(np.float32))
