"""Kinds of pictures that text is found in (looks): each paints a scene of ink.

A look takes a ``Scene``, already at the size that it has in the source picture, and returns a
picture, float32 (h, w) of gray levels that may lie a little beyond 0..255. What the camera adds is
done by ``render``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from penjing.synth.arrays import Floats
from penjing.synth.dice import Dice
from penjing.synth.pictures import wear
from penjing.synth.pictures.backgrounds import (
    artwork,
    brushed,
    cloud,
    fabric,
    glare,
    noise,
    paper,
    photograph,
)
from penjing.synth.pictures.dot_matrix import needles, ribbon
from penjing.synth.pictures.seals import stamp


@dataclass(frozen=True, slots=True)
class Scene:
    """What a look paints. All (h, w) float32 in 0..1 but ``em``.

    ``ink`` the text; ``lines`` rules, frames and pieces of other lines; ``panel`` the plate or
    label that carries the text; ``em`` the height of the text in pixels; ``chinese`` whether it
    has Chinese characters, whose dense strokes bear less damage.
    """

    ink: Floats
    lines: Floats
    panel: Floats
    em: float
    chinese: bool = True


Look = Callable[[Dice, Scene], Floats]


def paint(ground: Floats, colour: float | Floats, cover: Floats) -> Floats:
    """``ground`` with ``colour`` (gray levels) over it where ``cover`` is 1."""
    return ground + (colour - ground) * cover


def levels(dice: Dice, contrast: float, dark_on_light: float) -> tuple[float, float]:
    """Gray levels (ground, ink) at least ``contrast`` apart."""
    span = min(255.0, contrast + (255 - contrast) * dice.uniform(0, 1) ** 0.7)
    low = dice.uniform(0, 255 - span)
    return (low + span, low) if dice.chance(dark_on_light) else (low, low + span)


def screen(dice: Dice, scene: Scene) -> Floats:
    """Flat colours, clean edges: screenshots, PDFs, slides."""
    cover = np.maximum(scene.ink, scene.lines)
    if scene.em > (14 if scene.chinese else 9) and dice.chance(0.06):  # edges left hard
        cover = (cover > 0.5).astype(np.float32)
    if dice.chance(0.7):
        ground, ink = dice.uniform(235, 255), dice.uniform(0, 120)
    elif dice.chance(0.4):
        ground, ink = dice.uniform(15, 70), dice.uniform(130, 255)
    else:
        ground, ink = levels(dice, 70, 0.6)
    picture = ground + np.float32(ink - ground) * cover
    if ink < 100 and ground > 200 and dice.chance(0.04):  # an electronic invoice's seal
        picture = stamp(dice, picture, dice.uniform(80, 150), dice.uniform(0.5, 0.9))
    return picture


def printed(dice: Dice, scene: Scene) -> Floats:
    """Ink on paper seen by a camera or scanner."""
    height, width = scene.ink.shape
    level = dice.uniform(110, 230) if dice.chance(0.35) else dice.uniform(215, 255)
    ground = paper(dice, height, width, level)
    if dice.chance(0.1):
        ground += fabric(dice, height, width, dice.uniform(2, 9))
    if dice.chance(0.07):
        ground -= _ghost(dice, scene)
    if dice.chance(0.04):
        ground += glare(dice, height, width, dice.uniform(20, 70))
    depth = level * dice.uniform(0.35, 0.97)
    ink = scene.ink
    if dice.chance(0.5):
        ink = wear.bleed(ink, scene.em / 30 * dice.uniform(-0.5, 0.7))
    if dice.chance(0.2):
        ink = wear.fade(dice, ink, 0.55)
    picture = ground - depth * np.maximum(ink, scene.lines)
    if dice.chance(0.13):
        picture = stamp(dice, picture, dice.uniform(60, 150), dice.uniform(0.35, 0.8))
    return picture


def _ghost(dice: Dice, scene: Scene) -> Floats:
    """A watermark's writing, or what shows through from the other side of the sheet."""
    turned = scene.ink[:, ::-1] if dice.chance(0.5) else scene.ink
    away = round(scene.em * dice.uniform(0.3, 0.9)) * dice.sign()
    aside = dice.integer(0, scene.ink.shape[1] - 1)
    ghost = wear.blurred(np.roll(turned, (away, aside), (0, 1)), dice.uniform(0.6, 1.5))
    return ghost * np.float32(dice.uniform(6, 30))


