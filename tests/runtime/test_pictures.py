"""Every kind of picture decodes to the same upright 8-bit pixels, or fails with a typed error."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from penjing.errors import (
    EmptyPicture,
    PictureError,
    PictureTooLarge,
    PictureTooSmall,
    UnsupportedFormat,
)
from penjing.runtime.caution import Caution
from penjing.runtime.frames import Frames
from penjing.runtime.pictures import PictureLimits, decode

GRAY = np.kron(np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6), np.ones((8, 8), np.uint8))
COLOUR = np.stack([GRAY, 255 - GRAY, GRAY // 2], axis=2)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_formats_give_the_very_pixels(kind: str, tmp_path: Path) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(COLOUR), kind, **options)
    file = tmp_path / "picture"
    file.write_bytes(data)
    for source in (data, file, str(file), bytearray(data), Image.open(io.BytesIO(data)), COLOUR):
        assert np.array_equal(decode(source).pixels, COLOUR)


def test_gray_stays_gray() -> None:
    for source in (encoded(Image.fromarray(GRAY), "PNG"), GRAY, GRAY[:, :, None]):
        assert np.array_equal(decode(source).pixels, GRAY)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_obeyed_from_every_door(
    orientation: int, kind: str, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(COLOUR), kind, quality=95, exif=exif)
    file = tmp_path / "photo"
    file.write_bytes(data)
    from PIL import ImageOps

    upright = np.asarray(ImageOps.exif_transpose(Image.open(file)))
    for source in (data, file, Image.open(file)):
        assert np.array_equal(decode(source).pixels, upright)


def test_transparency_lies_on_a_ground_that_contrasts() -> None:
    ink = np.zeros((20, 40, 4), np.uint8)
    ink[5:15, 10:30, 3] = 255
    for level in (0, 255):
        ink[..., :3] = level
        for image in (Image.fromarray(ink), Image.fromarray(ink).convert("LA")):
            gray = decode(encoded(image, "PNG")).pixels[..., 0].astype(int)
            assert gray[10, 20] == level
            assert gray[0, 0] == 255 - level
        assert np.array_equal(decode(ink).pixels[..., 0], gray)


def test_palette_with_transparency() -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([0, 0, 0, 200, 10, 10] + [0] * 750)
    image.paste(1, (5, 5, 15, 15))
    pixels = decode(encoded(image, "PNG", transparency=0)).pixels
    assert pixels[10, 10].tolist() == [200, 10, 10]
    assert pixels[0, 0].tolist() == [255, 255, 255]


def test_sixteen_bits_keep_their_tones() -> None:
    for wide in (GRAY.astype(np.uint16) * 257, GRAY.astype(np.uint16) * 16):
        pixels = decode(encoded(Image.fromarray(wide), "PNG")).pixels
        assert np.abs(pixels.astype(int) - GRAY).max() <= 1


def test_sixteen_bits_with_a_transparent_gray_keep_their_tones() -> None:
    for key in (5, 65535):
        image = Image.fromarray(GRAY.astype(np.uint16) * 257)
        pixels = decode(encoded(image, "PNG", transparency=key)).pixels
        assert np.abs(pixels.astype(int) - GRAY).max() <= 1


def test_deep_arrays_are_what_they_are_as_files() -> None:
    for bits in (8, 12, 16):
        deep = GRAY.astype(np.uint16) << (bits - 8)
        image = Image.fromarray(deep)
        pixels = decode(deep).pixels
        assert np.abs(pixels.astype(int) - GRAY).max() <= 1
        assert np.array_equal(pixels, decode(image).pixels)
        assert np.array_equal(pixels, decode(encoded(image, "PNG")).pixels)
        colour = COLOUR.astype(np.uint16) << (bits - 8)
        assert np.abs(decode(colour).pixels.astype(int) - COLOUR).max() <= 1


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_hole_in_a_floating_picture_costs_only_itself(hole: float) -> None:
    floating = GRAY.astype(np.float32) / 230
    floating[0, 0] = hole
    for source in (Image.fromarray(floating), encoded(Image.fromarray(floating), "TIFF")):
        pixels = decode(source).pixels
        assert np.abs(pixels.astype(int) - np.rint(GRAY * (255 / 230)))[1:].max() <= 1
        assert pixels[0, 0] == (255 if hole == np.inf else 0)
    floating[:] = hole
    assert len(np.unique(decode(Image.fromarray(floating)).pixels)) == 1


def test_one_bit_and_cmyk() -> None:
    bits = GRAY > 120
    assert np.array_equal(decode(encoded(Image.fromarray(bits), "TIFF")).pixels, bits * 255)
    cmyk = encoded(Image.fromarray(COLOUR).convert("CMYK"), "TIFF")
    assert np.abs(decode(cmyk).pixels.astype(int) - COLOUR).max() <= 1


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_first_frame_is_taken_and_said(kind: str) -> None:
    frames = [Image.fromarray(np.full_like(GRAY, level)) for level in (0, 120, 250)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    picture = decode(data)
    assert int(picture.pixels.max()) <= 2
    assert picture.warnings == (Caution("frames_left_out", "only the first of 3 frames is read"),)
    with pytest.raises(PictureTooLarge):
        decode(data, PictureLimits(frames=2))


@pytest.mark.parametrize("kind", ["TIFF", "PNG", "JPEG"])
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ((300, 300), 300),
        ((72, 72), None),
        ((96, 96), None),
        ((204, 98), None),
        ((9999, 9999), None),
    ],
)
def test_the_resolution_of_a_scan_is_known(
    kind: str, said: tuple[int, int], meant: float | None
) -> None:
    data = encoded(Image.fromarray(GRAY), kind, dpi=said)
    with Frames(data) as pages:
        found = [decode(data).dpi, pages.picture(0).dpi]
    assert found == [None, None] if meant is None else found == pytest.approx([meant] * 2, abs=0.01)
    assert decode(encoded(Image.fromarray(GRAY), kind)).dpi is None


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_all_frames_can_be_had_in_any_order(kind: str, tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full_like(GRAY, level)) for level in (0, 120, 250)]
    file = tmp_path / "pages"
    file.write_bytes(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
    with Frames(file) as pages:
        assert len(pages) == 3
        for number, level in ((2, 250), (0, 0), (1, 120)):
            picture = pages.picture(number)
            assert abs(int(np.median(picture.pixels)) - level) <= 4
            assert picture.warnings == ()
    with pytest.raises(PictureTooLarge):
        Frames(file, PictureLimits(frames=2))


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_an_opened_picture_is_read_where_it_is_and_stays_there(kind: str) -> None:
    frames = [Image.fromarray(np.full_like(GRAY, level)) for level in (0, 120, 250)]
    image = Image.open(
        io.BytesIO(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
    )
    for number, level in ((2, 250), (1, 120)):
        image.seek(number)
        picture = decode(image)
        assert abs(int(np.median(picture.pixels)) - level) <= 4
        assert picture.warnings == ()
        assert image.tell() == number


def test_the_way_to_a_frame_is_bounded_where_it_builds_on_others() -> None:
    """A small file can hold hundreds of large frames; the last costs what all of them cost."""
    frames = [Image.fromarray(np.full_like(GRAY, level)) for level in (0, 120, 250)]
    limits = PictureLimits(animation=GRAY.size)
    for kind in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        with Frames(data, limits) as pages:
            assert pages.picture(1).width == GRAY.shape[1]
            with pytest.raises(PictureTooLarge, match="drawn on"):
                pages.picture(2)
    with Frames(
        encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:]), limits
    ) as pages:
        assert pages.picture(2).pixels.max() == 250


def test_previews_in_a_tiff_are_no_pages() -> None:
    whole, small = Image.fromarray(GRAY), Image.fromarray(GRAY[::2, ::2])
    small.encoderinfo = {"tiffinfo": {254: 1}}
    last = Image.fromarray(255 - GRAY)
    with Frames(encoded(whole, "TIFF", save_all=True, append_images=[small, last])) as pages:
        assert len(pages) == 2
        assert np.array_equal(pages.picture(1).pixels, 255 - GRAY)


def test_a_single_picture_is_one_frame() -> None:
    for kind in ("JPEG", "PNG", "TIFF", "GIF"):
        with Frames(encoded(Image.fromarray(GRAY), kind)) as pages:
            assert len(pages) == 1
    with pytest.raises(UnsupportedFormat):
        Frames(b"no picture at all")


def test_limits() -> None:
    data = encoded(Image.fromarray(COLOUR), "PNG")
    for limits in (PictureLimits(bytes=10), PictureLimits(pixels=99), PictureLimits(side=40)):
        with pytest.raises(PictureTooLarge):
            decode(data, limits)
    with pytest.raises(PictureTooSmall):
        decode(np.zeros((3, 100), np.uint8))
    with pytest.raises(EmptyPicture):
        decode(np.zeros((0, 100), np.uint8))
    for unsupported in (np.zeros((9, 9), np.float32), np.zeros((9, 9, 2), np.uint8), 7):
        with pytest.raises(UnsupportedFormat):
            decode(unsupported)  # type: ignore[arg-type]


SEEDS = [
    encoded(Image.fromarray(COLOUR), "JPEG"),
    encoded(Image.fromarray(COLOUR), "PNG"),
    encoded(Image.fromarray(COLOUR), "TIFF", compression="tiff_lzw"),
    encoded(Image.fromarray(GRAY), "GIF"),
    encoded(Image.fromarray(COLOUR), "WEBP"),
    encoded(Image.fromarray(GRAY).convert("1"), "BMP"),
]


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8),
    kept=st.floats(0, 1),
)
def test_mutated_files_decode_or_fail_with_our_errors(
    seed: bytes, changes: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(seed)
    for place, value in changes:
        data[int(place * len(data))] = value
    picture = None
    with suppress(PictureError):
        picture = decode(bytes(data[: round(kept * len(data)) if kept < 0.9 else None]))
    if picture is not None:
        assert picture.pixels.dtype == np.uint8
        assert picture.pixels.flags.c_contiguous


def test_deep_gray_of_either_byte_order(tmp_path: Path) -> None:
    deep = (np.arange(40 * 100, dtype=np.uint32).reshape(40, 100) * 16).astype(np.uint16)
    little, big = tmp_path / "little.tif", tmp_path / "big.tif"
    Image.fromarray(deep).save(little)
    Image.frombytes("I;16B", (100, 40), deep.astype(">u2").tobytes()).save(big)
    assert np.array_equal(decode(little).pixels, decode(big).pixels)
    assert decode(big).pixels.max() > 200
