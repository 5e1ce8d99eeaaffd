"""Folders of labelled pictures: what is read from them, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from penjing.errors import DataError
from penjing.labelled import Line, load_lines, load_pages, opened


def test_broken_labels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing"):
        load_lines(tmp_path)
    (tmp_path / "labels.tsv").write_text("image\tkind\nx\ty\n")
    with pytest.raises(DataError, match="columns"):
        load_lines(tmp_path)


def test_two_columns_are_enough(tmp_path: Path) -> None:
    (tmp_path / "labels.tsv").write_text("image\ttext\nx.png\ty\n")
    (line,) = load_lines(tmp_path)
    assert (line.image, line.text) == (tmp_path / "x.png", "y")
    assert (line.kind, line.language, line.orientation) == ("line", "", "h")


def test_opened_lines_are_gray(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), (255, 0, 0)).save(tmp_path / "red.png")
    (tmp_path / "labels.tsv").write_text("image\ttext\tkind\nred.png\t红\tsign\n", encoding="utf-8")
    [line] = opened(load_lines(tmp_path))
    assert isinstance(line, Line)
    assert (line.pixels.shape, line.pixels.dtype) == ((20, 40), np.uint8)
    assert (line.text, line.kind) == ("红", "sign")


def test_a_page_has_its_lines_beside_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no \.json"):
        load_pages(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"no \.json"):
        load_pages(tmp_path)
    corners = [[1, 2], [30, 2], [30, 12], [1, 12]]
    page = {"complete": True, "lines": [{"points": corners, "text": "ab"}]}
    (tmp_path / "page.json").write_text(json.dumps(page))
    with pytest.raises(DataError, match="picture of the same name"):
        load_pages(tmp_path)
    (tmp_path / "page.jpg").touch()
    [found] = load_pages(tmp_path)
    assert (found.image.name, found.texts, found.complete) == ("page.jpg", ("ab",), True)
    assert found.polygons.tolist() == [corners]


def test_labels_as_spreadsheets_write_them(tmp_path: Path) -> None:
    table = "image\ttext\nx.png\t红\n"
    (tmp_path / "labels.tsv").write_text(table, encoding="utf-8-sig")
    assert [line.text for line in load_lines(tmp_path)] == ["红"]
    for code in ("utf-16", "gbk"):
        (tmp_path / "labels.tsv").write_text(table, encoding=code)
        with pytest.raises(DataError, match="not UTF-8"):
            load_lines(tmp_path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_with_a_field_too_few_or_too_many_is_named(tmp_path: Path, end: str) -> None:
    for row, told in (
        ("z.png", "line 5: a picture and its text"),
        ("z.png\tfoo\tbar", "line 5: 3 fields for 2 columns"),
    ):
        lines = ["image\ttext", "", "x.png\ty", "", row, ""]
        (tmp_path / "labels.tsv").write_text(end.join(lines), newline="")
        with pytest.raises(DataError, match=told):
            load_lines(tmp_path)


def test_texts_are_taken_as_they_are(tmp_path: Path) -> None:
    """Quotes, spaces, the other ends of lines that Unicode has, and any length."""
    texts = ['"quoted', " a  b ", "one\u2028two\x0bthree\x85", "x" * 200_000, ""]
    table = "image\ttext\n" + "".join(f"x.png\t{text}\t\n" for text in texts)
    (tmp_path / "labels.tsv").write_text(table, encoding="utf-8")
    assert [line.text for line in load_lines(tmp_path)] == texts


def test_a_page_has_its_picture_whatever_its_name_and_whatever_else_is_there(
    tmp_path: Path,
) -> None:
    for name in ("scan[1].png", "scan1.png", "s.html", "s.PNG", "s.txt", "a.b.jpg", "a.png"):
        (tmp_path / name).touch()
    for name in ("scan[1]", "s", "a.b"):
        (tmp_path / f"{name}.json").write_text('{"lines": []}')
    assert [page.image.name for page in load_pages(tmp_path)] == ["a.b.jpg", "s.PNG", "scan[1].png"]
    (tmp_path / "s.PNG").unlink()
    with pytest.raises(DataError, match=r"s\.json needs a picture"):
        load_pages(tmp_path)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"lines": [{"text": "a"}]}', '{"lines": [{"text": "a", "points": [1]}]}']
)
def test_a_page_with_other_labels_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.jpg").touch()
    (tmp_path / "page.json").write_text(text)
    with pytest.raises(DataError, match="four corners"):
        load_pages(tmp_path)
