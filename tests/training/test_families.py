"""Every family can be exported, timed and trained; each learns to read a small character set."""

from dataclasses import dataclass
from itertools import count

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from penjing.charset import Charset
from penjing.errors import DataError
from penjing.models import Plan, build
from penjing.models.backbones import default_channels, families
from penjing.synth.assets.fonts import Face, load_faces
from penjing.training.batches import collate
from penjing.training.config import DataConfig, RunConfig, ScheduleConfig, TrainConfig
from penjing.training.families import Family, measured, overview
from penjing.training.metrics import score
from penjing.training.processes import Processes
from penjing.training.start import begin
from penjing.training.step import step

LETTERS = "0123456789年月日元中国大小"


def small(family: str) -> Plan:
    return Plan(family, default_channels(family, 0.25), (32,), None, f"spelled:{LETTERS}")


def test_every_family_is_counted() -> None:
    rows = list(overview())
    assert [row.name for row in rows] == families()
    for row in rows:
        assert isinstance(row, Family)
        assert 0 < row.backbone < row.parameters
        assert row.multiply_adds > row.parameters  # a weight is used in many places
        assert row.measured is None


def test_a_family_is_measured() -> None:
    found = measured(small("mobilenet_v1"))
    assert found.bytes > 10_000
    assert found.milliseconds > 0
    assert found.training_lines > 0


@dataclass(frozen=True)
class Line:
    image: NDArray[np.uint8]
    text: str
    centres: NDArray[np.float32]


class Numbers:
    """Dark text of a few letters on light paper, in a fetched face."""

    def __init__(self, face: Face) -> None:
        self.font = ImageFont.truetype(str(face.path), 24, face.index)

    def render(self, index: int) -> Line:
        rng = np.random.default_rng(index)
        text = "".join(rng.choice(list(LETTERS), rng.integers(2, 7)))
        ends = 6 + np.array([self.font.getlength(text[:k]) for k in range(len(text) + 1)])
        paper = Image.new("L", (int(ends[-1]) + 8, 32), int(rng.integers(190, 255)))
        place, ink = (6, 16 + int(rng.integers(-2, 3))), int(rng.integers(0, 90))
        ImageDraw.Draw(paper).text(place, text, font=self.font, fill=ink, anchor="lm")
        noisy = np.asarray(paper) + rng.normal(0, 8, (32, paper.width))
        centres = (ends[1:] + ends[:-1]) / 2
        return Line(noisy.clip(0, 255).astype(np.uint8), text, centres.astype(np.float32))


@pytest.fixture(scope="module")
def numbers() -> Numbers:
    try:
        faces = load_faces()
    except DataError as error:
        pytest.skip(f"nothing fetched to draw with: {error}")
    able = (face for face in faces if face.style == "hei" and face.drawable.issuperset(LETTERS))
    face = next(able, None)
    if face is None:
        pytest.skip("no fetched face draws these letters")
    return Numbers(face)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("family", families())
def test_every_family_learns_to_read(family: str, numbers: Numbers) -> None:
    plan = small(family)
    charset = Charset.load(plan.charset)
    exam = [
        collate([numbers.render(10**6 + i) for i in range(k, k + 25)], charset) for k in (0, 25)
    ]
    config = TrainConfig(
        data=DataConfig(shards=1, batch=16),
        schedule=ScheduleConfig(
            lines=16 * 1000, aligned=0.2, learning_rate=4e-3, warmup=0.05, ema=0.95
        ),
        run=RunConfig(bf16=False),
    )
    torch.manual_seed(0)
    state = begin(config, build(plan))
    lines = count()
    stream = (collate([numbers.render(next(lines)) for _ in range(16)], charset) for _ in count())
    losses, read = [], 0.0
    while state.step < config.steps and read <= 0.95:
        losses.append(step(state, [stream], config, Processes())[0])
        state.step += 1
        if state.step % 40 == 0:
            read = score(state.average.model, exam, charset).characters  # type: ignore[arg-type]
    assert np.mean(losses[-10:]) < 0.2 * np.mean(losses[:10])
    assert read > 0.95
