"""A PDF's own text is taken where it is all that is seen, and nothing else; as it is seen."""

from __future__ import annotations

import numpy as np
import papers
import pytest
from papers import say

from penjing.documents.pdf import Pdf, PdfLimits, Sheet
from penjing.runtime.orientation import direction
from penjing.runtime.result import Page

STAMP = say("ACME 000123", 300, 10, size=9)


def looked_at(content: str, **others: object) -> Sheet:
    with Pdf(papers.typed(content, **others)) as pdf:  # type: ignore[arg-type]
        return pdf.look(1)


def own(content: str, **others: object) -> Page:
    page = looked_at(content, **others).own
    assert page is not None
    return page


@pytest.mark.parametrize("matrix", ["", "/Matrix [0 1 -1 0 400 0]"])
def test_a_scan_inside_forms_is_a_scan(matrix: str) -> None:
    # 400 x 300 points of a picture that is a unit square in the inner form; turned by its matrix
    # it must be 300 x 400 there.
    inner = papers.form("/Im Do", "/XObject << /Im 8 0 R >>")
    side = "300 0 0 400 0 0" if matrix else "400 0 0 300 0 0"
    outer = papers.form(f"q {side} cm /Inner Do Q", "/XObject << /Inner 7 0 R >>", matrix)
    sheet = looked_at(
        f"/Outer Do {STAMP}",
        resources="/XObject << /Outer 6 0 R >>",
        more=(outer, inner, papers.image(800, 600)),
    )
    assert sheet.own is None
    assert "pictures cover 100% of the page" in str(sheet.objection)
    assert sheet.dpi == pytest.approx(72 * 2, rel=0.01)


def test_a_picture_counts_as_far_as_it_is_on_the_page() -> None:
    logo = "q 60 0 0 60 20 220 cm /Im Do Q "
    beside = "q 400 0 0 300 450 0 cm /Im Do Q "
    own(
        logo + beside + STAMP,
        resources="/XObject << /Im 6 0 R >>",
        more=(papers.image(30, 30),),
    )


OUTLINED_LINE = "".join(f"{20 + 6 * k} 0 4 9 re {21 + 6 * k} 2 2 5 re " for k in range(60))


@pytest.mark.parametrize(
    "outlines",
    [
        "\n".join(f"q 1 0 0 1 0 {280 - 14 * y} cm {OUTLINED_LINE} f* Q" for y in range(18)),
        "\n".join(f"{20 + 6 * x} {280 - 14 * y} 4 9 re f" for y in range(18) for x in range(60)),
    ],
    ids=["a path for each line", "a path for each letter"],
)
def test_text_drawn_as_outlines_is_read(outlines: str) -> None:
    sheet = looked_at(outlines + STAMP)
    assert sheet.own is None
    assert "drawn as shapes" in str(sheet.objection)


def test_outlines_inside_a_small_form_are_letters_too() -> None:
    letters = "".join(
        f"{x / 400} {y / 300} .01 .03 re f " for y in range(0, 290, 14) for x in range(0, 390, 6)
    )
    sheet = looked_at(
        f"q 400 0 0 300 0 0 cm /Fm Do Q {STAMP}",
        resources="/XObject << /Fm 6 0 R >>",
        more=(papers.form(letters, ""),),
    )
    assert "drawn as shapes" in str(sheet.objection)


SCANNED_LINES = "".join(
    f"{20 + 6 * x} {280 - 14 * y} 4 9 re f " for y in range(3) for x in range(60)
)


def tiling(content: str, entries: str = "/PaintType 1") -> str:
    kind = f"/Type /Pattern /PatternType 1 {entries} /TilingType 1 /BBox [0 0 400 300]"
    return papers.stream(content, f"{kind} /XStep 400 /YStep 300 /Resources << >>")


@pytest.mark.parametrize("space", ["", "/DeviceGray"])
def test_a_scan_painted_with_a_tiling_pattern_is_a_scan(space: str) -> None:
    entries = "/PaintType 2" if space else "/PaintType 1"
    sheet = looked_at(
        f"/Paint cs {'0' if space else ''} /Scan scn 0 0 400 300 re f {STAMP}",
        resources=f"/Pattern << /Scan 6 0 R >> /ColorSpace << /Paint [/Pattern {space}] >>",
        more=(tiling(SCANNED_LINES, entries),),
    )
    assert sheet.own is None
    assert "pictures cover 9" in str(sheet.objection)


