"""What a network costs on paper: parameters and multiply-adds."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from penjing.models.crnn import STRIDE, skeleton
from penjing.models.plan import Plan

WIDTH = 320  # pixels of the line that multiply-adds are given for


def parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def line_cost(plan: Plan, width: int = WIDTH) -> int:
    """Multiply-adds of a recogniser for one line of ``width`` pixels, every frame classified.

    FLOPs are twice as many.
    """
    model = skeleton(plan)
    image = torch.empty(1, 1, plan.height, width, device="meta")
    # Every weight of an LSTM or a linear layer is used once a frame.
    after = (*model.recurrent.named_parameters(), *model.head.named_parameters())
    once = sum(p.numel() for name, p in after if "weight" in name)
    return multiply_adds(model.backbone, image) + width // STRIDE * once


@torch.no_grad()
def multiply_adds(model: nn.Module, example: Tensor) -> int:
    """Multiply-adds of the convolutions and linear layers in one pass over ``example``.

    Activations and pools are not counted, as is usual, nor are norms, which export folds into
    the convolutions.
    """
    total = 0

    def note(module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += output.numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            total += output.numel() * module.in_features

    hooks = [m.register_forward_hook(note) for m in model.modules()]
    was_training = model.training
    try:
        model.eval()(example)
    finally:
        for hook in hooks:
            hook.remove()
        model.train(was_training)
    return total
