"""A network described as a small JSON document, so that a pruned one is built like any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from penjing.charset import DEFAULT
from penjing.errors import PlanError

ROUNDING = 8  # kept channels are multiples of this: others were measured slower than the whole


def rounded(channels: float) -> int:
    """The nearest multiple of ``ROUNDING``, at least one of it."""
    return max(ROUNDING, round(channels / ROUNDING) * ROUNDING)


@dataclass(frozen=True)
class Plan:
    """What a recogniser is made of.

    Attributes:
        family: a registered backbone, for example ``"mobilenet_v1"``.
        channels: width of every prunable layer of the backbone, by the family's own layer names.
        recurrent: hidden units per direction of each stacked bidirectional LSTM layer.
        rank: inner width of the factored classifier; None for one full matrix.
        charset: name of the character set (``penjing.charset``).
        height: input height in pixels.
        exit: the backbone's layer after which easy lines may be read already; None for no exit.
    """

    family: str
    channels: Mapping[str, int] = field(default_factory=dict)
    recurrent: tuple[int, ...] = (96,)
    rank: int | None = 120
    charset: str = DEFAULT
    height: int = 32
    exit: str | None = None

    def __post_init__(self) -> None:
        sizes = [*self.channels.values(), *self.recurrent, *([self.rank] if self.rank else [])]
        if any(not isinstance(n, int) or n < 1 for n in sizes):
            raise PlanError(f"widths must be whole numbers of at least 1, got {sizes}")
        if not self.recurrent:
            raise PlanError("a plan needs at least one recurrent layer")

    def with_channels(self, **channels: int) -> Plan:
        return replace(self, channels={**self.channels, **channels})

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Raises PlanError where ``text`` is not a plan."""
        try:
            data: dict[str, Any] = json.loads(text)
            return cls(**{**data, "recurrent": tuple(data["recurrent"])})
        except (ValueError, KeyError, TypeError) as error:
            raise PlanError(f"not a plan: {error}") from error
