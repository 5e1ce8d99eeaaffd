"""Configuration files: what they say is typed, and a slip is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from penjing.charset import DEFAULT, Charset
from penjing.errors import ConfigError
from penjing.models.backbones import default_channels
from penjing.training.config import DataConfig, NetworkConfig, ScheduleConfig, TrainConfig
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
        ("[schedule]\nlearning_rate = nan", "learning_rate must be above 0, got nan"),
        ("[schedule]\nlearning_rate = inf", "learning_rate must be above 0"),
        ("[schedule]\nema = 1.0", "ema must be below 1"),
        ("[schedule]\nema = -0.1", "ema must be from 0 to 1"),
        ("[schedule]\naligned = 60", "aligned must be from 0 to 1, got 60"),
        ("[schedule]\nwarmup = nan", "warmup must be from 0 to 1"),
        ("[schedule]\nweight_decay = -1", "weight_decay must be at least 0"),
        ("[schedule]\ngamma_l1 = nan", "gamma_l1 must be at least 0"),
        ("[schedule]\naligned = 'all'", "aligned must be float"),
        ("[data]\nseed = -1", "seed must be at least 0"),
        ("[network]\nwidth = 0", "width must be above 0"),
        ("[network]\nstart = 'a.safetensors'\nfamily = 'vgg'\nrank = 0", "family, rank would be"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "run.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        TrainConfig.from_toml(file)


def test_what_is_not_given_has_a_default() -> None:
    plan = NetworkConfig().plan()
    assert (plan.family, plan.recurrent, plan.rank) == ("mobilenet_v1", (96,), 120)
    assert plan.channels == default_channels("mobilenet_v1", 0.75)
    assert NetworkConfig(rank=0).plan().rank is None


def test_pictures_of_a_folder_have_no_glyphs_to_align_to() -> None:
    assert TrainConfig().aligned > 0
    folder = TrainConfig(data=DataConfig(folder="lines"))
    assert folder.aligned == 0
    assert replace(folder, schedule=ScheduleConfig(aligned=0.4)).aligned == 0.4


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