def scanned(dice: Dice, scene: Scene) -> Floats:
    """Black on white with ragged edges: fax, copies, receipts through a sheet scanner."""
    cover = np.maximum(scene.ink, scene.lines)
    if scene.chinese and scene.em > 24 and dice.chance(0.25):
        rows = dice.uniform(17, 24)  # an em high
        cover = wear.picked(cover, round(rows * cover.shape[0] / scene.em))
    else:
        cover = _copied(dice, scene, cover)
    white = dice.uniform(225, 255)
    picture = white - (white - dice.uniform(0, 70)) * cover
    if not scene.chinese and dice.chance(0.18):  # pixels went lost when it was made small
        rows = round(dice.uniform(1, 1.5) * 12 * cover.shape[0] / scene.em)
        picture = wear.recompressed(dice, picture, rows)
    return wear.pen(dice, picture) if dice.chance(0.03) else picture


def _copied(dice: Dice, scene: Scene, cover: Floats) -> Floats:
    """Fatter or thinner, gnawed at now and then, its edges broken."""
    if dice.chance(0.4):
        cover = wear.bleed(cover, scene.em / 30 * dice.uniform(-0.4, 0.7))
    softness = min(0.9, scene.em / 30 * dice.uniform(0.4, 0.9))
    if not scene.chinese and dice.chance(0.1):
        cover = wear.gnawed(dice, cover, scene.em)
    return wear.ragged(dice, cover, dice.uniform(0.0, 0.16), softness)


def thermal(dice: Dice, scene: Scene) -> Floats:
    """Receipt printers: pale, streaked, coarse."""
    height, width = scene.ink.shape
    ink = scene.ink
    if dice.chance(0.4):
        ink = wear.bleed(ink, scene.em / 30 * dice.uniform(-0.3, 0.8 if scene.chinese else 1.2))
    if dice.chance(0.7):
        ink = wear.fade(dice, ink, dice.uniform(0.45 if scene.em > 18 else 0.65, 0.85))
    turn = 1.0 if scene.chinese else dice.uniform(0, 1)
    if turn < 0.15:
        ink = wear.dead_columns(dice, ink, scene.em)
    elif turn < 0.4:
        ink = wear.gnawed(dice, ink, scene.em)
    # Scanners make white of paper, and more than that: 255 is where it is cut off.
    level = dice.uniform(150, 255) if dice.chance(0.25) else dice.uniform(225, 285)
    ground = np.minimum(paper(dice, height, width, level), 255)
    pale = dice.chance(0.25)
    depth = dice.uniform(45, 90) if pale else dice.uniform(100, 1.05 * min(level, 255))
    picture = ground - depth * np.maximum(ink, scene.lines)
    return wear.pen(dice, picture) if dice.chance(0.03) else picture


