"""What lies behind the text: crops of photographs, paper, fabric and gradients, all gray."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from penjing import cache
from penjing.synth.arrays import Gray
from penjing.synth.assets.manifest import sources
from penjing.synth.dice import Dice

LONGEST_SIDE = 640


@lru_cache(maxsize=1)
def photographs() -> tuple[Gray, ...]:
    """The fetched photographs as gray pictures of at most 640 px; empty if none are fetched.

    The shrunk ones are kept in the cache, since decoding the originals takes half a minute.
    """
    files = [f for s in sources() for pattern in s.pictures for f in s.find(pattern)]
    if not files:
        return ()
    pack = cache.root() / "backgrounds" / "gray.npz"
    names = np.array([str(f.relative_to(cache.root())) for f in files])
    if pack.is_file():
        with np.load(pack) as stored:
            if np.array_equal(stored["names"], names):
                return tuple(stored[f"p{k}"] for k in range(int(stored["count"])))
    shrunk = [picture for picture in map(_shrink, files) if picture is not None]
    pack.parent.mkdir(parents=True, exist_ok=True)
    partial = pack.with_name(f"gray.{os.getpid()}.partial.npz")
    arrays: dict[str, Any] = {f"p{k}": picture for k, picture in enumerate(shrunk)}
    np.savez(partial, names=names, count=np.array(len(shrunk)), **arrays)
    partial.replace(pack)
    return tuple(shrunk)


def _shrink(path: Path) -> Gray | None:
    picture = cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_2)
    if picture is None or min(picture.shape) < 64:
        return None
    scale = LONGEST_SIDE / max(picture.shape)
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8)


@lru_cache(maxsize=1)
def noise_bank() -> npt.NDArray[np.int8]:
    """(256, 8192) normal noise of deviation 32; a window of it is far cheaper than new draws."""
    draws = np.random.default_rng(20).normal(0.0, 32.0, (256, 8192))
    return np.clip(np.rint(draws), -127, 127).astype(np.int8)


def noise(dice: Dice, height: int, width: int) -> npt.NDArray[np.int8]:
    """(height, width) int8 noise of deviation 32: a window of the bank, or repeats of it."""
    bank = noise_bank()
    row = dice.integer(0, max(0, bank.shape[0] - height))
    column = dice.integer(0, max(0, bank.shape[1] - width))
    window = bank[row : row + height, column : column + width]
    if window.shape == (height, width):
        return window
    beyond = height - window.shape[0], width - window.shape[1]
    return np.pad(window, ((0, beyond[0]), (0, beyond[1])), mode="wrap")


def cloud(dice: Dice, height: int, width: int, grain: float) -> npt.NDArray[np.float32]:
    """(height, width) float32 smooth noise of deviation about 1 with spots of ``grain`` px."""
    shape = max(2, int(height / grain) + 2), max(2, int(width / grain) + 2)
    coarse = noise(dice, *shape).astype(np.float32) * np.float32(1 / 32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def photograph(dice: Dice, height: int, width: int) -> npt.NDArray[np.float32]:
    """A (height, width) float32 piece of a photograph in 0..255; a cloud where none is fetched."""
    pictures = photographs()
    if not pictures:
        picture = 128 + 45 * cloud(dice, height, width, dice.uniform(6, 60))
        return np.clip(picture, 0, 255)
    whole = dice.pick(pictures)
    zoom = dice.uniform(0.5, 2.0)
    h = min(whole.shape[0], max(4, round(height * zoom)))
    w = min(whole.shape[1], max(4, round(width * zoom)))
    top = dice.integer(0, whole.shape[0] - h)
    left = dice.integer(0, whole.shape[1] - w)
    piece = cv2.resize(whole[top : top + h, left : left + w], (width, height))
    return piece.astype(np.float32)


def paper(dice: Dice, height: int, width: int, level: float) -> npt.NDArray[np.float32]:
    """Paper or plastic of gray ``level``: stains, fibres, shade. (height, width) float32."""
    picture = np.full((height, width), level, np.float32)
    if dice.chance(0.5):
        picture += dice.uniform(1, 7) * cloud(dice, height, width, dice.uniform(3, 40))
    if dice.chance(0.4):
        picture += dice.uniform(0.02, 0.2) * noise(dice, height, width)
    if dice.chance(0.5):
        picture += slope(dice, height, width, dice.uniform(5, 45))
    return picture


def slope(dice: Dice, height: int, width: int, depth: float) -> npt.NDArray[np.float32]:
    """A linear change of light of ``depth`` gray levels from corner to corner, mean 0."""
    across = dice.uniform(-0.5, 0.5) * depth
    down = dice.uniform(-0.5, 0.5) * depth
    columns = np.linspace(-across, across, width, dtype=np.float32)
    rows = np.linspace(-down, down, height, dtype=np.float32)
    return rows[:, None] + columns[None, :]


def artwork(dice: Dice, height: int, width: int, depth: float) -> npt.NDArray[np.float32]:
    """Hard-edged patches and strokes of printed plastic, within ``depth`` gray levels of 0."""
    layer = np.zeros((height, width), np.float32)
    for _ in range(dice.integer(1, 6)):
        corners = [
            (dice.uniform(-0.2, 1.2) * width, dice.uniform(-0.5, 1.5) * height) for _ in range(3)
        ]
        level = dice.sign() * dice.uniform(0.3, 1.0) * depth
        thick = max(1, round(height * 0.09 * dice.uniform(0.3, 2.0)))
        turn = dice.uniform(0, 1)
        if turn < 0.15:  # a bar
            x, y = round(corners[0][0]), round(corners[0][1])
            end = x + round(height * dice.uniform(0.2, 2.5)), y + max(2, 2 * thick)
            cv2.rectangle(layer, (x, y), end, level, -1)
        elif turn < 0.4:
            cv2.fillPoly(layer, [np.array(corners, np.int32)], level)
        elif turn < 0.7:
            cv2.polylines(layer, [np.array(corners, np.int32)], False, level, thick)
        else:
            centre = round(corners[0][0]), round(corners[0][1])
            axes = (
                round(height * dice.uniform(0.3, 3)),
                round(height * dice.uniform(0.3, 2)),
            )
            cv2.ellipse(layer, centre, axes, dice.uniform(0, 90), 0, 360, level, thick)
    return cv2.GaussianBlur(layer, (0, 0), 0.7)  # type: ignore[return-value]


def brushed(dice: Dice, height: int, width: int, depth: float) -> npt.NDArray[np.float32]:
    """Metal brushed along the line: (height, width) float32 streaks of deviation ``depth``."""
    coarse = noise(dice, height, max(2, width // 24)).astype(np.float32) * np.float32(depth / 32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def glare(dice: Dice, height: int, width: int, strength: float) -> npt.NDArray[np.float32]:
    """(height, width) float32, the light a lamp leaves on what shines: a band across the line."""
    columns = np.arange(width, dtype=np.float32)[None, :]
    lean = dice.uniform(-1.5, 1.5) * np.arange(height, dtype=np.float32)[:, None]
    away = (columns + lean - dice.uniform(0, width)) / (height * dice.uniform(0.3, 2.0))
    return np.float32(strength) * np.exp(-away * away)  # type: ignore[no-any-return]


def fabric(dice: Dice, height: int, width: int, depth: float) -> npt.NDArray[np.float32]:
    """A regular weave, raster or guilloche: the sum of two waves, deviation ``depth``."""
    rows = np.arange(height, dtype=np.float32)
    columns = np.arange(width, dtype=np.float32)
    step = dice.uniform(2.2, 9)
    lean = dice.uniform(-0.6, 0.6)
    turn = 2 * np.pi / step
    wave = np.sin(turn * (columns[None, :] + lean * rows[:, None]))
    if dice.chance(0.6):
        wave = 0.7 * (wave + np.sin(turn * (rows[:, None] - lean * columns[None, :])))
    return (depth * 1.4 * wave).astype(np.float32)
