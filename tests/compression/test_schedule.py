"""What the next round takes: little, insensitive, deep, and never past the target."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from penjing.compression.schedule import COSTS, next_round, parameter_cost, warning
from penjing.compression.sensitivity import Trial
from penjing.compression.surgery import resized, wired
from penjing.errors import ConfigError
from penjing.models import Plan
from penjing.models.backbones import default_channels

PLAN = Plan("vgg", default_channels("vgg", 0.25), (16,), 24)
FIRST = {**PLAN.channels, "recurrent.0": 16, "rank": 24}


def trials(**rises: float) -> list[Trial]:
    return [Trial(name, 0.5, 0, 1.0, rise) for name, rise in rises.items()]


def even(rise: float = 0.1) -> list[Trial]:
    return [Trial(name, 0.5, 0, 1.0, rise) for name in FIRST]


@pytest.mark.parametrize("measure", COSTS)
def test_a_round_takes_at_most_a_tenth_and_something(measure: str) -> None:
    cost = COSTS[measure]
    widths = next_round(PLAN, FIRST, even(), cost, target=0.3 * cost(PLAN))
    after = cost(resized(PLAN, widths))
    assert widths
    assert 0.9 * cost(PLAN) <= after < cost(PLAN)
    assert all(width % 8 == 0 for width in widths.values())


LSTM = Plan("vgg", default_channels("vgg", 0.25), (96,), None, "spelled:abc")
WIDTHS = {name: group.width for name, group in wired(LSTM).groups.items()}


@settings(max_examples=10)
@given(
    rises=st.fixed_dictionaries({name: st.floats(0, 1) for name in WIDTHS}),
    aim=st.sampled_from(list(COSTS)),
)
@example(rises=dict.fromkeys(WIDTHS, 1.0) | {"recurrent.0": 0.0}, aim="multiply_adds")
@example(rises=dict.fromkeys(WIDTHS, 1.0) | {"conv1": 0.0}, aim="parameters")
def test_whatever_a_round_aims_at_it_takes_at_most_a_tenth_of_either(
    rises: dict[str, float], aim: str
) -> None:
    widths = next_round(LSTM, WIDTHS, trials(**rises), COSTS[aim], target=1)
    assert widths
    for cost in COSTS.values():
        assert 0.9 * cost(LSTM) <= cost(resized(LSTM, widths)) < cost(LSTM)


def test_what_does_not_hurt_goes_first() -> None:
    table = trials(conv4=5.0, conv5=0.0, conv6=5.0)
    widths = next_round(PLAN, FIRST, table, parameter_cost, target=1)
    assert set(widths) == {"conv5"}


def test_groups_at_rest_or_untried_are_let_alone() -> None:
    table = trials(conv5=0.0, conv6=0.1)
    assert set(next_round(PLAN, FIRST, table, parameter_cost, 1, resting={"conv5"})) == {"conv6"}
    assert next_round(PLAN, FIRST, [], parameter_cost, 1) == {}


def test_it_stops_at_the_target() -> None:
    whole = parameter_cost(PLAN)
    widths = next_round(PLAN, FIRST, even(), parameter_cost, target=whole - 1)
    assert sum(FIRST[name] - width for name, width in widths.items()) == 8


def test_widths_become_multiples_of_eight() -> None:
    plan = Plan("vgg", {**default_channels("vgg", 0.25), "conv5": 100}, (50,), 50, "spelled:abc")
    first = {name: group.width for name, group in wired(plan).groups.items()}
    widths = next_round(
        plan, first, trials(conv5=0.1, **{"recurrent.0": 0.1}), parameter_cost, 1, share=0.9
    )
    assert widths == {"conv5": 24, "recurrent.0": 16}  # a fifth is left, or a little more


def test_rounds_end_with_a_fifth_of_every_group_left() -> None:
    plan = PLAN
    for _ in range(200):
        widths = next_round(plan, FIRST, trials(conv5=0.1, conv6=0.1), parameter_cost, 1)
        if not widths:
            break
        plan = resized(plan, widths)
    assert not widths
    assert plan.channels["conv5"] == 32  # a fifth of 128 is 25.6
    assert plan.channels["conv1"] == PLAN.channels["conv1"]


def test_past_a_half_there_is_a_warning() -> None:
    assert warning(100, 60) == ""
    assert "40%" in warning(100, 40)
    for target in (0, 100, 150):
        with pytest.raises(ConfigError, match="between"):
            warning(100, target)
