"""The page of errors, written by the command on lines that the test draws."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import bands
import cv2
import pytest
from typer.testing import CliRunner

from penjing.cli import app
from penjing.runtime.pictures import decode

VOID = {"meta", "img", "path"}


class Parsed(HTMLParser):
    """The text of every element by its tag, and every attribute; tags must close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Drawn lines of which some labels say something else than the picture."""
    rows = ["image\ttext\tkind\tlanguage"]
    drawn = [
        ("abc", "abc", "sign", "en"),
        ("ab ca", "ab ca", "receipt", "en"),
        ("abca", "ab ca", "receipt", "en"),
        ("abb", "abc", "receipt", "en"),
        ("cab", "ca<b", "tag & label", "zh"),
        ("bb", "b", "tag & label", "zh"),
    ]
    for k, (seen, label, kind, language) in enumerate(drawn):
        cv2.imwrite(str(tmp_path / f"{k}.png"), bands.draw(seen))
        rows.append(f"{k}.png\t{label}\t{kind}\t{language}")
    (tmp_path / "labels.tsv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_the_page_shows_what_was_read_wrongly(folder: Path, bands_model: Path) -> None:
    html, figures = folder / "errors.html", folder / "figures.json"
    command = ["eval", str(folder), "--model", str(bands_model), "--html", str(html)]
    done = CliRunner().invoke(app, [*command, "--json", str(figures)])
    assert done.exit_code == 0, done.output
    text = html.read_text(encoding="utf-8")
    page = Parsed(text)
    shown = " ".join(data for _, data in page.texts)
    assert "3 of 6 lines are not exact" in shown
    assert "tag & label" in shown
    assert "1 of 3 wrong" in shown  # a missing space alone is no wrong line
    marked = [data for tag, data in page.texts if tag == "mark"]
    assert sorted(marked) == ["<", "b", "b", "c"]
    assert 'title="U+003C">&lt;</b><span>→</span><i class="none">' in text  # < was dropped
    report = json.loads(figures.read_text())
    assert report["exact"] == 0.5
    assert report["english_spaces"] == {"lines": 2, "f1": 0.6667}


def test_the_page_needs_no_other_file(folder: Path, bands_model: Path) -> None:
    html = folder / "errors.html"
    command = ["eval", str(folder), "--model", str(bands_model), "--html", str(html)]
    assert CliRunner().invoke(app, command).exit_code == 0
    page = Parsed(html.read_text(encoding="utf-8"))
    sources = [value for name, value in page.attributes if name == "src"]
    prefix = "data:image/jpeg;base64,"
    assert len(sources) == 3 + 3  # each wrong line whole, and a look at each wrong character
    for source in sources:
        assert source.startswith(prefix)
        assert decode(base64.b64decode(source.removeprefix(prefix))).width >= 16
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert not re.search(r"url\(|@import|<script|<link", html.read_text(encoding="utf-8"))


def test_all_read_well_is_said(tmp_path: Path, bands_model: Path) -> None:
    cv2.imwrite(str(tmp_path / "0.png"), bands.draw("ab"))
    (tmp_path / "labels.tsv").write_text("image\ttext\n0.png\tab", encoding="utf-8")
    html = tmp_path / "errors.html"
    command = ["eval", str(tmp_path), "--model", str(bands_model), "--html", str(html)]
    assert CliRunner().invoke(app, command).exit_code == 0
    text = html.read_text(encoding="utf-8")
    assert "Every line is read exactly" in text
    assert "<img" not in text


def test_pages_have_no_error_page(tmp_path: Path) -> None:
    command = ["eval", str(tmp_path), "--pages", "--html", str(tmp_path / "x.html")]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert "--pages" in done.stderr
