"""A short string that tells a network from any other, even of the same plan."""

from __future__ import annotations

from hashlib import sha256

from penjing.models.crnn import CRNN


def fingerprint(model: CRNN) -> str:
    """A hash of the plan and of every weight: sixteen hexadecimal digits."""
    said = sha256(model.plan.to_json().encode())
    for value in model.state_dict().values():
        said.update(value.contiguous().numpy().tobytes())
    return said.hexdigest()[:16]
