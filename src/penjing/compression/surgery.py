"""Cutting channels: (plan, weights, kept channels) to (smaller plan, smaller weights).

Nothing is computed here, only sliced. The law it obeys: a network whose dropped channels are
silenced gives the same output as the one rebuilt without them.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import torch
from torch import Tensor

from penjing.errors import SurgeryError
from penjing.models.crnn import CRNN, skeleton
from penjing.models.groups import Channel, Channels, Places, Slot, Wires, wire
from penjing.models.plan import Plan, rounded

Shapes = Mapping[str, torch.Size]
Kept = Mapping[str, Sequence[int]]  # for each group that is cut, the numbers of its kept channels


def wired(plan: Plan) -> Wires:
    """The groups and slots of a plan's network; cached and shared, so not to be changed."""
    return _drawn(plan.to_json())[0]


def shapes(plan: Plan) -> Shapes:
    """The shape of every tensor of a plan's network; cached and shared as well."""
    return _drawn(plan.to_json())[1]


@lru_cache(maxsize=64)  # a search over widths asks for the same few plans again and again
def _drawn(plan: str) -> tuple[Wires, Shapes]:
    network = skeleton(Plan.from_json(plan))
    return wire(network), {name: value.shape for name, value in network.state_dict().items()}


def narrowed(width: int, ratio: float, floor: int = 8) -> int:
    """``width`` less a share of ``ratio``, rounded to a multiple of 8, at least ``floor``.

    Raises SurgeryError unless 0 <= ratio < 1.
    """
    if not 0 <= ratio < 1:
        raise SurgeryError(f"a ratio must be at least 0 and below 1, got {ratio}")
    return min(width, max(floor, rounded(width * (1 - ratio))))


def resized(plan: Plan, widths: Mapping[str, int]) -> Plan:
    """The plan with some groups at other widths. Raises SurgeryError for an unknown group."""
    groups = wired(plan).groups
    unknown = sorted(set(widths) - set(groups))
    if unknown:
        raise SurgeryError(f"no groups {', '.join(unknown)}; there are {', '.join(groups)}")
    channels, recurrent, rank = dict(plan.channels), list(plan.recurrent), plan.rank
    for name, width in widths.items():
        if width < 1:
            raise SurgeryError(f"{name} would vanish; keep at least one channel")
        for entry in groups[name].entries:
            if entry == "rank":
                rank = width
            elif entry.startswith("recurrent."):
                recurrent[int(entry.partition(".")[2])] = width
            else:
                channels[entry] = width
    return replace(plan, channels=channels, recurrent=tuple(recurrent), rank=rank)


def choose(plan: Plan, widths: Mapping[str, int], scores: Mapping[str, Tensor]) -> Kept:
    """The highest-scoring channels that make a network of ``widths``.

    Where a shuffle or a grouped convolution wants so many channels from each of its parts, the
    best of each part are taken.

    Args:
        scores: for each group, one number a channel, (group.size,).

    Raises:
        SurgeryError: a width cannot be reached, or a score is missing.
    """
    old, new = wired(plan), wired(resized(plan, widths))
    old_places, new_places = old.places(), new.places()
    kept: dict[str, list[int]] = {}
    for name in widths:
        group = old.groups[name]
        if widths[name] > group.width:
            raise SurgeryError(f"{name} has {group.width} channels, cannot keep {widths[name]}")
        if name not in scores or len(scores[name]) != group.size:
            raise SurgeryError(f"{name} needs {group.size} scores, one a channel")
        parts: dict[Places, list[int]] = defaultdict(list)
        for i, places in enumerate(old_places[name]):
            parts[places].append(i)
        kept[name] = []
        for places, count in Counter(new_places[name]).items():
            part = torch.tensor(parts[places], dtype=torch.long)
            ranked = part[scores[name][part].argsort(descending=True, stable=True)].tolist()
            if len(ranked) < count:
                raise SurgeryError(_misfit(name))
            kept[name] += ranked[:count]
        kept[name].sort()
    return kept


def fits(plan: Plan, widths: Mapping[str, int]) -> bool:
    """Whether channels can be chosen that make a network of ``widths``, whatever their scores."""
    groups = wired(plan).groups
    even = {name: torch.zeros(groups[name].size) for name in widths}
    weights = {name: torch.empty(shape) for name, shape in shapes(plan).items()}
    try:
        cut(plan, weights, choose(plan, widths, even))
    except SurgeryError:
        return False
    return True


def misfits(plan: Plan, widths: Mapping[str, int]) -> set[str]:
    """The groups that cannot be given their ``widths``, mostly because of a channel shuffle.

    None where all fit; all where each fits alone, but not together with the others.
    """
    if fits(plan, widths):
        return set()
    alone = {name for name, width in widths.items() if not fits(plan, {name: width})}
    return alone or set(widths)


