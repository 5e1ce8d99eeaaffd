"""A training run as typed data, read from a short TOML file."""

from __future__ import annotations

import math
import sys
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

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
    """Which network: a family at some width, or ``start``: a weights file to go on from.

    Raises ConfigError where both are given: the file knows its own widths.
    """

    family: str | None = None  # None: mobilenet_v1
    width: float | None = None  # times the family's own channels; None: 0.75
    channels: dict[str, int] | None = None  # of single layers, in place of what ``width`` gives
    recurrent: list[int] | None = None  # LSTM units of each layer and direction; None: [96]
    rank: int | None = None  # inner width of the classifier; None: 120; 0: one full matrix
    charset: str = ""  # "": that of start, else the default; "labels": that of data.folder's labels
    start: str = ""
    exit: str = ""  # a layer after which an early exit is trained too
    alone: list[str] = field(default_factory=list)  # parts to train, as "head"; the rest is frozen

    def __post_init__(self) -> None:
        shape = ("family", "width", "channels", "recurrent", "rank")
        given = [name for name in shape if getattr(self, name) is not None]
        if self.start and given:
            raise ConfigError(
                f"{', '.join(given)} would be ignored: the network is that of {self.start}; leave "
                "out one of the two (penjing grow and prune change widths)"
            )
        if self.width is not None:
            _check_positive(self, "width")

    def plan(self) -> Plan:
        family = "mobilenet_v1" if self.family is None else self.family
        width = 0.75 if self.width is None else self.width
        channels = {**default_channels(family, width), **(self.channels or {})}
        recurrent = (96,) if self.recurrent is None else tuple(self.recurrent)
        rank = 120 if self.rank is None else self.rank or None
        charset, early = self.charset or DEFAULT, self.exit or None
        return Plan(family, channels, recurrent, rank, charset, exit=early)


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
        _check_not_negative(self, "seed", "first_line")


@dataclass(frozen=True)
class ScheduleConfig:
    """How long to train, on which targets, and how fast."""

    lines: int = 1_500_000
    aligned: float | None = None  # share of the run with glyph-aligned targets, CTC after
    learning_rate: float = 2e-3  # the highest
    warmup: float = 0.01  # share of the steps in which the learning rate rises
    weight_decay: float = 0.02
    clip: float = 5.0  # largest norm of the gradient
    ema: float = 0.999  # decay, per step, of the average of the weights
    gamma_l1: float = 0.0  # penalty on BatchNorm's γ (network slimming, Liu et al. 2017)
    teacher: str = ""  # to distil from in the CTC part of the run, named as for ``penjing distil``

    def __post_init__(self) -> None:
        _check_positive(self, "lines", "learning_rate", "clip")
        _check_not_negative(self, "weight_decay", "gamma_l1")
        _check_share(self, "aligned", "warmup", "ema")
        if self.ema == 1:
            raise ConfigError("ema must be below 1, or the average stays as it began")


@dataclass(frozen=True)
class RunConfig:
    """The run's folder, and how often it reports, validates and saves."""

    folder: str = "runs/train"
    threads: int = 1  # in each process
    bf16: bool = True  # on processors that compute in it; others would take many times as long
    report_every: int = 50  # steps
    validate_every: int = 2000  # steps
    validate_lines: int = 400
    checkpoint_minutes: float = 3.0

    def __post_init__(self) -> None:
        _check_positive(self, "threads", "report_every", "validate_every", "validate_lines")
        _check_not_negative(self, "checkpoint_minutes")


@dataclass(frozen=True)
class TrainConfig:
    """A whole run; each field is a table of the TOML file."""

    network: NetworkConfig = field(default_factory=NetworkConfig)
    data: DataConfig = field(default_factory=DataConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    run: RunConfig = field(default_factory=RunConfig)

    @property
    def steps(self) -> int:
        return max(1, self.schedule.lines // (self.data.batch * self.data.shards))

    @property
    def aligned(self) -> float:
        """Share of the steps with glyph-aligned targets.

        None of them by default where a folder is given, for its glyphs' places are not known.
        """
        if self.schedule.aligned is not None:
            return self.schedule.aligned
        return 0.0 if self.data.folder else 0.6

    @classmethod
    def from_toml(cls, path: Path | str) -> TrainConfig:
        """Raises ConfigError naming the first unknown key or ill-typed value."""
        return read_toml(cls, path)


def _check_positive(settings: Any, *names: str) -> None:
    """Raises ConfigError naming the first that is not above 0, or not finite."""
    for name in names:
        if not 0 < getattr(settings, name) < math.inf:
            raise ConfigError(f"{name} must be above 0, got {getattr(settings, name)}")


def _check_not_negative(settings: Any, *names: str) -> None:
    for name in names:
        if not 0 <= getattr(settings, name) < math.inf:
            raise ConfigError(f"{name} must be at least 0, got {getattr(settings, name)}")


def _check_share(settings: Any, *names: str) -> None:
    for name in names:
        value = getattr(settings, name)
        if value is not None and not 0 <= value <= 1:
            raise ConfigError(f"{name} must be from 0 to 1, got {value}")


Config = TypeVar("Config")


def read_toml(kind: type[Config], path: Path | str) -> Config:
    """A TOML file as the dataclass ``kind``.

    Raises ConfigError for an unreadable file, or naming the first unknown key or ill-typed value.
    """
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
        wanted = _kind(hint)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            raise ConfigError(f"{place} must be {wanted.__name__}, got {value!r}")
        values[item.name] = value
    return kind(**values)


def _kind(hint: Any) -> Any:
    """The class of a field's values: list for ``list[int]``, float for ``float | None``."""
    given = [kind for kind in get_args(hint) if kind is not NoneType]
    optional = len(given) < len(get_args(hint))
    hint = given[0] if optional else hint
    return getattr(hint, "__origin__", hint)
