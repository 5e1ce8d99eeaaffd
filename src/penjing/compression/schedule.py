"""What to cut next: small rounds, deep and insensitive groups first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from penjing.compression.sensitivity import Trial, rise_at
from penjing.compression.surgery import resized, wired
from penjing.errors import ConfigError
from penjing.models import skeleton
from penjing.models.plan import ROUNDING, Plan
from penjing.report.counting import line_cost, parameters

Cost = Callable[[Plan], float]

DEEPEST = 0.8  # largest share of a group's original channels that is ever cut
LIKELY_LOST = 0.5  # a target that removes more than this share of the network brings a warning


def parameter_cost(plan: Plan) -> int:
    return parameters(skeleton(plan))


COSTS: Mapping[str, Cost] = {"multiply_adds": line_cost, "parameters": parameter_cost}


def check(whole: float, target: float) -> None:
    """Raises ConfigError for a target that is not above 0 and below ``whole``."""
    if not 0 < target < whole:
        raise ConfigError(
            f"the target must be between nought and {whole:,.12g}, got {target:,.12g}"
        )


def warning(whole: float, target: float) -> str:
    """Why the target is risky; empty if it is not. Raises ConfigError for one that is no cut."""
    check(whole, target)
    if target >= whole * (1 - LIKELY_LOST):
        return ""
    return (
        f"the target is {target / whole:.0%} of the whole network. Past a half, one-by-one "
        "sensitivities no longer add up, what is left has little to spare, and fine-tuning must "
        "be long. A narrower network trained from the start with this one as its teacher may "
        "read better: compare both."
    )


def next_round(
    plan: Plan,
    first: Mapping[str, int],
    trials: Sequence[Trial],
    cost: Cost,
    target: float,
    resting: Collection[str] = (),
    share: float = 0.1,
) -> dict[str, int]:
    """The widths of the groups that the next round narrows; empty when nothing more can go.

    Steps of eight channels, the first to a multiple of eight, are taken one after another, each
    time the one whose predicted rise of the loss is least for what it saves; one that saves nothing
    is not taken. Depth counts: for equal prices the deeper goes first, since it has fewer layers
    after it to spoil.

    Args:
        first: widths of all groups before any cut.
        trials: the sensitivity table of the uncut network.
        cost: of a plan; ``target`` is in its unit.
        resting: groups that are not cut.
        share: of the present cost, parameters and multiply-adds that one round may take away.
    """
    groups = wired(plan).groups
    now = cost(plan)
    lowest = {measure: (1 - share) * measure(plan) for measure in (cost, *COSTS.values())}
    widths: dict[str, int] = {}
    depths = {name: i / len(groups) for i, name in enumerate(groups)}
    saved: dict[str, float] = {}

    def present(name: str) -> int:
        return widths.get(name, groups[name].width)

    def narrower(name: str) -> int:
        return (present(name) - 1) // ROUNDING * ROUNDING

    def price(name: str) -> float:
        if name not in saved:
            saved[name] = now - cost(resized(plan, {name: narrower(name)}))
        here, there = (1 - width / first[name] for width in (present(name), narrower(name)))
        rise = rise_at(trials, name, there) - rise_at(trials, name, here)
        return (max(rise, 0.0) + 1e-6) * (2 - depths[name]) / max(saved[name], 1e-9)

    open_ = {
        name
        for name in groups
        if name not in resting and any(trial.group == name for trial in trials)
    }
    reached = now
    while reached > target:
        # The least that is kept is a multiple of eight too, and never nothing.
        open_ = {n for n in open_ if narrower(n) >= max(ROUNDING, first[n] * (1 - DEEPEST))}
        for name in sorted(open_, key=lambda n: (price(n), n)):
            smaller = resized(plan, {**widths, name: narrower(name)})
            after = cost(smaller)
            if after < reached and all(measure(smaller) >= lowest[measure] for measure in lowest):
                widths[name], reached = narrower(name), after
                break
            open_.discard(name)
        else:
            break
    return widths
