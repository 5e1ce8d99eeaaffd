"""All ways of choosing channels, at equal cost and equal effort, on a toy."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from lines import written

from penjing.compression import selection
from penjing.compression.importance import METHODS
from penjing.compression.selection import WHOLE, Outcome, SelectionConfig, even_widths, markdown
from penjing.compression.surgery import resized
from penjing.errors import ConfigError, DataError
from penjing.models import Plan, load
from penjing.models.backbones import default_channels
from penjing.report.counting import line_cost
from penjing.report.table import write_table
from penjing.training.config import ScheduleConfig, read_toml

METHODS_TRIED = ["l1", "thinet", "random"]


@pytest.fixture
def config(tmp_path: Path) -> SelectionConfig:
    """A folder of bars, a short training on them, a shorter healing."""
    lines = written(tmp_path)
    base = tmp_path / "base.toml"
    base.write_text(
        f"""
        [network]
        family = "vgg"
        width = 0.125
        recurrent = [16]
        rank = 0
        charset = "labels"
        [data]
        folder = "{lines}"
        shards = 1
        batch = 8
        pool = 2
        [schedule]
        lines = 320
        aligned = 1.0
        learning_rate = 1e-2
        gamma_l1 = 1e-4
        ema = 0.9
        [run]
        folder = "{tmp_path / "base"}"
        bf16 = false
        validate_every = 1000
        validate_lines = 4
        """,
        encoding="utf-8",
    )
    healing = ScheduleConfig(lines=32, learning_rate=1e-3, ema=0.5)
    folder = str(tmp_path / "selection")
    return SelectionConfig(str(base), folder, 0.5, 4, METHODS_TRIED, healing)


def test_every_method_costs_the_same_and_is_not_tried_twice(
    config: SelectionConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = selection.compare(config)
    first = [next(stopped), next(stopped)]
    stopped.close()
    tried = []
    heal = selection.heal

    def counted(*args: object) -> object:
        tried.append(args)
        return heal(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(selection, "heal", counted)
    outcomes = list(selection.compare(config))
    assert len(tried) == len(METHODS_TRIED) - 1
    assert outcomes[:2] == first
    whole, *cut = outcomes
    assert [o.method for o in outcomes] == [WHOLE, *METHODS_TRIED]
    assert len({o.multiply_adds for o in cut}) == 1
    assert 0.4 * whole.multiply_adds < cut[0].multiply_adds <= 0.5 * whole.multiply_adds
    folder = Path(config.folder)
    assert line_cost(load(folder / "l1.safetensors").plan) == cut[0].multiply_adds
    with (folder / "selection.csv").open() as file:
        assert [row["method"] for row in csv.DictReader(file)] == [o.method for o in outcomes]
    selection.plot(outcomes, folder / "selection.png")
    assert (folder / "selection.png").read_bytes().startswith(b"\x89PNG")
    # The base's file is there still, and another network in it.
    write_table(folder / "selection.csv", [replace(whole, loss=whole.loss + 0.1), *cut])
    with pytest.raises(DataError, match="another base"):
        next(selection.compare(config))


@pytest.mark.parametrize(
    ("family", "keep"), [("vgg", 0.3), ("vgg", 0.8), ("mobilenet_v1", 0.5), ("shufflenet_v2", 0.6)]
)
def test_even_widths_leave_what_is_asked(family: str, keep: float) -> None:
    plan = Plan(family, default_channels(family), (96,), 120)
    left = line_cost(resized(plan, even_widths(plan, keep))) / line_cost(plan)
    assert keep - 0.1 < left <= keep


def test_a_share_out_of_reach_is_refused() -> None:
    with pytest.raises(ConfigError, match="cannot be cut to 0%"):
        even_widths(Plan("vgg", default_channels("vgg", 0.25)), 1e-6)


def test_what_cannot_be_compared_is_refused_before_any_work() -> None:
    with pytest.raises(ConfigError, match=", ".join(METHODS)):
        SelectionConfig(methods=["l2"])
    for keep in (0.0, 1.0):
        with pytest.raises(ConfigError, match="between 0 and 1"):
            SelectionConfig(keep=keep)
    with pytest.raises(ConfigError, match="exam must be above 0"):
        SelectionConfig(exam=0)
    with pytest.raises(ConfigError, match="teacher"):
        SelectionConfig(healing=ScheduleConfig(teacher="default"))


def test_the_shipped_configurations_are_sound() -> None:
    folder = Path(__file__).parents[2] / "configs"
    for file in folder.glob("selection-*.toml"):
        config = read_toml(SelectionConfig, file)
        assert (folder.parent / config.base).is_file()
        assert config.methods == list(METHODS)
        assert 0 < config.keep < 1


def test_the_table_has_the_best_reading_first() -> None:
    rows = [
        Outcome(WHOLE, 10, 100, 0.9, 0.9, 0.8, 0.1, 0.0),
        Outcome("random", 5, 50, 0.1, 0.6, 0.5, 0.4, 1.0),
        Outcome("l1", 5, 50, 0.2, 0.8, 0.7, 0.2, 1.0),
    ]
    lines = markdown(rows).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| whole", "| l1", "| random"]
    assert "80.00%" in lines[3]
