"""Lines of a folder: which are kept aside, and which cannot be learnt from."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from penjing.charset import Charset
from penjing.errors import DataError
from penjing.training.config import DataConfig
from penjing.training.metrics import validation_samples
from penjing.training.sources import FolderSource, training_source, validation_sources

CHARSET = Charset.of(["0123456789"])


def labelled(folder: Path, names: list[str]) -> tuple[set[str], set[str]]:
    """The pictures to train on and those kept aside, of a folder of ``names``; none is opened."""
    folder.mkdir(exist_ok=True)
    rows = "".join(f"{name}\t{i}\n" for i, name in enumerate(names))
    (folder / "labels.tsv").write_text(f"image\ttext\n{rows}", encoding="utf-8")
    data = DataConfig(folder=str(folder))
    taught = training_source(data, CHARSET)
    aside = validation_sources(data, CHARSET)["folder"]
    assert isinstance(taught, FolderSource)
    assert isinstance(aside, FolderSource)
    return {x.image.name for x in taught.lines}, {x.image.name for x in aside.lines}


def test_a_picture_stays_aside_when_others_come_and_all_are_sorted(tmp_path: Path) -> None:
    names = [f"{i:04}.png" for i in range(400)]
    taught, aside = labelled(tmp_path / "here", names)
    assert taught | aside == set(names)
    assert 20 < len(aside) < 60
    more = ["new.png", *reversed(names), *(f"{i}.jpg" for i in range(100))]
    later_taught, later_aside = labelled(tmp_path / "there", more)
    assert taught <= later_taught
    assert aside <= later_aside


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_however_few_one_is_kept_aside(first: int, tmp_path: Path) -> None:
    taught, aside = labelled(tmp_path, [f"{first + i}.png" for i in range(10)])
    assert taught
    assert aside
    assert taught.isdisjoint(aside)


def test_lines_of_a_single_picture_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="one picture"):
        labelled(tmp_path, ["same.png"] * 12)


def drawn(folder: Path, text: str, width: int) -> DataConfig:
    """Twenty pictures ``width`` px wide that all say ``text``."""
    for i in range(20):
        cv2.imwrite(str(folder / f"{i}.png"), np.full((32, width), i, np.uint8))
    rows = "".join(f"{i}.png\t{text}\n" for i in range(20))
    (folder / "labels.tsv").write_text(f"image\ttext\n{rows}", encoding="utf-8")
    return DataConfig(folder=str(folder))


def test_an_exam_holds_no_line_twice(tmp_path: Path) -> None:
    source = training_source(drawn(tmp_path, "12", 64), CHARSET)
    lines = validation_samples(source, 400)
    assert len(lines) == len({line.image.tobytes() for line in lines}) < 20


def test_a_label_that_its_picture_has_no_room_for_is_named(tmp_path: Path) -> None:
    sixteen = "0123456789012345"  # 64 px make as many frames
    assert training_source(drawn(tmp_path, sixteen, 64), CHARSET).render(0).text == sixteen
    repeated = "0123456789012344"  # a blank must stand between the fours
    with pytest.raises(DataError, match=r"\.png is 64 px wide.* wants 17"):
        training_source(drawn(tmp_path, repeated, 64), CHARSET).render(0)
