"""Weights as safetensors; the file carries its plan, so that loading needs nothing else."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from penjing.errors import WeightsError
from penjing.files import written_whole
from penjing.models.crnn import CRNN, build
from penjing.models.plan import Plan


def save(path: Path | str, model: CRNN, *, half: bool = True, **notes: str) -> None:
    """Write ``model`` with its plan and ``notes``; floats as fp16 if ``half``. Atomic."""
    path = Path(path)
    kind = torch.float16 if half else torch.float32
    tensors = {
        name: (value.to(kind) if value.is_floating_point() else value).detach().contiguous()
        for name, value in model.state_dict().items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as temporary:
        save_file(tensors, temporary, metadata={"plan": model.plan.to_json(), **notes})


def load(path: Path | str) -> CRNN:
    """The network in ``path``, in fp32 and eval mode.

    Raises WeightsError for a missing, truncated or foreign file, or one whose tensors disagree
    with its plan; PlanError for a plan that cannot be built.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"no weights file at {path}")
    try:
        with safe_open(path, "pt") as file:
            notes = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path} is not a whole safetensors file: {error}") from error
    if "plan" not in notes:
        raise WeightsError(f"{path} carries no plan; penjing.models.save writes one")
    model = build(Plan.from_json(notes["plan"]))
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise WeightsError(f"the weights in {path} disagree with their plan: {error}") from error
    return model.eval()