def carbon(dice: Dice, scene: Scene) -> Floats:
    """Violet on a lavender or white roll, fat or pale, of which a small hard JPEG is left."""
    height, width = scene.ink.shape
    pale = dice.chance(0.4)
    level = dice.uniform(225, 255) if pale else dice.uniform(150, 250)
    depth = dice.uniform(50, 120) if pale else dice.uniform(0.5, 1.0) * level
    ink = scene.ink
    least = 16.0 if scene.chinese else 10.0
    if not scene.chinese and dice.chance(0.65):
        if dice.chance(0.45):  # struck twice, or with a fresh ribbon: counters close, letters touch
            ink = wear.bleed(ink, scene.em / 30 * dice.uniform(0.3, 1.1))
        rows = dice.uniform(10.5, 14)  # an em high
        shape = dice.uniform(0.5, 0.9), dice.uniform(0.0, 0.7)
        ink = ribbon(ink, round(rows * height / scene.em), shape, dice.uniform(0.5, 1.0))
        least = 1.3 * rows
    elif dice.chance(0.8):
        ink = wear.bleed(ink, scene.em / 30 * dice.uniform(0.0, 0.9))
    picture = paper(dice, height, width, level) - depth * np.maximum(ink, scene.lines)
    return wear.recompressed(dice, picture, round(dice.uniform(1, 1.6) * least * height / scene.em))


def needle_printed(dice: Dice, scene: Scene) -> Floats:
    """Dot matrix: 24 needles for Chinese, ten or more for Latin, often with a worn ribbon."""
    height, width = scene.ink.shape
    rows = round(
        height / scene.em * (dice.uniform(20, 26) if scene.chinese else dice.uniform(10, 22))
    )
    ink = needles(scene.ink, rows, dice.uniform(0.5, 0.75))
    if not scene.chinese and dice.chance(0.3):  # its scan turned black and white
        ink = wear.ragged(dice, ink, dice.uniform(0.0, 0.1), scene.em / 30 * dice.uniform(0.4, 0.8))
    level = dice.uniform(150, 255)
    ground = paper(dice, height, width, level)
    return ground - level * dice.uniform(0.25, 0.9) * np.maximum(ink, scene.lines)


def subtitle(dice: Dice, scene: Scene) -> Floats:
    """White with a dark rim or shadow over a frame of film."""
    height, width = scene.ink.shape
    if dice.chance(0.45):
        ground = np.full((height, width), dice.uniform(0, 50), np.float32)
        ground += dice.uniform(0, 8) * cloud(dice, height, width, 12)
    else:
        ground = photograph(dice, height, width) * np.float32(dice.uniform(0.3, 1.0))
        if dice.chance(0.2):  # in a dark box of its own
            ground = paint(ground, dice.uniform(0, 40), dice.uniform(0.6, 1.0) * scene.panel)
    rim = wear.grown(scene.ink, max(1.0, scene.em * dice.uniform(0.02, 0.09)))
    if dice.chance(0.6):
        rim = wear.blurred(rim, dice.uniform(0.6, 1.0 + 0.05 * scene.em))
    ground = paint(ground, dice.uniform(0, 40), np.minimum(rim * dice.uniform(0.8, 1.2), 1))
    lightest = float(ground[rim > 0.5].mean()) if (rim > 0.5).any() else 0.0
    ground *= np.float32(min(1.0, 110 / (lightest + 1)))
    ink = scene.ink
    if dice.chance(0.5):
        ink = wear.bleed(ink, scene.em / 30 * dice.uniform(0, 0.6))
    return paint(ground, dice.uniform(205, 255), ink)


def over_photograph(dice: Dice, scene: Scene) -> Floats:
    """Plain text over a photograph, kept apart from it by gray level, or by a rim if it is not."""
    height, width = scene.ink.shape
    ground = photograph(dice, height, width)
    mean, spread = float(ground.mean()), float(ground.std())
    calm = min(1.0, dice.uniform(12, 45) / (spread + 1))
    ground = mean + (ground - mean) * np.float32(calm)
    away = dice.uniform(75, 150)
    ink = mean - away if (mean > 128) ^ dice.chance(0.2) else mean + away
    if not 0 <= ink <= 255:
        ink = mean + away if ink < 0 else mean - away
    if dice.chance(0.3):
        rim = wear.grown(scene.ink, max(1.0, 0.05 * scene.em))
        ground = paint(ground, 255.0 if ink < mean else 0.0, rim * dice.uniform(0.4, 0.9))
    return paint(ground, float(np.clip(ink, 0, 255)), np.maximum(scene.ink, scene.lines))