def cut(plan: Plan, weights: Mapping[str, Tensor], kept: Kept) -> tuple[Plan, dict[str, Tensor]]:
    """The smaller network's plan and weights; groups not named in ``kept`` stay whole.

    Raises SurgeryError where a group would vanish, the numbers are no rising channel numbers of
    their group, or the kept channels do not fit together.
    """
    old = wired(plan)
    smaller = resized(plan, {name: _kept_width(old, name, kept[name]) for name in kept})
    new = wired(smaller)
    origin = origins(old, new, kept)
    slots = {slot.tensor: slot for slot in old.slots}
    tensors = dict(weights)
    for slot in new.slots:
        if slot.tensor not in slots:
            raise SurgeryError(f"the smaller network would gain {slot.tensor}; keep other widths")
        tensors[slot.tensor] = _sliced(weights[slot.tensor], slots[slot.tensor], slot, origin)
    if shapes(smaller) != {name: value.shape for name, value in tensors.items()}:
        raise SurgeryError("these widths make a network of another shape; keep other widths")
    return smaller, tensors


def rebuilt(model: CRNN, kept: Kept) -> CRNN:
    """A new, smaller network; ``model`` is left as it was. Raises SurgeryError as ``cut``."""
    weights = {name: value.detach() for name, value in model.state_dict().items()}
    plan, tensors = cut(model.plan, weights, kept)
    smaller = skeleton(plan)
    smaller.load_state_dict({k: v.clone() for k, v in tensors.items()}, assign=True)
    return smaller.train(model.training)


@torch.no_grad()
def silence(model: CRNN, dropped: Kept) -> None:
    """Make channels always zero, in place: weight rows, biases, γ and β that make them are zeroed.

    An LSTM unit whose gates all see zero has a cell that stays zero.
    """
    parameters = dict(model.named_parameters())
    gone = {(name, i) for name, numbers in dropped.items() for i in numbers}
    for slot in wire(model).slots:
        if slot.tensor in parameters:
            rows = [i for i, channel in enumerate(slot.rows * slot.repeat) if channel in gone]
            parameters[slot.tensor][rows] = 0


def _kept_width(wires: Wires, name: str, numbers: Sequence[int]) -> int:
    if name not in wires.groups:
        raise SurgeryError(f"no group {name}; there are {', '.join(wires.groups)}")
    group = wires.groups[name]
    if not len(numbers):
        raise SurgeryError(f"{name} would vanish; keep at least one channel")
    if list(numbers) != sorted(set(numbers)) or numbers[0] < 0 or numbers[-1] >= group.size:
        raise SurgeryError(f"{name} wants rising channel numbers below {group.size}")
    if len(numbers) % group.copies:
        raise SurgeryError(
            f"{name} is {group.copies} sets of equal width; keep as many of each, "
            f"not {len(numbers)} in all"
        )
    return len(numbers) // group.copies


def origins(old: Wires, new: Wires, kept: Kept) -> dict[Channel, Channel]:
    """For each channel of the smaller network, the channel of the old network that it was.

    Groups not named in ``kept`` give the first channels that fit. Raises SurgeryError where too
    few do.
    """
    origin: dict[Channel, Channel] = {}
    old_places, new_places = old.places(), new.places()
    for name, group in old.groups.items():
        waiting: dict[Places, deque[int]] = defaultdict(deque)
        for i in kept.get(name, range(group.size)):
            waiting[old_places[name][i]].append(i)
        for j, place in enumerate(new_places[name]):
            if not waiting[place]:
                raise SurgeryError(_misfit(name))
            origin[name, j] = (name, waiting[place].popleft())
    return origin


def _misfit(name: str) -> str:
    return (
        f"these channels of {name} do not fit the parts that a shuffle, a split or a grouped "
        "convolution makes of it; take those that choose() gives, or another width"
    )


def _sliced(tensor: Tensor, old: Slot, new: Slot, origin: Mapping[Channel, Channel]) -> Tensor:
    parts = indices(tensor, old, new, origin)
    return torch.cat([tensor[r] if c is None else tensor[r][:, c] for r, c in parts])


def indices(
    tensor: Tensor, old: Slot, new: Slot, origin: Mapping[Channel, Channel]
) -> list[tuple[Tensor, Tensor | None]]:
    """Where the smaller network's tensor lies within ``tensor``: numbers of rows and of columns.

    One pair, or one for each group of a grouped convolution; None for all columns.
    """
    rows = torch.arange(tensor.shape[0])
    if new.rows:
        one = _positions(old.rows, new.rows, origin)
        rows = torch.cat([one + len(old.rows) * i for i in range(new.repeat)])
    if not new.columns:
        return [(rows, None)]
    columns = _positions(old.columns, new.columns, origin)
    parts = enumerate(zip(rows.chunk(new.groups), columns.chunk(new.groups), strict=True))
    # A grouped convolution numbers the columns of each of its groups from 0.
    return [(r, c - g * tensor.shape[1]) for g, (r, c) in parts]


def _positions(old: Channels, new: Channels, origin: Mapping[Channel, Channel]) -> Tensor:
    position = {channel: i for i, channel in enumerate(old)}
    return torch.tensor([position[origin[channel]] for channel in new])
