"""The average of two networks of which one was trained on from the other.

The later weights mostly stay in the basin of the earlier ones, and a point on the line between them
reads new kinds of pictures better than either end (Wortsman et al., "Robust fine-tuning of
zero-shot models", 2022, and "Model soups", 2022). Reading with it takes no longer.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import torch
from torch import nn

from penjing.charset import Charset
from penjing.errors import ConfigError, WeightsError
from penjing.models.crnn import CRNN
from penjing.models.vocabulary import with_charset


def between(earlier: CRNN, later: CRNN, share: float) -> CRNN:
    """The average of two networks, with ``share`` (0..1) of the later one, in eval mode.

    BatchNorm's statistics are averaged like the weights. Characters that only the later network
    knows keep its weights. Raises WeightsError for networks of otherwise different plans,
    ConfigError for a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ConfigError(f"the share of the later network must be from 0 to 1, got {share}")
    if replace(earlier.plan, charset=later.plan.charset) != later.plan:
        raise WeightsError(
            "only networks of one plan have an average, and only if one was trained on from the "
            f"other: {earlier.plan.to_json()} and {later.plan.to_json()}"
        )
    if earlier.plan == later.plan:
        model = copy.deepcopy(earlier)
    else:
        model = _with_characters_of(later, earlier)
    move(model, later, share)
    return model.eval()


@torch.no_grad()
def _with_characters_of(later: CRNN, earlier: CRNN) -> CRNN:
    """``earlier`` with the character set of ``later``, and its rows of the new characters."""
    name = later.plan.charset
    known = Charset.load(earlier.plan.charset)
    new = [k for k, c in enumerate(Charset.load(name).characters) if c not in known]
    model = with_charset(earlier, name)
    for part in ("weight", "bias"):
        getattr(model.head.classify, part)[new] = getattr(later.head.classify, part)[new]
    return model


@torch.no_grad()
def move(model: nn.Module, towards: nn.Module, share: float) -> None:
    """Move ``model``'s weights and BatchNorm statistics ``share`` of the way to ``towards``'s.

    Whole numbers, which are counts of batches, are copied.
    """
    goal = towards.state_dict()
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            value.lerp_(goal[name], share)
        else:
            value.copy_(goal[name])
