"""Which channels go together when a network is cut.

Beside ``forward`` every backbone has ``wire``, which walks the same way with labels in place of
numbers. A label is one channel of a named group: a convolution makes labels, norms and depthwise
convolutions hand them on, a concatenation is a sum of tuples, a residual sum wants equal labels on
both sides. The result says, for every tensor, which channel each row and column belongs to; surgery
needs nothing more. The graph is declared rather than traced, because no tracer follows a
channel shuffle or an LSTM.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import nn

from penjing.models.blocks import ConvBN, Depthwise

if TYPE_CHECKING:
    from penjing.models.crnn import CRNN

Channel = tuple[str, int]  # a group's name and a number within the group
Channels = tuple[Channel, ...]
Places = frozenset[tuple[str, str, int]]  # (tensor, row or column, convolution group)
FIXED: Channels = ()  # channels that are never cut: the image's planes, the classes
GATES = 4  # an LSTM stacks its input, forget, cell and output gates


@dataclass(frozen=True)
class Group:
    """Channels of which some may be cut.

    Attributes:
        name: the plan's entry for its width.
        entries: every entry of the plan that must have this width.
        width: what the plan says.
        copies: how many sets of ``width`` channels share the width, each free in which channels
            it keeps: the two directions of an LSTM layer, the branches of a ShuffleNet v2 stage.
    """

    name: str
    entries: tuple[str, ...]
    width: int
    copies: int

    @property
    def size(self) -> int:
        return self.width * self.copies


@dataclass(frozen=True)
class Slot:
    """A tensor, and the channels along it.

    Attributes:
        tensor: name in the state dict.
        rows: channels along dimension 0, ``repeat`` times over; empty if it is never cut.
        columns: channels along dimension 1; with ``groups`` > 1 those of each convolution group
            in turn, so ``groups`` times as many as the tensor is wide.
        groups: of a grouped convolution.
    """

    tensor: str
    rows: Channels
    columns: Channels = FIXED
    groups: int = 1
    repeat: int = 1


class Wires:
    """Collects the groups and slots of one network while it is walked."""

    def __init__(self, model: nn.Module) -> None:
        self.groups: dict[str, Group] = {}
        self.slots: list[Slot] = []
        self._names = {module: name for name, module in model.named_modules()}
        self._ties: dict[str, str] = {}

    def tie(self, entry: str, to: str) -> None:
        """From now on ``entry`` names the same channels as ``to``."""
        self._ties[entry] = self._ties.get(to, to)

    def span(self, entry: str, width: int, copy: int = 0) -> Channels:
        """The channels of the plan's ``entry``: set number ``copy`` of its group.

        Raises ValueError where the group has another width.
        """
        name = self._ties.get(entry, entry)
        known = self.groups.get(name, Group(name, (name,), width, 1))
        if known.width != width:
            raise ValueError(f"{entry} has {width} channels, {name} has {known.width}")
        entries = tuple(dict.fromkeys((*known.entries, entry)))
        self.groups[name] = Group(name, entries, width, max(known.copies, copy + 1))
        return tuple((name, copy * width + i) for i in range(width))

    def conv_bn(
        self, block: ConvBN, inputs: Channels, outputs: str | Channels = FIXED, copy: int = 0
    ) -> Channels:
        """A convolution and its norm; a depthwise one hands its inputs on."""
        made = self.conv(block.conv, inputs, outputs, copy)
        return self.norm(block.norm, made)

    def conv(
        self, conv: nn.Conv2d, inputs: Channels, outputs: str | Channels = FIXED, copy: int = 0
    ) -> Channels:
        """A convolution; ``outputs`` is the entry that it makes, or names channels made elsewhere.

        Returns its output channels; a depthwise one hands its inputs on.
        """
        if isinstance(conv, Depthwise):  # by class: with one channel it looks like any other
            self._add(conv, inputs)
            return inputs
        if isinstance(outputs, str):
            outputs = self.span(outputs, conv.out_channels, copy)
        self._add(conv, outputs, inputs, conv.groups)
        return outputs

    def norm(self, norm: nn.BatchNorm2d, channels: Channels) -> Channels:
        self._add(norm, channels)
        for statistic in ("running_mean", "running_var"):
            self.slots.append(Slot(f"{self._names[norm]}.{statistic}", channels))
        return channels

    def linear(self, linear: nn.Linear, inputs: Channels, outputs: str | None = None) -> Channels:
        made = self.span(outputs, linear.out_features) if outputs else FIXED
        self._add(linear, made, inputs)
        return made

    def lstm(self, lstm: nn.LSTM, inputs: Channels, outputs: str) -> Channels:
        """One bidirectional layer: forward units, then backward ones."""
        both: Channels = ()
        for copy, way in enumerate(("", "_reverse")):
            units = self.span(outputs, lstm.hidden_size, copy)
            for tensor, columns in (
                ("weight_ih", inputs),
                ("weight_hh", units),
                ("bias_ih", FIXED),
                ("bias_hh", FIXED),
            ):
                name = f"{self._names[lstm]}.{tensor}_l0{way}"
                self.slots.append(Slot(name, units, columns, repeat=GATES))
            both += units
        return both

    @staticmethod
    def add(x: Channels, y: Channels) -> Channels:
        """A residual sum. Raises ValueError unless both sides hold the same channels."""
        if x != y:
            raise ValueError("the two sides of a sum hold different channels")
        return x

    def _add(
        self,
        module: nn.Conv2d | nn.Linear | nn.BatchNorm2d,
        rows: Channels,
        columns: Channels = FIXED,
        groups: int = 1,
    ) -> None:
        name = self._names[module]
        self.slots.append(Slot(f"{name}.weight", rows, columns, groups))
        if module.bias is not None:
            self.slots.append(Slot(f"{name}.bias", rows))

    def places(self) -> dict[str, list[Places]]:
        """For each group, where each of its channels stands.

        Two channels may take each other's place in a smaller network only if these are equal.
        """
        found: dict[Channel, set[tuple[str, str, int]]] = defaultdict(set)
        for slot in self.slots:
            for dimension, channels in (("row", slot.rows), ("column", slot.columns)):
                for i, channel in enumerate(channels):
                    part = i * slot.groups // len(channels)
                    found[channel].add((slot.tensor, dimension, part))
        return {
            name: [frozenset(found[name, i]) for i in range(group.size)]
            for name, group in self.groups.items()
        }


def shuffled(channels: Channels, groups: int) -> Channels:
    """What ``blocks.shuffle`` does, on labels."""
    return tuple(
        channels[i]
        for g in range(len(channels) // groups)
        for i in range(g, len(channels), len(channels) // groups)
    )


def wire(model: CRNN) -> Wires:
    """The groups and slots of a whole recogniser.

    Groups are named as in the plan: the backbone's layers, ``recurrent.0`` and so on, ``rank``.
    """
    wires = Wires(model)
    x = model.backbone.wire(wires)
    for i, layer in enumerate(model.recurrent.layers):
        assert isinstance(layer, nn.LSTM)
        x = wires.lstm(layer, x, f"recurrent.{i}")
    if model.exit is not None and model.plan.exit:
        aside = model.exit.aside
        columns = wires.span(model.plan.exit, aside.depthwise.conv.in_channels)
        wires.conv_bn(aside.pointwise, wires.conv_bn(aside.depthwise, columns), x)
    wires.linear(model.head.blank, x)
    if isinstance(model.head.squeeze, nn.Linear):
        x = wires.linear(model.head.squeeze, x, "rank")
    wires.linear(model.head.classify, x)
    return wires
