"""Growing a trained network wider: the reverse of a cut.

As in "Net2Net" (Chen, Goodfellow and Shlens, 2016) the wider network gives the same outputs as the
narrow one, so that no training is lost. Here the new channels are not copies of old ones: the
weights into them are those of a fresh network, the weights from them into old channels are zero.
The gradients of these are not zero, so that training puts the new channels to use.
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
    for name, tensor in weights.items():  # tensors without channels, as counts of batches
        state[name].copy_(tensor)
    return wider
