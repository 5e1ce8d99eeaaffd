"""Which channels matter: six methods behind one interface.

Every method maps (network, lines) to one score per channel of each group; the highest are kept.
Scores are compared within a group only.

LSTM units and the classifier's inner channels (``rank``) have neither γ nor filters. The output of
an LSTM unit lies between -1 and 1, so it is scored by the weights that read it; an inner channel is
scored by the weights that make it times those that read it, a product that rescaling between the
two layers does not change.
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

    It means little unless the network was trained with the L1 penalty on γ. Groups without a norm
    get their ``l1`` scores.
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
    """Mean distance of a channel's filters from the other filters of their layer (He et al. 2019).

    A filter near the geometric median can be replaced by the rest. Depthwise filters are not
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
    """Squared first-order change of the loss when a channel is zeroed (Molchanov et al. 2019).

    The change is the sum of weight times gradient over a channel's γ and β or, where there is no
    norm, over the weights that make the channel. Raises SurgeryError without lines.
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
    """Random scores, the same at every call: the baseline that other methods should beat."""
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
    """Scores by the method of that name in ``METHODS``. Raises SurgeryError if there is none."""
    check_method(method)
    return METHODS[method](model, batches)


def check_method(method: str) -> None:
    """Raises SurgeryError unless ``method`` is a name in ``METHODS``."""
    if method not in METHODS:
        raise SurgeryError(f"no method {method!r}; there are {', '.join(METHODS)}")


def judging_lines(data: DataConfig, charset: Charset) -> list[Batch]:
    """The lines that channels are scored on: training lines, so that an exam's stay unseen."""
    return validation_batches(training_source(data, charset), JUDGING_LINES, charset)


def _empty(wires: Wires) -> Scores:
    return {name: torch.zeros(group.size) for name, group in wires.groups.items()}


def _accumulate(scores: Scores, slot: Slot, values: Tensor) -> None:
    """Add ``values`` (rows,) to the scores of the channels that are the slot's rows."""
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
    """The slot of every norm's γ."""
    return [
        slot
        for slot in wires.slots
        if slot.rows and slot.tensor.endswith(".weight") and _of_norm(model, slot)
    ]
