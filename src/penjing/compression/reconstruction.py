"""ThiNet (Luo et al. 2017): drop the channels that the next layer misses least.

A layer's output is a sum over its input channels. At sampled places, what each channel adds to it
is noted. Then channels are dropped one by one, each time the one that leaves the sum of all that is
dropped nearest to zero, in squares. A channel's score is the step at which it is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from penjing.errors import SurgeryError
from penjing.models.crnn import CRNN
from penjing.models.groups import Slot, wire
from penjing.training.batches import Batch

PLACES = 64  # sampled outputs of each reading layer and batch


@torch.no_grad()
def thinet(model: CRNN, batches: Sequence[Batch]) -> dict[str, Tensor]:
    """For each group, the step at which each channel is dropped, float32 (group.size,).

    Raises SurgeryError without lines.
    """
    if not batches:
        raise SurgeryError("ThiNet looks at activations: give at least one batch of lines")
    wires = wire(model)
    generator = torch.Generator().manual_seed(0)
    shares: dict[str, list[Tensor]] = {name: [] for name in wires.groups}

    def watch(slot: Slot) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def note(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            share = _shares(module, model.get_parameter(slot.tensor), inputs[0], generator)
            share /= share.sum(1).std().clamp_min(1e-12)
            for name in {name for name, _ in slot.columns}:
                here = [i for i, channel in enumerate(slot.columns) if channel[0] == name]
                numbers = [slot.columns[i][1] for i in here]
                own = torch.zeros(len(share), wires.groups[name].size)
                own[:, numbers] = share[:, here]
                shares[name].append(own)

        return note

    hooks = []
    for slot in wires.slots:
        # An LSTM's recurrent weights read a state that no hook sees; the next layer's will do.
        if slot.columns and "weight_hh" not in slot.tensor:
            module = model.get_submodule(slot.tensor.rpartition(".")[0])
            hooks.append(module.register_forward_pre_hook(watch(slot)))
    was_training = model.training
    model.eval()
    try:
        for batch in batches:
            frames = model(batch.images)
            model.head.blank_logit(frames)
            model.head.class_logits(frames)
    finally:
        for hook in hooks:
            hook.remove()
        model.train(was_training)
    return {name: _order(torch.cat(parts)) for name, parts in shares.items()}


def _order(shares: Tensor) -> Tensor:
    """(places, channels) to the step at which each channel is dropped, (channels,)."""
    left = torch.ones(shares.shape[1], dtype=torch.bool)
    gone = torch.zeros(len(shares))
    score = torch.empty(shares.shape[1])
    for step in range(shares.shape[1]):
        error = (shares + gone[:, None]).square().sum(0).masked_fill(~left, torch.inf)
        worst = int(error.argmin())
        score[worst] = step
        gone += shares[:, worst]
        left[worst] = False
    return score


def _shares(module: nn.Module, weight: Tensor, x: Tensor, generator: torch.Generator) -> Tensor:
    """What each input channel adds to sampled outputs, (PLACES, channels)."""
    output = _draw(len(weight), generator)
    if not isinstance(module, nn.Conv2d):
        x = x.reshape(-1, x.shape[-1])
        return x[_draw(len(x), generator)] * weight[output]
    (high, wide), (down, along) = module.kernel_size, module.stride
    assert not isinstance(module.padding, str)
    top, side = module.padding
    x = F.pad(x, (side, side, top, top))
    windows = x.unfold(2, high, down).unfold(3, wide, along)  # (n, c, rows, columns, high, wide)
    n, c, rows, columns = windows.shape[:4]
    line, row, column = (_draw(size, generator) for size in (n, rows, columns))
    seen = windows[line, :, row, column]
    share = torch.zeros(PLACES, c)
    width = weight.shape[1]
    for i, o in enumerate(output.tolist()):
        first = o * module.groups // len(weight) * width
        share[i, first : first + width] = (seen[i, first : first + width] * weight[o]).sum((1, 2))
    return share


def _draw(size: int, generator: torch.Generator) -> Tensor:
    return torch.randint(size, (PLACES,), generator=generator)