def test_panels_and_gradients_are_no_scans() -> None:
    gradient = (
        "<< /Type /Pattern /PatternType 2 /Shading << /ShadingType 2 /ColorSpace /DeviceGray "
        "/Coords [0 0 400 0] /Function << /FunctionType 2 /N 1 /Domain [0 1] /C0 [1] /C1 [.4] "
        ">> >> >>"
    )
    page = own(
        f"/Pattern cs /Fade scn 0 0 400 300 re f .749 g 20 40 360 200 re f 0 g {STAMP}",
        resources="/Pattern << /Fade 6 0 R >>",
        more=(gradient,),
    )
    assert page.text == "ACME 000123"


def test_a_scan_cut_into_strips_is_read_at_its_resolution() -> None:
    strips = "".join(f"q 400 0 0 30 0 {30 * k} cm /Im Do Q " for k in range(10))
    sheet = looked_at(strips, resources="/XObject << /Im 6 0 R >>", more=(papers.image(1500, 112),))
    assert sheet.dpi == pytest.approx(270, rel=0.01)


@pytest.mark.parametrize("joined", [True, False], ids=["a path for each line", "for each letter"])
def test_text_drawn_as_strokes_is_read(joined: bool) -> None:
    lines = (
        [
            f"{x} {y} m {x + 2} {y + 8} l {x + 4} {y} l {x + 1} {y + 3} m {x + 3} {y + 3} l "
            for x in range(20, 380, 6)
        ]
        for y in range(28, 290, 14)
    )
    strokes = "S ".join(("" if joined else "S ").join(line) for line in lines)
    sheet = looked_at(f"{strokes} S {STAMP}")
    assert sheet.own is None
    assert "drawn as shapes" in str(sheet.objection)


def test_the_frames_of_a_table_are_no_strokes_of_letters() -> None:
    cells = "".join(f"{20 * x} {14 * y} 20 14 re S " for x in range(20) for y in range(20))
    assert own(cells + STAMP).text == "ACME 000123"


def test_rules_bars_and_shading_are_no_text() -> None:
    cells = range(20)
    rules = "".join(f"{20 * k} 5 .5 280 re f 5 {14 * k} 390 .5 re f " for k in cells)
    borders = "".join(f"{20 * x} {14 * y} 20 .5 re f " for x in cells for y in cells)
    dots = "".join(f"{2 * k} 150 .8 .8 re f " for k in range(190))
    bars = "".join(f"{20 + 9 * k} 20 6 {5 * k + 9} re f " for k in range(30))
    shading = "".join(f".9 g 0 {k} 400 1.5 re f " for k in range(300)) + "0 g "
    page = own(shading + rules + borders + dots + bars + STAMP)
    assert page.text == "ACME 000123"


def test_what_cannot_be_seen_is_not_said() -> None:
    def text(content: str, **others: object) -> str:
        # So much is seen beside it that the page is not given up.
        return own(content + say("This is seen by all, whatever else", 40, 250), **others).text

    seen = "This is seen by all, whatever else"
    assert text(f"1 g {say('White', 40, 100)} 0 g ") == seen
    assert text(f"{say('Redacted', 40, 100)} 30 90 100 30 re f ") == seen
    assert text(f"q 0 200 400 100 re W n {say('Clipped', 40, 100)} Q ") == seen
    assert text(say("Beside", -300, 100)) == seen
    layer = "/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>"
    assert seen == text(
        f"/OC /L BDC {say('Switched off', 40, 100)} EMC ",
        catalog=layer,
        resources="/Properties << /L 6 0 R >>",
        more=("<< /Type /OCG /Name (L) >>",),
    )
    assert text(f"0 g 30 90 100 30 re f 1 g {say('Negative', 40, 100)} 0 g ").endswith("Negative")
    assert text(f".9 g {say('Pale.', 40, 100, size=6)} 0 g ").endswith("Pale.")


def test_hidden_text_is_warned_of() -> None:
    page = own(say("This is seen", 40, 250) + f" 1 g {say('White', 40, 100)}")
    assert "5 characters of it cannot be seen" in page.warnings[1].message
    sheet = looked_at(say("Seen", 40, 250) + f" 1 g {say('White', 40, 100)}")
    assert sheet.own is None
    assert "5 of the PDF's 9 characters cannot be seen" in str(sheet.objection)


