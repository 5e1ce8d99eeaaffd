"""Where a run starts: a network as the config wants it, its average and its optimiser."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from penjing.charset import Charset
from penjing.errors import ConfigError
from penjing.models import CRNN, build, load, with_exit
from penjing.models.vocabulary import new_characters, with_charset
from penjing.training.checkpoint import Average, State
from penjing.training.config import TrainConfig
from penjing.training.processes import Processes

NAMED = 40  # new characters that are printed at most; the rest are counted


def begin(config: TrainConfig, model: CRNN | None = None) -> State:
    """A network (``model``, or the one of the config), its average and optimiser, at step 0."""
    torch.manual_seed(config.data.seed)
    if model is not None:
        model = model.train()
    elif config.network.start:
        model = _started(config.network.start, config.network.charset).train()
        if config.network.exit not in ("", model.plan.exit):
            model = with_exit(model, config.network.exit)
    else:
        model = build(config.network.plan())
    if config.network.alone:
        _freeze_all_but(model, config.network.alone)
    model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    learning = [p for p in model.parameters() if p.requires_grad]
    decayed = [p for p in learning if p.ndim > 1]
    plain = [p for p in learning if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.schedule.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=config.schedule.learning_rate,
        betas=(0.9, 0.98),
        foreach=True,
    )
    return State(model, Average(model, config.schedule.ema), optimizer)


def _freeze_all_but(model: CRNN, alone: Sequence[str]) -> None:
    """Freeze all parts but ``alone``, BatchNorm statistics too; raises ConfigError if missing."""
    parts = dict(model.named_modules())
    if missing := [name for name in alone if name not in parts]:
        largest = ", ".join(dict(model.named_children()))
        raise ConfigError(
            f"alone = {missing} names no part of this network, which has {largest}, and parts of "
            "these, as backbone.stem; it has an exit only where exit = ... names a layer"
        )
    model.requires_grad_(False).eval()
    for name in alone:
        parts[name].requires_grad_(True).train()


def _started(start: str, charset: str) -> CRNN:
    """The network in ``start``, given the character set ``charset`` if that is another."""
    model = load(start)
    if charset in ("", model.plan.charset):
        return model
    if Processes().first:
        new = new_characters(model, charset)
        few = " ".join(map(repr, new[:NAMED])) + (" …" if len(new) > NAMED else "")
        said = f"{len(new)} new to {start}: {few}" if new else f"all known to {start}"
        print(f"{len(Charset.load(charset))} characters, {said}", flush=True)
    return with_charset(model, charset)
