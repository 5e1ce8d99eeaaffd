"""Small networks and lines for the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from penjing.charset import DEFAULT, Charset
from penjing.export import export
from penjing.models import CRNN, Plan, build
from penjing.models.backbones import default_channels
from penjing.training.batches import Batch, collate

IMAGES = torch.randint(
    0, 256, (2, 1, 32, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
)


@dataclass(frozen=True)
class Line:
    image: NDArray[np.uint8]
    text: str
    centres: NDArray[np.float32]


class Bars:
    """Lines of one to three glyphs, each a block of its own shape; a source for training."""

    GLYPHS = "abc"

    def render(self, index: int) -> Line:
        rng = np.random.default_rng(index)
        text = "".join(rng.choice(list(self.GLYPHS), rng.integers(1, 4)))
        image = np.full((32, 16 + 20 * 3), 230, np.uint8)
        centres = 16 + 20 * np.arange(len(text))
        for glyph, x in zip(text, centres, strict=True):
            rows = {"a": slice(4, 28), "b": slice(4, 14), "c": slice(18, 28)}[glyph]
            image[rows, x - 4 : x + 4] = 20
        noise = rng.integers(-10, 10, image.shape)
        return Line((image + noise).clip(0, 255).astype(np.uint8), text, centres.astype(np.float32))


def written(folder: Path, count: int = 40) -> Path:
    """``folder``, with that many labelled pictures of bars in it."""
    rows = ["image\ttext"]
    for i in range(count):
        line = Bars().render(i)
        cv2.imwrite(str(folder / f"{i}.png"), line.image)
        rows.append(f"{i}.png\t{line.text}")
    (folder / "labels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def batches(count: int = 2, lines: int = 8, first: int = 0) -> list[Batch]:
    charset, source = Charset.load(DEFAULT), Bars()
    return [
        collate([source.render(first + k * lines + i) for i in range(lines)], charset)
        for k in range(count)
    ]


def network(family: str, seed: int = 0, rank: int | None = 12, width: float = 0.25) -> CRNN:
    """Random everywhere, the statistics and γ of its norms too, so that a slip is seen."""
    torch.manual_seed(seed)
    model = build(Plan(family, default_channels(family, width), (8, 6), rank))
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.normal_(1, 0.3)
                module.bias.normal_(0, 0.3)
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
    return model.eval()


def exported(model: CRNN, folder: Path, half: bool = True) -> onnx.ModelProto:
    """``model`` as ``penjing export`` writes it."""
    return onnx.load(export(model, folder / "float.onnx", half=half))


def coarse_noise(count: int, seed: int = 0) -> list[NDArray[np.uint8]]:
    """Coarse noise of several widths."""
    rng = np.random.default_rng(seed)
    widths = rng.integers(3, 20, count) * 12
    return [
        rng.integers(0, 256, (4, w // 12), dtype=np.uint8).repeat(8, 0).repeat(12, 1)
        for w in widths
    ]


@torch.no_grad()
def outputs(model: CRNN) -> Tensor:
    """For ``IMAGES`` the odds of a blank and the classes' logits, (lines, frames, 1 + classes)."""
    frames = model(IMAGES)
    odds = model.head.blank_logit(frames)
    return torch.cat([odds[..., None], model.head.class_logits(frames)], 2)
