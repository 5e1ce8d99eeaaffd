"""The lines of an exam: all kinds alike, in the network's own characters."""

from pathlib import Path

import numpy as np
from PIL import Image

from penjing.charset import Charset
from penjing.training.exam import exam

ABC = Charset.of(["abc"])


def test_a_folder_gives_its_kinds_in_turn(tmp_path: Path) -> None:
    Image.fromarray(np.full((32, 64), 255, np.uint8)).save(tmp_path / "line.png")
    kinds = ["invoice"] * 5 + ["sign"] * 2 + ["plate"]
    rows = [f"line.png\t{k}\t{kind}" for k, kind in enumerate(kinds)]
    (tmp_path / "labels.tsv").write_text("\n".join(["image\ttext\tkind", *rows]) + "\n")
    lines = exam(tmp_path, ABC, 5)
    assert [line.kind for line in lines] == ["invoice", "sign", "plate", "invoice", "sign"]
    assert [line.text for line in lines] == ["0", "5", "7", "1", "6"]
    assert len(exam(tmp_path, ABC, 100)) == 8
    assert [line.text for line in exam(tmp_path, ABC, 2, skip=3)] == ["1", "6"]


def test_rendered_lines_are_written_in_the_given_characters() -> None:
    for held_out in (False, True):
        further = exam(None, Charset.load("latin-v1"), 2, held_out, skip=4)
        lines = exam(None, Charset.load("latin-v1"), 6, held_out)
        assert len(lines) == 6
        assert [line.text for line in further] == [line.text for line in lines[4:]]
        assert all(Charset.load("latin-v1").covers(line.text) for line in lines)
