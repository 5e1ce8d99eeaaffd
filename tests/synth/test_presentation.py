"""How lines of a look are seen: what a pose may do to a line, and to which."""

from __future__ import annotations

import math

import numpy as np

from penjing.synth.dice import Dice
from penjing.synth.pictures.camera import Pose
from penjing.synth.presentation import choose_pose, choose_setting

SEEDS = range(400)


def poses(look: str, text: str) -> list[Pose]:
    return [choose_pose(Dice(np.random.default_rng(s)), look, False, text) for s in SEEDS]


def test_short_signs_are_seen_along_walls_and_long_lines_never() -> None:
    short, long = poses("sign", "HOTEL"), poses("sign", "a long line of some thirty letters")
    steep = [pose for pose in short if abs(pose.angle) > 0.2]
    assert 0.05 < len(steep) / len(short) < 0.3
    assert any(math.isclose(pose.shear, math.tan(pose.angle)) for pose in steep)  # upright stems
    assert max(abs(pose.angle) for pose in long) < 0.1


def test_only_the_points_of_amounts_go_pale() -> None:
    text = "No. 12, 3.50 at 12:05."
    for seed in SEEDS:
        setting = choose_setting(Dice(np.random.default_rng(seed)), text, "thermal", False)
        assert setting.pale <= {text.index(".5")}
        assert not setting.pale or setting.pale_share <= 0.4


def test_a_till_prints_brackets_as_large_as_the_rest_and_a_form_seldom() -> None:
    def smaller(text: str, look: str) -> float:
        settings = (
            choose_setting(Dice(np.random.default_rng(s)), text, look, False) for s in SEEDS
        )
        return sum(bool(setting.small) for setting in settings) / len(SEEDS)

    assert smaller("TAX(RM)", "thermal") < 0.12
    assert smaller("商户名称(NAME)", "printed") > 0.4


def test_no_dot_of_a_list_stands_before_a_code() -> None:
    def listed(text: str) -> bool:
        settings = (
            choose_setting(Dice(np.random.default_rng(s)), text, "printed", False) for s in SEEDS
        )
        return any(setting.bullet for setting in settings)

    assert listed("Milk and honey")
    assert listed("苹果")
    assert not listed("F25")
