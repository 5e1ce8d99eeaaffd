"""Weights as safetensors; the file carries its plan, so that loading needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialized
from torch import Tensor

from penjing.errors import WeightsError
from penjing.files import prepare, write_whole
from penjing.models.crnn import CRNN, build
from penjing.models.plan import Plan


def save(path: Path | str, model: CRNN, *, half: bool = True, **notes: str) -> None:
    """Write ``model`` with its plan and ``notes``; floats as fp16 if ``half``. Atomic.

    A tensor with a number beyond fp16, as a norm's variance may be, stays fp32. Raises OutputError.
    """
    path = Path(path)
    prepare(path)
    tensors = {
        name: _stored(value, half).detach().contiguous()
        for name, value in model.state_dict().items()
    }
    # save_file would make a file that only its owner may read, whatever the umask.
    write_whole(path, [serialized(tensors, {"plan": model.plan.to_json(), **notes})])


def load(path: Path | str) -> CRNN:
    """The network in ``path``, in fp32 and eval mode.

    Raises WeightsError for a missing, truncated or foreign file, or one whose tensors disagree
    with its plan or hold NaN or infinity; PlanError for a plan that cannot be built.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"no weights file at {path}")
    try:
        with safe_open(path, "pt") as file:
            notes = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise WeightsError(
            f"{path} is not a whole safetensors file, copy or save it again: {error}"
        ) from error
    if "plan" not in notes:
        raise WeightsError(f"{path} carries no plan; penjing.models.save writes one")
    model = build(Plan.from_json(notes["plan"]))
    found, planned = _shapes(tensors), _shapes(model.state_dict())
    wrong = sorted(name for name in found | planned if found.get(name) != planned.get(name))
    if wrong:
        name = wrong[0]
        raise WeightsError(
            f"{len(wrong)} tensors in {path} disagree with their plan; {name} is "
            f"{found.get(name, 'missing')}, planned is {planned.get(name, 'none')}. Save the "
            "network again with penjing.models.save, which writes both"
        )
    if broken := without_numbers(tensors):
        raise WeightsError(
            f"{len(broken)} tensors in {path} hold NaN or infinity, {broken[0]} first: a training "
            "that diverged left them; take earlier weights"
        )
    model.load_state_dict(tensors)
    return model.eval()


def without_numbers(tensors: Mapping[str, Tensor]) -> list[str]:
    """The names of the tensors that hold NaN or infinity."""
    return [
        name
        for name, value in tensors.items()
        if value.is_floating_point() and not value.isfinite().all()
    ]


def _stored(value: Tensor, half: bool) -> Tensor:
    if not value.is_floating_point():
        return value
    small = value.half()
    return small if half and small.isfinite().all() else value.float()


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in tensors.items()}
