"""Configuration files: what they say is typed, and a slip is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from penjing.charset import DEFAULT, Charset
from penjing.errors import ConfigError
from penjing.training.config import DataConfig, NetworkConfig, TrainConfig
from penjing.training.sources import spell_charset


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
        ("[data]\nbatch = 0", "batch must be above 0, got 0"),
        ("[schedule]\nlines = -5", "lines must be above 0"),
        ("[run]\nvalidate_every = 0", "validate_every must be above 0"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "run.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        TrainConfig.from_toml(file)


def test_characters_of_the_labels_need_labels(tmp_path: Path) -> None:
    config = TrainConfig(network=NetworkConfig(charset="labels"))
    with pytest.raises(ConfigError, match=r"data\.folder"):
        spell_charset(config)
    rows = "".join(f"{k}.png\t한{k % 4}\n" for k in range(12))
    (tmp_path / "labels.tsv").write_text(f"image\ttext\n{rows}", encoding="utf-8")
    own = replace(config, data=DataConfig(folder=str(tmp_path)))
    assert Charset.load(spell_charset(own).network.plan().charset).characters == tuple("0123한")
    shipped = replace(own, network=NetworkConfig())
    assert spell_charset(shipped) == shipped
    assert shipped.network.plan().charset == DEFAULT
