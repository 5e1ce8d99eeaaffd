"""Growing a trained network wider: the reverse of a cut.

As in "Net2Net" (Chen, Goodfellow and Shlens, 2016) the wider network reads just as the narrow one
did, so that no training is lost. Here the new channels are no copies of old ones: they begin as in
a fresh network and hear what the old ones hear, but nothing listens to them yet. The weights
through which the old ones would hear them are nought; their gradients are not.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

from penjing.compression.surgery import indices, origins, resized
from penjing.errors import SurgeryError
from penjing.models.crnn import CRNN, build
from penjing.models.groups import wire


@torch.no_grad()
def grown(model: CRNN, widths: Mapping[str, int]) -> CRNN:
    """A new network with some groups at greater widths, which gives the same outputs.

    ``model`` is left as it was. Raises SurgeryError for an unknown group, a width below its own,
    or one that a shuffle or a grouped convolution cannot be given.
    """
    wider = build(resized(model.plan, widths)).train(model.training)
    narrow, wide = wire(model), wire(wider)
    for name, width in widths.items():
        if width < narrow.groups[name].width:
            had = narrow.groups[name].width
            raise SurgeryError(f"{name} has {had} channels, cannot grow to {width}; prune cuts")
    home = origins(wide, narrow, {})
    slots = {slot.tensor: slot for slot in wide.slots}
    state = wider.state_dict()
    weights = model.state_dict()
    for slot in narrow.slots:
        grows, tensor = state[slot.tensor], weights.pop(slot.tensor)
        parts = indices(grows, slots[slot.tensor], slot, home)
        for (rows, columns), part in zip(parts, tensor.chunk(len(parts)), strict=True):
            if columns is None:
                grows[rows] = part
            else:
                grows[rows] = 0
                grows[rows[:, None], columns] = part
    for name, tensor in weights.items():  # what no channel stands in, as counts of batches
        state[name].copy_(tensor)
    return wider
