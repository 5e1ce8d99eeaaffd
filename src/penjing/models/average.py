"""One network between two: a point on the line from earlier weights to those trained on from them.

Weights that were trained on from others mostly stay in the same basin, and a point between reads
new kinds of pictures better than either end (Wortsman et al., "Robust fine-tuning of zero-shot
models", 2022, and "Model soups", 2022). It costs nothing to read with.
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
    """``share`` of the later network and the rest of the earlier one, in eval mode.

    BatchNorm's statistics are averaged like the weights. Characters that only the later network
    knows are as it has them. Raises WeightsError for networks of otherwise different plans,
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
    """``earlier`` with the character set of ``later``, and the rows of it that it lacks."""
    name = later.plan.charset
    known = Charset.load(earlier.plan.charset)
    new = [k for k, c in enumerate(Charset.load(name).characters) if c not in known]
    model = with_charset(earlier, name)
    for part in ("weight", "bias"):
        getattr(model.head.classify, part)[new] = getattr(later.head.classify, part)[new]
    return model


@torch.no_grad()
def move(model: nn.Module, towards: nn.Module, share: float) -> None:
    """Move ``model``'s weights, and its BatchNorms' statistics, ``share`` of the way.

    What is counted in whole numbers is taken over.
    """
    goal = towards.state_dict()
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            value.lerp_(goal[name], share)
        else:
            value.copy_(goal[name])
