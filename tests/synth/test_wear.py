"""Wear changes how a line looks and never takes the line away."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penjing.synth.dice import Dice
from penjing.synth.pictures import backgrounds, looks, wear
from penjing.synth.pictures.dot_matrix import needles, ribbon
from penjing.synth.pictures.legibility import contrast, legible, likeness, relief
from penjing.synth.pictures.seals import stamp
from penjing.synth.render import LOOKS

SEEDS = st.integers(0, 2**32)


def strokes(thickness: int = 3) -> np.ndarray:
    """Ink of three letters 26 px high, as a renderer would hand it to a look."""
    ink = np.zeros((36, 150), np.uint8)
    for start in (10, 55, 100):
        cv2.line(ink, (start, 30), (start + 12, 5), 255, thickness, cv2.LINE_AA)
        cv2.line(ink, (start + 12, 5), (start + 24, 30), 255, thickness, cv2.LINE_AA)
        cv2.line(ink, (start + 5, 21), (start + 20, 21), 255, thickness, cv2.LINE_AA)
    return ink.astype(np.float32) / 255


def dice(seed: int) -> Dice:
    return Dice(np.random.default_rng(seed))


def test_a_scan_of_no_ink_has_none() -> None:
    """A lost point, alone on what was left of its line, once ended a training run."""
    assert wear.ragged(dice(0), np.zeros((36, 20), np.float32), 0.0, 0.5).max() <= 0.5


@given(rows=st.integers(18, 30))
def test_leaving_rows_out_loses_hairlines_that_lie_on_them_and_no_strokes(rows: int) -> None:
    def seen(top: int, thickness: int) -> bool:
        ink = np.zeros((36, 50), np.float32)
        ink[top : top + thickness] = 1
        return bool(wear.picked(ink, rows).max() > 0.5)

    hairlines = [seen(top, 1) for top in range(36)]
    assert sum(hairlines) == rows
    assert all(seen(top, 3) for top in range(33))


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, thickness=st.integers(1, 4), amount=st.floats(-0.6, 1.0))
def test_bleeding_and_fading_leave_the_strokes(seed: int, thickness: int, amount: float) -> None:
    ink = strokes(thickness)
    for worn in (
        wear.bleed(ink, amount),
        wear.fade(dice(seed), ink, 0.5),
        wear.ragged(dice(seed), ink, 0.1, 0.6),
        needles(ink, 26, 0.6),
    ):
        assert worn.shape == ink.shape
        assert 0 <= worn.min() <= worn.max() <= 1
        assert likeness(worn, ink, 28) > 0.55


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(14, 18), wide=st.floats(0.5, 0.9), gap=st.floats(0, 0.7))
def test_a_ribbon_leaves_its_letters_and_pales_uprights_first(
    rows: int, wide: float, gap: float
) -> None:
    letters, upright = strokes(), np.zeros((36, 60), np.float32)
    upright[3:33, 28:31] = 1
    strong, weak = (ribbon(upright, rows, (wide, gap), w) for w in (1.0, 0.5))
    assert likeness(ribbon(letters, rows, (wide, gap), 0.7), letters, 28) > 0.4
    assert strong[6:30].reshape(4, 6, 60).max(axis=(1, 2)).min() > 0.4
    assert (weak <= strong + 1e-6).all()
    assert weak.sum() < 0.95 * strong.sum()


def test_bleeding_fattens_and_thins() -> None:
    ink = strokes()
    assert wear.bleed(ink, 0.8).sum() > ink.sum() > wear.bleed(ink, -0.5).sum()


def test_a_hollow_stroke_is_empty_inside() -> None:
    ink = strokes(8)
    inside = cv2.erode(ink, np.ones((5, 5), np.uint8)) > 0.9
    assert inside.any()
    assert wear.hollow(ink, 1)[inside].max() < 0.1


def test_relief_turns_over_with_the_light() -> None:
    ink = strokes()
    lit = wear.relief(ink, 0.6, 1.2)
    assert np.allclose(lit, -wear.relief(ink, 0.6 + np.pi, 1.2), atol=1e-5)
    assert lit.max() > 0.3
    assert lit.min() < -0.3


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_uneven_light_never_puts_the_picture_out(seed: int) -> None:
    picture = np.full((32, 200), 200, np.float32)
    assert wear.shade(dice(seed), picture).min() > 60


@pytest.mark.parametrize("effect", [wear.shade, wear.moire])
@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_camera_effects_are_functions_of_the_dice(
    effect: Callable[[Dice, np.ndarray], np.ndarray], seed: int
) -> None:
    picture = 255 - 200 * strokes()
    first, second = effect(dice(seed), picture.copy()), effect(dice(seed), picture.copy())
    assert np.array_equal(first, second)


def test_a_stamp_darkens_paper_and_keeps_ink() -> None:
    picture = (255 - 230 * strokes()).astype(np.float32)
    seen = False
    for seed in range(20):
        stamped = stamp(dice(seed), picture.copy(), 120, 0.6)
        assert (stamped <= picture + 1e-3).all()
        seen |= bool((stamped < picture - 20).any())
    assert seen


@pytest.mark.parametrize("look", sorted(LOOKS))
@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_every_look_paints_a_finite_picture(look: str, seed: int) -> None:
    ink = strokes()
    scene = looks.Scene(ink, np.zeros_like(ink), np.ones_like(ink), 28.0)
    picture = LOOKS[look](dice(seed), scene)
    assert picture.shape == ink.shape
    assert np.isfinite(picture).all()
    assert picture.std() > 2


@pytest.mark.parametrize("look", ["screen", "printed", "scanned", "thermal", "tag", "terminal"])
@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_the_text_of_a_plain_look_is_told_from_another(look: str, seed: int) -> None:
    """By a matched filter: the picture is likelier that of its own ink than of ink elsewhere."""
    ink = strokes()
    scene = looks.Scene(ink, np.zeros_like(ink), np.ones_like(ink), 28.0)
    picture = LOOKS[look](dice(seed), scene)
    if legible(picture, scene, look):
        matches = [np.corrcoef(picture.ravel(), np.roll(ink, k, 1).ravel()) for k in (0, 12, 24)]
        own, *others = (abs(matrix[0, 1]) for matrix in matches)
        assert own > max(others)


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_few_pictures_are_refused(look: str) -> None:
    ink = strokes()
    scene = looks.Scene(ink, np.zeros_like(ink), np.ones_like(ink), 28.0)
    shown = [legible(LOOKS[look](dice(seed), scene), scene, look) for seed in range(100)]
    assert np.mean(shown) > (0.85 if look == "sign" else 0.95)


def test_a_pen_and_a_rim_do_not_hide_faint_strokes() -> None:
    ink = strokes()
    faint = (250 - 50 * ink).astype(np.float32)
    alone = likeness(faint, ink, 28)
    rimmed = faint.copy()
    rimmed[:3] = 60
    assert likeness(rimmed, ink, 28) > 0.8 * alone
    assert likeness(wear.pen(dice(1), faint), ink, 28) > 0.6 * alone
    assert likeness(np.full_like(ink, 250.0), ink, 28) < 0.1


def test_contrast_sees_the_worst_stretch() -> None:
    ink = strokes()
    picture = 255 - 200 * ink
    fair = contrast(picture, ink)
    picture[:, 100:] = 255
    assert fair > 100
    assert contrast(picture, ink) < 0.3 * fair


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_broken_thermal_print_keeps_a_trace_of_every_stroke(seed: int) -> None:
    ink = strokes()
    for worn in (wear.dead_columns(dice(seed), ink, 28), wear.gnawed(dice(seed), ink, 28)):
        assert (worn <= ink + 1e-6).all()
        assert worn[ink > 0.9].min() > 0.1
        assert likeness(worn, ink, 28) > 0.6


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_strokes_stand_out_of_a_pen_a_sleeve_and_a_small_jpeg(seed: int) -> None:
    ink = strokes()
    picture = (230 - 180 * ink).astype(np.float32)
    for worn in (
        wear.pen(dice(seed), picture),
        wear.sleeve_end(dice(seed), picture),
        wear.recompressed(dice(seed), picture, 16),
    ):
        assert worn.shape == picture.shape
        assert likeness(worn, ink, 28) > 0.5


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_raised_strokes_show_and_an_empty_card_does_not(seed: int) -> None:
    ink = strokes()
    empty = backgrounds.paper(dice(seed), *ink.shape, 150.0)
    raised = empty + 120 * wear.relief(ink, 0.6, 1.2)
    assert relief(raised, ink, 28) > relief(empty, ink, 28)
    assert relief(np.full_like(ink, 150), ink, 28) < 0.1


@pytest.mark.parametrize("shape", [(32, 500), (667, 2564), (40, 9000), (256, 8192)])
def test_noise_is_as_large_as_the_picture(shape: tuple[int, int]) -> None:
    noise = backgrounds.noise(Dice(np.random.default_rng(0)), *shape)
    assert noise.shape == shape
    assert 30 < noise.astype(np.float32).std() < 34