def test_a_page_cut_out_of_a_larger_one_has_its_own_part_of_the_text() -> None:
    page = own(
        say("Left page", 40, 100) + say("The right page says much more", 220, 100),
        page="/CropBox [0 0 200 300]",
    )
    assert page.text == "Left page"
    assert len(page.warnings) == 1


ROWS = ("Name of the item     Price", "Apples and pears     12.00", "Total of all         42.00")


def turned(quarters: int) -> str:
    """Three rows of a table, turned counter-clockwise by so many quarters."""
    matrix, places = {
        0: ("1 0 0 1", [(40, 200), (40, 180), (40, 160)]),
        1: ("0 1 -1 0", [(100, 40), (120, 40), (140, 40)]),
        2: ("-1 0 0 -1", [(300, 100), (300, 120), (300, 140)]),
        3: ("0 -1 1 0", [(300, 280), (280, 280), (260, 280)]),
    }[quarters]
    said = "".join(
        f"{matrix} {x} {y} Tm ({row}) Tj " for row, (x, y) in zip(ROWS, places, strict=True)
    )
    return f"BT /F1 12 Tf {said} ET"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_turned_text_comes_in_its_own_order(quarters: int, rotate: int) -> None:
    page = own(turned(quarters), rotate=rotate)
    assert page.text.split() == " ".join(ROWS).split()
    assert [line.split()[0] for line in page.text.splitlines()] == ["Name", "Apples", "Total"]
    clockwise = (rotate - 90 * quarters) % 360
    assert page.rotation == clockwise
    assert {90 * direction(np.array(line.polygon)) for line in page.lines} == {clockwise}
    for line in page.lines:
        assert {90 * direction(np.array(word.polygon)) for word in line.words} == {clockwise}
        first, last = (
            np.array(c.centre) for c in (line.words[0].characters[0], line.words[-1].characters[-1])
        )
        start = np.array(line.polygon[0]) + line.polygon[3]
        assert np.linalg.norm(2 * first - start) <= np.linalg.norm(2 * last - start)


def test_one_turned_line_leaves_the_others_as_they_are() -> None:
    margin = "BT /F1 8 Tf 0 1 -1 0 20 40 Tm (arXiv in the margin) Tj ET "
    body = "".join(say(f"A line of the body, number {k}", 60, 250 - 16 * k) for k in range(4))
    page = own(margin + body)
    assert page.rotation == 0
    [line] = [line for line in page.lines if line.text.startswith("arXiv")]
    assert direction(np.array(line.polygon)) == 3


def test_a_column_runs_down_from_its_top_right() -> None:
    letters = "".join(say(letter, 200, 250 - 14 * k) for k, letter in enumerate("COLUMN"))
    page = own(letters)
    [line] = page.lines
    (x0, y0), (x1, y1) = line.polygon[:2]
    assert line.text == "COLUMN"
    assert x0 == x1
    assert y1 > y0
    assert x0 == max(x for x, _ in line.polygon)
    assert page.rotation == 0


def test_a_hyphen_at_a_lines_end_is_a_hyphen() -> None:
    page = own(
        "BT /F1 12 Tf 14 TL 40 250 Td (An ordinary paragraph has words that are hyphen-) Tj T* "
        "(ated at the end of a line, and readers know it.) Tj ET"
    )
    assert page.text.splitlines()[0].endswith("hyphen-")
    assert "\x02" not in page.text


@pytest.mark.parametrize("pixels", [36_000_000, 1_000_000])
def test_own_text_and_picture_share_a_resolution(pixels: int) -> None:
    content = say("HHHH", 1500, 60, size=6)
    with Pdf(papers.typed(content, size=(1684, 2384)), PdfLimits(pixels=pixels)) as pdf:
        sheet = pdf.look(1)
        picture = pdf.render(1)
    assert sheet.own is not None
    assert (sheet.own.width, sheet.own.height) == (picture.width, picture.height)
    rows, columns = np.nonzero(picture.pixels.min(axis=2) < 200)
    ink = np.array([columns.min(), rows.min(), columns.max(), rows.max()])
    corners = sheet.own.polygons[0]
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
    assert (box[:2] <= ink[:2] + 2).all()
    assert (box[2:] >= ink[2:] - 2).all()
    assert picture.width == pytest.approx(1684 * sheet.dpi / 72, abs=1)
