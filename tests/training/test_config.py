"""Configuration files: what they say is typed, and a slip is named."""

from pathlib import Path

import pytest

from penjing.errors import ConfigError
from penjing.training.config import TrainConfig


def test_the_shipped_configuration_reads() -> None:
    config = TrainConfig.from_toml(Path(__file__).parents[2] / "configs" / "default.toml")
    assert config.network.plan().family == "mobilenet_v1"
    assert config.steps == config.schedule.lines // 64


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[schedule]\nlinse = 3", "linse"),
        ("[schedule]\nlines = 'many'", "lines must be int"),
        ("[network]\nrecurrent = 96", "recurrent must be list"),
        ("schedule = 3", "must be a table"),
        ("[schedule\n", "cannot read"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "run.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        TrainConfig.from_toml(file)
