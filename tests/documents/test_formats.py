"""Every format is read back by something that is not ours, with hostile texts inside."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image

from penjing.documents.formats import FORMATS
from penjing.documents.leaf import Leaf
from penjing.errors import OutputError
from penjing.runtime.result import Character, Line, Page, Quad, Word

TEXTS = ("盆景：小中见大", 'Total <b> & "98.50" 元', "𠮷野家 a_b*c*", "# 1. |x| \\ `y`")


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def line(text: str, left: float, top: float, size: float = 40) -> Line:
    """A line whose every character is a square of ``size`` pixels, a space half of one."""
    words, x = [], left
    for part in text.split(" "):
        right = x + size * len(part)
        letters = tuple(
            Character(letter, 0.9, (x + size * (k + 0.5), top + size / 2))
            for k, letter in enumerate(part)
        )
        if part:
            words.append(Word(part, 0.9, quad(x, top, right, top + size), letters))
        x = right + size / 2
    return Line(text, 0.9, quad(left, top, max(x - size / 2, left + 1), top + size), tuple(words))


def leaf(*lines: Line, number: int | None = None, size: tuple[int, int] = (1000, 800)) -> Leaf:
    page = Page(lines, size[0], size[1], "page", "bands")
    pixels = np.full((size[1], size[0]), 255, np.uint8)
    return Leaf(page, 'scans/"a"; <b>&.png', number, pixels, 150.0)


def stack(*texts: str, number: int | None = None) -> Leaf:
    return leaf(*(line(text, 50, 50 + 100 * k) for k, text in enumerate(texts)), number=number)


def written(name: str, *leaves: Leaf) -> bytes:
    return b"".join(FORMATS[name].write(leaves))


def test_text_has_rows_and_form_feeds() -> None:
    table = leaf(line("品名", 50, 50), line("金额", 400, 52), line("茶", 50, 150))
    assert written("text", table, stack("b")).decode() == "品名  金额\n茶\n\fb\n"


def test_json_holds_the_whole_result() -> None:
    first, second = stack(*TEXTS, number=3), stack("b")
    rows = [json.loads(row) for row in written("json", first, second).splitlines()]
    assert [(row["file"], row.get("number")) for row in rows] == [
        (first.source, 3),
        (first.source, None),
    ]
    assert Page.from_dict(rows[0]) == first.page


def test_tsv_is_tesseracts() -> None:
    table = written("tsv", stack("a b", "茶"), stack("c")).decode()
    rows = list(csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows[0]) == 12
    words = [row for row in rows if row["level"] == "5"]
    assert [(w["page_num"], w["line_num"], w["word_num"], w["text"]) for w in words] == [
        ("1", "1", "1", "a"), ("1", "1", "2", "b"), ("1", "2", "1", "茶"), ("2", "1", "1", "c"),
    ]  # fmt: skip
    assert (words[1]["left"], words[1]["top"], words[1]["width"], words[1]["conf"]) == (
        "110", "50", "40", "90.00",
    )  # fmt: skip


def numbers(name: str, *leaves: Leaf) -> list[str]:
    document = written(name, *leaves).decode()
    kinds = {"tsv": r"^1\t(\d+)", "hocr": r"ppageno (\d+)", "alto": r'PHYSICAL_IMG_NR="(\d+)"'}
    return re.findall(kinds[name], document, re.MULTILINE)


def of_file(source: str, *pages: int | None) -> list[Leaf]:
    return [replace(stack("a", number=page), source=source) for page in pages]


@pytest.mark.parametrize(("name", "first"), [("tsv", 1), ("hocr", 0), ("alto", 1)])
def test_pages_have_the_numbers_that_they_have_in_their_file(name: str, first: int) -> None:
    def from_one(*leaves: Leaf) -> list[int]:
        return [int(number) - first + 1 for number in numbers(name, *leaves)]

    assert from_one(*of_file("a.pdf", 3)) == [3]
    assert from_one(*of_file("a.pdf", 3, 1, 7)) == [3, 1, 7]
    assert from_one(*of_file("a.png", None), *of_file("b.png", None)) == [1, 2]
    assert from_one(*of_file("a.png", None, None)) == [1, 2]
    several = [*of_file("a.pdf", 2, 3), *of_file("b.png", None), *of_file("c.pdf", 1, 2)]
    assert from_one(*several) == [2, 3, 4, 5, 6]
    assert from_one(*of_file("a.pdf", 1, 2, 1, 2)) == [1, 2, 3, 4]


def test_alto_names_every_file() -> None:
    def named(*leaves: Leaf) -> list[tuple[str, str | None]]:
        root = ElementTree.fromstring(written("alto", *leaves))
        source = root.find(f".//{ALTO}sourceImageInformation")
        assert source is not None
        return [(part.tag.removeprefix(ALTO), part.text) for part in source]

    assert named(*of_file("a.pdf", 1, 2)) == [("fileName", "a.pdf")]
    assert named(*of_file("a.pdf", 1, 2), *of_file("b.png", None)) == [
        ("fileIdentifier", "a.pdf"), ("fileIdentifier", "b.png"),
    ]  # fmt: skip


XHTML = "{http://www.w3.org/1999/xhtml}"


def test_hocr_is_xhtml_with_places_inside_one_another() -> None:
    root = ElementTree.fromstring(written("hocr", stack(*TEXTS), stack("b")))
    assert root.tag == XHTML + "html"
    pages = root.findall(f".//{XHTML}div[@class='ocr_page']")
    assert len(pages) == 2
    assert "scan_res 150 150" in pages[0].get("title", "")
    for page in pages:
        outer = bbox(page)
        for span in page:
            assert inside(bbox(span), outer)
            assert all(inside(bbox(word), bbox(span)) for word in span)
    texts = [" ".join(word.text or "" for word in span) for span in pages[0]]
    assert texts == list(TEXTS)
    names = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(names) == len(set(names))
    # The grammar of title: properties parted by semicolons, the name first (hOCR 1.2, 3.1).
    for part in root.iter():
        for piece in (part.get("title") or "").split(";"):
            assert re.fullmatch(r"\s*(|image \"[^\"]*\"|[a-z_]+( -?[\d.]+)+)", piece)


def bbox(part: ElementTree.Element) -> tuple[int, ...]:
    found = re.search(r"bbox (\d+) (\d+) (\d+) (\d+)", part.get("title", ""))
    assert found
    return tuple(int(value) for value in found.groups())


def inside(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
ALTO_CHILDREN = {  # of the schema, 4.2: what may stand in what, in this order
    "alto": ["Description", "Layout"],
    "Description": ["MeasurementUnit", "sourceImageInformation", "Processing"],
    "Layout": ["Page"],
    "Page": ["PrintSpace"],
    "PrintSpace": ["TextBlock"],
    "TextBlock": ["TextLine"],
    "TextLine": ["Shape", "String", "SP"],
    "String": ["Shape"],
    "Shape": ["Polygon"],
}
ALTO_REQUIRED = {
    "Page": {"ID", "PHYSICAL_IMG_NR"},
    "TextBlock": {"ID"},
    "TextLine": set(),
    "String": {"CONTENT", "HPOS", "VPOS", "WIDTH", "HEIGHT"},
    "Processing": {"ID"},
    "Polygon": {"POINTS"},
}


def test_alto_has_the_schemas_structure() -> None:
    root = ElementTree.fromstring(written("alto", stack(*TEXTS), leaf(), stack("b")))
    for part in root.iter():
        name = part.tag.removeprefix(ALTO)
        assert ALTO_REQUIRED.get(name, set()) <= set(part.attrib)
        children = [child.tag.removeprefix(ALTO) for child in part]
        if name in ALTO_CHILDREN:
            assert set(children) <= set(ALTO_CHILDREN[name])
            assert name == "TextLine" or children == sorted(children, key=ALTO_CHILDREN[name].index)
    lines = root.findall(f".//{ALTO}TextLine")
    said = [
        "".join(part.get("CONTENT", " ") for part in row if part.tag != ALTO + "Shape")
        for row in lines
    ]
    assert said == [*TEXTS, "b"]
    names = [part.get("ID") for part in root.iter() if part.get("ID")]
    assert len(names) == len(set(names))


PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"


def test_page_xml_says_text_at_every_level() -> None:
    root = ElementTree.fromstring(written("page", stack(*TEXTS)))
    page = root.find(f"{PAGE}Page")
    assert page is not None
    assert (page.get("imageWidth"), page.get("imageHeight")) == ("1000", "800")
    lines = page.findall(f"{PAGE}TextRegion/{PAGE}TextLine")
    assert [row.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") for row in lines] == list(TEXTS)
    for placed in page.iter(f"{PAGE}Coords"):
        assert re.fullmatch(r"(\d+,\d+ ){3}\d+,\d+", placed.get("points", ""))


@pytest.mark.parametrize("name", ["page", "png"])
def test_some_formats_hold_one_page(name: str) -> None:
    with pytest.raises(OutputError):
        written(name, stack("a"), stack("b"))
    with pytest.raises(OutputError):
        written(name)


def test_formats_of_pictures_need_the_picture() -> None:
    blind = Leaf(stack("a").page)
    for name in (name for name, form in FORMATS.items() if form.pixels):
        with pytest.raises(OutputError):
            written(name, blind)


def test_the_drawing_is_a_png() -> None:
    assert Image.open(io.BytesIO(written("png", stack("a")))).size == (2000, 800)


def seen(markdown: bytes) -> str:
    """What Markdown shows, without its tags."""
    html = MarkdownIt("commonmark").enable("table").render(markdown.decode())
    return "".join(ElementTree.fromstring(f"<div>{html}</div>").itertext())


@pytest.mark.parametrize("degrees", [-4, 4])
def test_markdown_of_a_page_that_leans_is_that_of_a_level_one(degrees: float) -> None:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    lines = [
        line("a long line of running text " * 2, 100, 100, 12),
        *(line("abcde", 100, 120 + 20 * k, 12) for k in range(4)),
        *(line("fghij", 100 + 300 * x, 260 + 20 * y, 12) for y in range(3) for x in range(3)),
    ]
    leaning = [
        replace(one, polygon=tuple(map(tuple, (np.array(one.polygon) @ turn + 90).tolist())))
        for one in lines
    ]
    assert written("md", leaf(*leaning)) == written("md", leaf(*lines))


def test_markdown_tables_headings_and_paragraphs() -> None:
    sheet = leaf(
        line("通知", 300, 20, size=80),
        line("第一段", 50, 200), line("还是第一段", 50, 250),
        line("第二段", 50, 400),
        line("品名", 50, 550), line("金额", 500, 550),
        line("茶|壶", 50, 600), line("98.50", 480, 600),
    )  # fmt: skip
    html = MarkdownIt("commonmark").enable("table").render(written("md", sheet).decode())
    assert "<h2>通知</h2>" in html
    assert re.search(r"<p>第一段<br />\s*还是第一段</p>\s*<p>第二段</p>", html)
    assert html.count("<td>") == 2
    assert "<td>茶|壶</td>" in html


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20))
def test_markdown_shows_what_was_read(text: str) -> None:
    assert seen(written("md", leaf(line(text, 50, 50, 10)))).strip() == text


@given(st.text(min_size=1, max_size=12).filter(lambda text: text.strip()))
def test_xml_formats_survive_any_text(text: str) -> None:
    for name in ("hocr", "alto", "page"):
        ElementTree.fromstring(written(name, stack(text)))


needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is missing")


def pdftotext(document: bytes, folder: Path, *options: str) -> str:
    (folder / "out.pdf").write_bytes(document)
    command = ["pdftotext", "-enc", "UTF-8", *options, str(folder / "out.pdf"), "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


@needs_poppler
def test_pdftotext_finds_the_text_of_the_searchable_pdf(tmp_path: Path) -> None:
    document = written("pdf", stack(*TEXTS), stack("第二页 end"))
    first, second, rest = pdftotext(document, tmp_path).split("\f")
    assert [row for row in first.splitlines() if row] == list(TEXTS)
    assert (second.strip(), rest) == ("第二页 end", "")


@needs_poppler
def test_words_lie_where_they_were_read(tmp_path: Path) -> None:
    boxes = pdftotext(written("pdf", stack("盆景 tree")), tmp_path, "-bbox")
    words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)".*?>(.*?)<', boxes)
    points = 72 / 150
    assert [word[3] for word in words] == ["盆景", "tree"]
    assert float(words[0][0]) == pytest.approx(50 * points, abs=0.1)
    assert float(words[1][0]) == pytest.approx(150 * points, abs=0.1)
    assert float(words[1][2]) == pytest.approx(310 * points, abs=0.1)
    assert float(words[0][1]) == pytest.approx(50 * points, abs=1)


@needs_poppler
def test_turned_lines_are_found_too(tmp_path: Path) -> None:
    down: Quad = ((300.0, 100.0), (300.0, 300.0), (260.0, 300.0), (260.0, 100.0))
    turned = Line("abcde", 0.9, down, (Word("abcde", 0.9, down),))
    assert pdftotext(written("pdf", leaf(turned)), tmp_path).strip() == "abcde"


def test_pdfium_and_pypdf_find_it_and_the_picture_shows_through() -> None:
    import pypdfium2
    from pypdf import PdfReader

    sheet = stack(*TEXTS)
    assert sheet.pixels is not None
    sheet.pixels[600:700, 300:500] = 0
    document = written("pdf", sheet)
    strict = PdfReader(io.BytesIO(document), strict=True)
    assert strict.pages[0].extract_text().split("\n") == list(TEXTS)
    page = pypdfium2.PdfDocument(document)[0]
    assert page.get_textpage().get_text_range().split("\r\n") == list(TEXTS)
    shown = page.render(scale=150 / 72, grayscale=True).to_numpy()
    assert np.abs(shown[:800, :1000].astype(int) - sheet.pixels).mean() < 1