def engraved(dice: Dice, scene: Scene) -> Floats:
    """Tags, cable sleeves and type plates: dark on a light curved surface, or the reverse."""
    height, width = scene.ink.shape
    level = dice.uniform(110, 270)
    ground = np.minimum(paper(dice, height, width, level), 255)
    level = min(level, 255.0)
    ink = scene.ink
    if dice.chance(0.5):
        ink = wear.bleed(ink, scene.em / 30 * dice.uniform(-0.2, 0.9))
    if dice.chance(0.2):
        ink = wear.fade(dice, ink, 0.5)
    if dice.chance(0.12):
        ground += brushed(dice, height, width, dice.uniform(3, 12))
    depth = dice.uniform(75, 1.05 * level)
    picture = ground - depth * np.maximum(ink, scene.lines)
    if dice.chance(0.1):
        picture = 255 - picture
    if dice.chance(0.12):
        picture += glare(dice, height, width, dice.uniform(30, 110))
    if dice.chance(0.6):
        picture = wear.round_light(dice, picture)
    if dice.chance(0.25):
        picture = wear.sleeve_end(dice, picture, 1.2 * depth / level)
    if dice.chance(0.35):  # small in a picture of a whole cabinet, and not in focus
        picture = wear.blurred(picture, scene.em * dice.uniform(0.02, 0.06))
    return picture


def embossed(dice: Dice, scene: Scene) -> Floats:
    """Bank cards: digits pressed out of patterned plastic, seen only by light and shade."""
    height, width = scene.ink.shape
    level = dice.uniform(35, 200)
    kind = dice.uniform(0, 1)
    if kind < 0.4:
        ground = paper(dice, height, width, level)
        ground += dice.uniform(0.05, 0.45) * noise(dice, height, width)
    elif kind < 0.7:
        ground = 0.5 * level + dice.uniform(0.2, 0.5) * photograph(dice, height, width)
    else:
        ground = paper(dice, height, width, level) + fabric(dice, height, width, 5)
    if dice.chance(0.65):
        ground += artwork(dice, height, width, dice.uniform(30, 220))
    ground = np.clip(ground, 20, 220)  # where light and shade still show
    depth = scene.em * dice.uniform(0.03, 0.07)
    light = wear.relief(scene.ink, dice.uniform(0, 2 * np.pi), depth)
    picture = ground + dice.uniform(90, 190) * light
    rim = wear.blurred(wear.grown(scene.ink, 1) - scene.ink, 0.6)
    if dice.chance(0.5):  # both flanks of the strokes shine, here more and there less
        rim = rim * (1 + 0.3 * cloud(dice, height, width, dice.uniform(3, 9)))
        picture += dice.uniform(40, 170) * rim
        if dice.chance(0.5):  # and what lies between them is as the ground, or in shade
            picture -= dice.uniform(0, 80) * np.clip(scene.ink - 1.6 * rim, 0, 1)
    else:
        picture += dice.sign() * dice.uniform(10, 60) * rim
    if dice.chance(0.5):
        picture += dice.uniform(-70, 110) * scene.ink
    return picture


def terminal(dice: Dice, scene: Scene) -> Floats:
    """A code editor: light on dark, parts of the line in other colours."""
    ground = dice.uniform(10, 55) if dice.chance(0.8) else dice.uniform(235, 255)
    width = scene.ink.shape[1]
    ink = np.empty(width, np.float32)
    start = 0
    while start < width:
        end = start + max(8, round(dice.uniform(1, 9) * scene.em))
        ink[start:end] = dice.uniform(120, 255) if ground < 128 else dice.uniform(0, 150)
        start = end
    return paint(np.full_like(scene.ink, ground), ink[None, :], np.maximum(scene.ink, scene.lines))
