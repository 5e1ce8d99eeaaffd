"""Another character set for a network: known characters keep their weights, new ones are learnt."""

from __future__ import annotations

from dataclasses import replace

import torch

from penjing.charset import Charset
from penjing.models.crnn import CRNN, build


def with_charset(model: CRNN, name: str) -> CRNN:
    """``model`` with a classifier for the character set ``name``; all other weights are kept.

    A character of both sets keeps its row. A new one begins as the average of all rows (Hewitt,
    "Initializing New Word Embeddings for Pretrained Language Models", 2021), so that it neither
    wins nor is ruled out before it is learnt. Raises CharsetError for an unknown set.
    """
    rows = {c: k for k, c in enumerate(Charset.load(model.plan.charset).characters)}
    changed = build(replace(model.plan, charset=name))
    state = model.state_dict()
    for part in ("head.classify.weight", "head.classify.bias"):
        old = state[part]
        state[part] = torch.stack(
            [old[rows[c]] if c in rows else old.mean(0) for c in Charset.load(name).characters]
        )
    changed.load_state_dict(state)
    return changed


def new_characters(model: CRNN, name: str) -> tuple[str, ...]:
    """The characters of the set ``name`` that ``model`` does not know."""
    known = Charset.load(model.plan.charset)
    return tuple(c for c in Charset.load(name).characters if c not in known)
