"""Which channels matter: six answers behind one interface.

Every method maps (network, lines) to one score per channel of each group; the highest are kept.
Scores are compared within a group only.

LSTM units and the classifier's rank have neither γ nor filters. A unit's output is at most one, so
its weight is that of the columns that read it; a rank number counts by the product of the weights
that make and read it, which no rescaling between the two can change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from penjing.charset import Charset
from penjing.compression.reconstruction import thinet
from penjing.errors import SurgeryError
from penjing.models.blocks import Depthwise
from penjing.models.crnn import CRNN
from penjing.models.groups import Slot, Wires, wire
from penjing.training.batches import Batch
from penjing.training.config import DataConfig
from penjing.training.losses import ctc_loss
from penjing.training.metrics import validation_batches
from penjing.training.sources import training_source

JUDGING_LINES = 128

Scores = dict[str, Tensor]  # for each group, float32 (group.size,)
Method = Callable[[CRNN, Sequence[Batch]], Scores]


def bn_gamma(model: CRNN, batches: Sequence[Batch] = ()) -> Scores:
    """Sum of |γ| over the norms a channel passes (Network Slimming, Liu et al. 2017).

    It means something after training with the L1 penalty on γ. Groups without a norm get ``l1``.
    """
    wires, scores = wire(model), l1(model)
    gamma = _empty(wires)
    for slot in _norms(model, wires):
        _accumulate(gamma, slot, _parameter(model, slot).abs())
    return {name: gamma[name] if gamma[name].any() else scores[name] for name in scores}


def l1(model: CRNN, batches: Sequence[Batch] = ()) -> Scores:
    """L1 norm of the filters that make a channel (Li et al. 2017)."""
    wires = wire(model)
    made, read = _empty(wires), _empty(wires)
    for slot in wires.slots:
        value = _tensor(model, slot)
        if value.ndim < 2:
            continue
        size = value.abs() / value.abs().mean().clamp_min(1e-12)
        if slot.rows:
            _accumulate(made, slot, _by_row(slot, size).mean(1))
        if slot.columns and slot.groups == 1 and "weight_hh" not in slot.tensor:
            columns = size.transpose(0, 1).flatten(1).mean(1)
            _accumulate(read, Slot(slot.tensor, slot.columns), columns)
    return {
        name: read[name]
        if name.startswith("recurrent.")
        else made[name] * read[name]
        if name == "rank"
        else made[name]
        for name in made
    }


def fpgm(model: CRNN, batches: Sequence[Batch] = ()) -> Scores:
    """Distance of a channel's filters from all others of its kind (He et al. 2019).

    A filter near the geometric median can be stood in for by the rest. Depthwise filters are not
    looked at: they make no channel, but hand one on.
    """
    wires = wire(model)
    scores = _empty(wires)
    for slot in wires.slots:
        value = _tensor(model, slot)
        if value.ndim < 2 or not slot.rows or isinstance(_layer(model, slot), Depthwise):
            continue
        rows = _by_row(slot, value)
        distance = torch.cdist(rows, rows).mean(1)
        _accumulate(scores, slot, distance / distance.mean().clamp_min(1e-12))
    return scores


def taylor(model: CRNN, batches: Sequence[Batch]) -> Scores:
    """Squared first-order change of the loss when a channel falls silent (Molchanov et al. 2019).

    The change is read off γ and β, or, where there is no norm, off the weights that make the
    channel. Raises SurgeryError without lines.
    """
    if not batches:
        raise SurgeryError("Taylor scores want gradients: give at least one batch of lines")
    wires = wire(model)
    normed = {name for slot in _norms(model, wires) for name, _ in slot.rows}
    parameters = dict(model.named_parameters())
    scores = _empty(wires)
    was_training = model.training
    model.eval()
    for batch in batches:
        loss = ctc_loss(model(batch.images), model.head, batch) / len(batch.label)
        names, values = zip(*parameters.items(), strict=True)
        gradients = torch.autograd.grad(loss, values, allow_unused=True)
        slope = {n: g for n, g in zip(names, gradients, strict=True) if g is not None}
        change = _empty(wires)
        for slot in wires.slots:
            if slot.tensor not in slope or not slot.rows:
                continue
            if slot.rows[0][0] in normed and not _of_norm(model, slot):
                continue
            effect = parameters[slot.tensor].detach() * slope[slot.tensor]
            _accumulate(change, slot, _by_row(slot, effect).sum(1))
        for name in scores:
            scores[name] += change[name] ** 2 / len(batches)
    model.train(was_training)
    return scores


def at_random(model: CRNN, batches: Sequence[Batch] = ()) -> Scores:
    """The baseline that every other method should beat. The same at every call."""
    generator = torch.Generator().manual_seed(0)
    groups = wire(model).groups
    return {name: torch.rand(group.size, generator=generator) for name, group in groups.items()}


METHODS: Mapping[str, Method] = {
    "bn_gamma": bn_gamma,
    "l1": l1,
    "fpgm": fpgm,
    "taylor": taylor,
    "thinet": thinet,
    "random": at_random,
}


def importance(method: str, model: CRNN, batches: Sequence[Batch] = ()) -> Scores:
    """Scores by a method's name. Raises SurgeryError for an unknown one."""
    check_method(method)
    return METHODS[method](model, batches)


def check_method(method: str) -> None:
    """Raises SurgeryError for an unknown one."""
    if method not in METHODS:
        raise SurgeryError(f"no method {method!r}; there are {', '.join(METHODS)}")


def judging_lines(data: DataConfig, charset: Charset) -> list[Batch]:
    """What channels are judged on: lines to train on, so that those of an exam stay unseen."""
    return validation_batches(training_source(data, charset), JUDGING_LINES, charset)


def _empty(wires: Wires) -> Scores:
    return {name: torch.zeros(group.size) for name, group in wires.groups.items()}


def _accumulate(scores: Scores, slot: Slot, values: Tensor) -> None:
    for (name, number), value in zip(slot.rows, values.tolist(), strict=True):
        scores[name][number] += value


def _by_row(slot: Slot, value: Tensor) -> Tensor:
    """(rows x repeat, ...) to (rows, all numbers of that row)."""
    return value.unflatten(0, (slot.repeat, -1)).transpose(0, 1).flatten(1)


def _tensor(model: CRNN, slot: Slot) -> Tensor:
    return model.state_dict()[slot.tensor].detach()


def _parameter(model: CRNN, slot: Slot) -> Tensor:
    return model.get_parameter(slot.tensor).detach()


def _layer(model: CRNN, slot: Slot) -> nn.Module:
    return model.get_submodule(slot.tensor.rpartition(".")[0])


def _of_norm(model: CRNN, slot: Slot) -> bool:
    return isinstance(_layer(model, slot), nn.BatchNorm2d)


def _norms(model: CRNN, wires: Wires) -> list[Slot]:
    """The γ of every norm."""
    return [
        slot
        for slot in wires.slots
        if slot.rows and slot.tensor.endswith(".weight") and _of_norm(model, slot)
    ]
