"""Which characters a face draws is judged by its pictures, not by its promises."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

from penjing.errors import DataError
from penjing.synth.assets import fonts


def box(left: int, bottom: int, right: int, top: int) -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for point in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def make_font(path: Path, glyphs: dict[str, Glyph]) -> Path:
    """A TrueType font drawing ``glyphs`` by character; .notdef is a box of its own."""
    names = {c: f"u{ord(c):04X}" for c in glyphs}
    outlines = {".notdef": box(50, 0, 950, 800), **{names[c]: g for c, g in glyphs.items()}}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap({ord(c): name for c, name in names.items()})
    builder.setupGlyf(outlines)
    builder.setupHorizontalMetrics(dict.fromkeys(outlines, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Trap", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    empty = TTGlyphPen(None).glyph()
    return make_font(
        tmp_path / "trap.ttf",
        {
            "A": box(100, 0, 600, 700),
            "口": box(200, 0, 800, 600),
            "木": empty,  # in the cmap, but blank
            "回": box(50, 0, 950, 800),  # draws the .notdef box
            "$": box(0, 0, 300, 500),
            "￥": box(400, 0, 700, 500),  # draws the dollar, further right
            "妩": box(0, 0, 700, 300),
            "妧": box(0, 0, 700, 300),  # draws 妩
            "己": box(0, 0, 123, 400),
            "已": box(0, 0, 123, 400),  # one of the two is wrong: which?
            "I": box(300, 0, 400, 700),
            "l": box(300, 0, 400, 700),
            "5": box(0, 0, 400, 650),
            "S": box(0, 0, 400, 650),  # as seven segments draw it
            ":": box(100, 0, 200, 300),
            "：": box(600, 0, 700, 300),  # the same form, full width
        },
    )


def test_blank_missing_and_stolen_glyphs_are_found(trap: Path) -> None:
    characters = " A口木回田$￥妩妧己已Il5S:："
    assert fonts.probe(trap, 0, characters) == frozenset(" A口$妩Il5:：")


def test_each_style_has_a_share_and_they_add_up() -> None:
    assert sum(fonts.STYLE_SHARE.values()) == pytest.approx(1)
    assert sum(fonts.LATIN_STYLE_SHARE.values()) == pytest.approx(1)
    styles = {f.style for s in fonts.sources() for f in s.fonts}
    assert styles == fonts.STYLE_SHARE.keys() | fonts.LATIN_STYLE_SHARE.keys()


def test_held_out_families_are_held_out_whole() -> None:
    specs = [f for s in fonts.sources() if not s.fallback for f in s.fonts]
    held = {f.family for f in specs if f.held_out}
    assert 5 <= len(held) <= 8
    assert not held & {f.family for f in specs if not f.held_out}
    assert {"hei", "song", "kai", "latin"} <= {f.style for f in specs if f.held_out}


def test_an_empty_cache_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENJING_CACHE", str(tmp_path))
    with pytest.raises(DataError, match="penjing data fetch"):
        fonts.load_faces()


def test_faces_of_the_cache_draw_and_weigh_by_family() -> None:
    try:
        faces = fonts.load_faces()
    except DataError:
        pytest.skip("no fonts fetched: penjing data fetch --fallback")
    assert not any(face.held_out for face in faces)
    assert all(" " in face.drawable and len(face.drawable) > 30 for face in faces)
    families: dict[tuple[str, str], float] = {}
    for face in faces:
        key = face.style, face.family
        families[key] = families.get(key, 0) + face.weight
    for style in {face.style for face in faces}:
        shares = [share for (own, _), share in families.items() if own == style]
        assert max(shares) == pytest.approx(min(shares))
