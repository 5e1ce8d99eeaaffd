"""Looks of what hangs in streets and on cars: signboards, licence plates, lit digits."""

from __future__ import annotations

import numpy as np

from penjing.synth.arrays import Floats
from penjing.synth.dice import Dice
from penjing.synth.pictures import wear
from penjing.synth.pictures.backgrounds import cloud, paper, photograph
from penjing.synth.pictures.looks import Scene, levels, paint


def signboard(dice: Dice, scene: Scene) -> Floats:
    """Painted, raised or lit letters on a board, on a wall, or in front of leaves."""
    ground_level, ink_level = levels(dice, 60, 0.4)
    ground = _wall(dice, scene, ground_level)
    ink = scene.ink
    kind = dice.uniform(0, 1)
    if kind < 0.08 and scene.em > 26:
        ink = wear.hollow(ink, 1)
    elif kind < 0.2:
        glow = wear.blurred(wear.grown(ink, 0.08 * scene.em), 0.12 * scene.em)
        ground = paint(ground, ink_level, 0.45 * glow)
    elif kind < 0.4:
        ground = _thrown(dice, scene, ground)
    elif kind < 0.6:
        rim = wear.grown(ink, max(1.0, 0.05 * scene.em))
        ground = paint(ground, dice.uniform(0, 255), rim)
    colour: float | Floats = _apart(ink_level, _beside(ground, ink))
    if dice.chance(0.3):  # metal, or lamps brighter here than there
        height, width = ink.shape
        colour = colour + dice.uniform(5, 25) * cloud(dice, height, width, scene.em / 3)
    return paint(ground, colour, np.maximum(ink, scene.lines))


def _wall(dice: Dice, scene: Scene, level: float) -> Floats:
    """What carries the letters: a smooth board, two beside one another, stone, or leaves."""
    height, width = scene.ink.shape
    kind = dice.uniform(0, 1)
    if kind < 0.22:
        texture = photograph(dice, height, width)
        spread = dice.uniform(5, 22) / (float(texture.std()) + 1)
        return level + (texture - texture.mean()) * np.float32(spread)
    ground = paper(dice, height, width, level)
    if kind < 0.3:
        empty = np.flatnonzero(scene.ink.max(0) < 0.1).tolist()
        edge = dice.pick(empty) if empty else width
        ground[:, edge:] += dice.sign() * dice.uniform(15, 50)
    return ground


def _thrown(dice: Dice, scene: Scene, ground: Floats) -> Floats:
    """The shadow of raised letters, or their own dark or pale sides if they are thick."""
    down, across = (max(1, round(dice.uniform(0.03, 0.09) * scene.em)) for _ in range(2))
    down, across = down * dice.sign(), across * dice.sign()
    shadow = np.roll(scene.ink, (down, across), (0, 1))
    if dice.chance(0.5):
        half = np.roll(scene.ink, (round(0.5 * down), round(0.5 * across)), (0, 1))
        shadow = np.maximum(shadow, half)
    return paint(ground, 255.0 if dice.chance(0.3) else 0.0, shadow * dice.uniform(0.3, 0.8))


def _beside(ground: Floats, ink: Floats) -> float:
    """The gray level just around the letters."""
    rim = wear.grown(ink, 1) - ink > 0.5
    return float(ground[rim].mean()) if rim.any() else float(ground.mean())


def _apart(level: float, ground: float, least: float = 60.0) -> float:
    """``level``, or one at least so far from ``ground`` that it is seen."""
    if abs(level - ground) >= least:
        return level
    return ground + (1.6 * least if ground < 128 else -1.6 * least)


def plate(dice: Dice, scene: Scene) -> Floats:
    """A licence plate in front of a car's bodywork: mostly light on dark, framed, dirty."""
    height, width = scene.ink.shape
    around = photograph(dice, height, width) * np.float32(dice.uniform(0.3, 1.0))
    if dice.chance(0.85):
        level = dice.uniform(20, 165)
        light = min(255.0, level + dice.uniform(45, 215))
    else:
        level = dice.uniform(140, 220)
        light = dice.uniform(10, 60)
    board = paper(dice, height, width, level)
    picture = paint(around, board, scene.panel)
    ink = scene.ink
    if dice.chance(0.5):
        ink = wear.bleed(ink, scene.em / 20 * dice.uniform(0, 0.9))
    picture = paint(picture, light, np.maximum(ink, scene.lines))
    if dice.chance(0.4):  # far away, and the picture of it small
        picture = wear.blurred(picture, scene.em * dice.uniform(0.03, 0.09))
    return picture


def lit_segments(dice: Dice, scene: Scene) -> Floats:
    """LED and LCD digits: glow on black, or gray on pale green."""
    height, width = scene.ink.shape
    if dice.chance(0.5):
        ground = paper(dice, height, width, dice.uniform(5, 50))
        ground += dice.uniform(20, 80) * wear.blurred(scene.ink, 0.1 * scene.em)
        return paint(ground, dice.uniform(150, 255), scene.ink)
    ground = paper(dice, height, width, dice.uniform(120, 210))
    return ground - dice.uniform(60, 110) * scene.ink
