"""A training run as typed data, read from a short TOML file."""

from __future__ import annotations

import sys
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from penjing.charset import DEFAULT
from penjing.errors import ConfigError
from penjing.models.backbones import default_channels
from penjing.models.plan import Plan

OF_LABELS = "labels"  # as network.charset: the characters of the labelled pictures

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class NetworkConfig:
    """Which network: a family at some width, or ``start``: a weights file to go on from."""

    family: str = "mobilenet_v1"
    width: float = 0.75
    channels: dict[str, int] = field(default_factory=dict)
    recurrent: list[int] = field(default_factory=lambda: [96])
    rank: int = 120  # 0 for one full classifier matrix
    charset: str = ""  # that of start, else the default; "labels": what data.folder's hold
    start: str = ""
    exit: str = ""  # a layer after which an early exit is trained too
    alone: list[str] = field(default_factory=list)  # parts, as "head"; all else stays as it is

    def plan(self) -> Plan:
        channels = {**default_channels(self.family, self.width), **self.channels}
        recurrent = tuple(self.recurrent)
        charset = self.charset or DEFAULT
        rank, early = self.rank or None, self.exit or None
        return Plan(self.family, channels, recurrent, rank, charset, exit=early)


@dataclass(frozen=True)
class DataConfig:
    """Which lines: rendered ones (``folder`` empty), or the pictures of a labelled folder."""

    seed: int = 1
    first_line: int = 0  # where in the endless stream of rendered lines this run begins
    shards: int = 2  # parts of a global batch; processes share them evenly
    batch: int = 32  # lines in a shard's batch, on average
    pool: int = 16  # batches that are rendered together and sorted by width
    max_width: int = 768
    folder: str = ""

    def __post_init__(self) -> None:
        _check_positive(self, "shards", "batch", "pool", "max_width")


@dataclass(frozen=True)
class ScheduleConfig:
    """How long and how fast."""

    lines: int = 1_500_000
    aligned: float = 0.6  # share of the run with glyph-aligned targets, CTC after
    learning_rate: float = 2e-3
    warmup: float = 0.01
    weight_decay: float = 0.02
    clip: float = 5.0
    ema: float = 0.999
    gamma_l1: float = 0.0  # penalty on BatchNorm's γ (network slimming, Liu et al. 2017)
    teacher: str = ""  # who teaches beside the labels in CTC's share, as for ``penjing distil``

    def __post_init__(self) -> None:
        _check_positive(self, "lines", "learning_rate", "clip")


@dataclass(frozen=True)
class RunConfig:
    """Where it is kept and how often one looks."""

    folder: str = "runs/train"
    threads: int = 1
    bf16: bool = True  # on processors that compute in it; others would take many times as long
    report_every: int = 50
    validate_every: int = 2000
    validate_lines: int = 400
    checkpoint_minutes: float = 3.0

    def __post_init__(self) -> None:
        _check_positive(self, "threads", "report_every", "validate_every", "validate_lines")


@dataclass(frozen=True)
class TrainConfig:
    network: NetworkConfig = field(default_factory=NetworkConfig)
    data: DataConfig = field(default_factory=DataConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    run: RunConfig = field(default_factory=RunConfig)

    @property
    def steps(self) -> int:
        return max(1, self.schedule.lines // (self.data.batch * self.data.shards))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_toml(cls, path: Path | str) -> TrainConfig:
        """Raises ConfigError naming the first unknown key or ill-typed value."""
        return read_toml(cls, path)


def _check_positive(settings: Any, *names: str) -> None:
    """Raises ConfigError naming the first that is not above nought."""
    for name in names:
        if getattr(settings, name) <= 0:
            raise ConfigError(f"{name} must be above 0, got {getattr(settings, name)}")


Config = TypeVar("Config")


def read_toml(kind: type[Config], path: Path | str) -> Config:
    """A TOML file as a dataclass. Raises ConfigError as above."""
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    config: Config = _typed(kind, data, str(path))
    return config


def _typed(kind: Any, data: Any, where: str) -> Any:
    """``data`` as a ``kind``, checked key by key."""
    hints = get_type_hints(kind)
    if not isinstance(data, dict):
        raise ConfigError(f"{where} must be a table, got {data!r}")
    unknown = sorted(set(data) - set(hints))
    if unknown:
        raise ConfigError(f"{where} has unknown keys {unknown}; known are {sorted(hints)}")
    values: dict[str, Any] = {}
    for item in fields(kind):
        if item.name not in data:
            assert item.default is not MISSING or item.default_factory is not MISSING
            continue
        hint, value, place = hints[item.name], data[item.name], f"{where}: {item.name}"
        if is_dataclass(hint):
            values[item.name] = _typed(hint, value, place)
            continue
        wanted = getattr(hint, "__origin__", hint)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            raise ConfigError(f"{place} must be {wanted.__name__}, got {value!r}")
        values[item.name] = value
    return kind(**values)
