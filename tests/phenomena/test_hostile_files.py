"""Hostile files through the real command: a typed error or the right text, never a traceback,
never more than 1 GB.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import bands
import numpy as np
import pytest
from PIL import Image

GIGABYTE = 1024**3
TEXT = "abcabcabca"
LINE = Image.fromarray(bands.draw(TEXT, scale=2))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG of 8-bit gray with any header over any rows."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def turned_by_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(LINE.rotate(90, expand=True), "JPEG", quality=95, exif=exif)


def animated(frames: int) -> bytes:
    others = [Image.fromarray(np.full((64, 504), 255 - k % 50, np.uint8)) for k in range(1, frames)]
    return encoded(LINE, "GIF", save_all=True, append_images=others)


def gif_of_tiny_frames(frames: int) -> bytes:
    one = encoded(Image.new("L", (8, 8)), "GIF")
    start = one.index(b",", 13)
    return one[:start] + one[start:-1] * frames + b";"


def palette_with_alpha() -> bytes:
    clear = Image.new("LA", LINE.size, (0, 0))
    clear.putalpha(LINE.point(lambda level: 255 - level))
    return encoded(clear.convert("RGBA").quantize(8), "PNG")


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated.jpg": (lambda: (d := encoded(LINE, "JPEG"))[: len(d) // 2], "broken_picture"),
    "truncated.png": (lambda: (d := encoded(LINE, "PNG"))[: len(d) // 2], "broken_picture"),
    "text.png": (lambda: "这不是图片".encode(), "unsupported_format"),
    "page.html.png": (lambda: b"<html><svg onload=alert(1)></svg></html>", "unsupported_format"),
    "postscript.png": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "unsupported_format"),
    "empty.png": (lambda: b"", "empty_picture"),
    "only-magic.png": (lambda: b"\x89PNG\r\n\x1a\n", "broken_picture"),
    "huge-header.png": (lambda: png(30_000, 30_000), "picture_too_large"),
    "bomb.png": (lambda: png(20_000, 20_000, bytes(20_001) * 20_000), "picture_too_large"),
    "long-side.png": (lambda: png(80_000, 10), "picture_too_large"),
    "lying-header.png": (lambda: png(4_000, 4_000, bytes(100)), "broken_picture"),
    "1x1.png": (lambda: encoded(Image.new("L", (1, 1)), "PNG"), "picture_too_small"),
    "10000-frames.gif": (lambda: gif_of_tiny_frames(10_000), "picture_too_large"),
}
READ: dict[str, Callable[[], bytes]] = {
    "cmyk.tiff": lambda: encoded(LINE.convert("CMYK"), "TIFF"),
    "16-bit.png": lambda: encoded(Image.fromarray(np.asarray(LINE).astype(np.uint16) * 257), "PNG"),
    "exif.jpg": turned_by_exif,
    "animated.gif": lambda: animated(3),
    "alpha-palette.png": palette_with_alpha,
    "one-bit.tiff": lambda: encoded(LINE.convert("1"), "TIFF"),
    "named-wrongly.jpg": lambda: encoded(LINE, "WEBP", lossless=True),
    "trailing-junk.png": lambda: encoded(LINE, "PNG") + b"<script>" * 100,
}


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (GIGABYTE, GIGABYTE))


def run(model: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "penjing", "read", "--model", str(model), "--threads", "1"]
    return subprocess.run(
        [*command, *arguments], input=stdin, capture_output=True, preexec_fn=limited, check=False
    )


def test_each_refused_with_its_code_and_the_rest_unharmed(
    bands_model: Path, tmp_path: Path
) -> None:
    """One run reads them all, under a hard limit of 1 GB, a good picture last."""
    for name, (make, _) in REFUSED.items():
        (tmp_path / name).write_bytes(make())
    good = tmp_path / "good.png"
    LINE.save(good)
    paths = [str(tmp_path / name) for name in REFUSED]
    done = run(bands_model, "--line", "--format", "json", *paths, str(good))
    assert done.returncode == 1
    complaints = done.stderr.decode().splitlines()
    expected = [
        f"penjing: {path}: {code}: "
        for path, (_, code) in zip(paths, REFUSED.values(), strict=True)
    ]
    assert len(complaints) == len(expected)
    for complaint, start_of_line in zip(complaints, expected, strict=True):
        assert complaint.startswith(start_of_line)
    assert json.loads(done.stdout)["text"] == TEXT


def test_odd_but_sound_files_give_the_right_text(bands_model: Path, tmp_path: Path) -> None:
    for name, make in READ.items():
        (tmp_path / name).write_bytes(make())
    paths = [str(tmp_path / name) for name in READ]
    done = run(bands_model, "--line", "--format", "json", *paths)
    assert done.returncode == 0, done.stderr.decode()
    texts = dict.fromkeys(READ, "")
    for page in map(json.loads, done.stdout.splitlines()):
        texts[Path(page["file"]).name] += page["text"]  # frames after the first are empty
    assert texts == dict.fromkeys(READ, TEXT)


@pytest.mark.parametrize("name", ["", "no\0name.png", "missing.png", "."])
def test_names_that_cannot_be_opened(bands_model: Path, tmp_path: Path, name: str) -> None:
    from penjing.errors import MissingPicture
    from penjing.runtime.pictures import decode

    with pytest.raises(MissingPicture):
        decode(f"{tmp_path}/{name}")


def test_the_largest_allowed_picture_costs_less_than_a_gigabyte(
    bands_model: Path, tmp_path: Path
) -> None:
    """89 million transparent pixels, read as a page with the real detector."""
    Image.new("LA", (11_000, 8_000), (255, 128)).save(tmp_path / "large.png", compress_level=1)
    code = (
        "import re, sys; from penjing import Reader\n"
        f"Reader({str(bands_model)!r}, 1).read(sys.argv[1])\n"
        # Not ru_maxrss, which a child takes over from a large parent.
        "print(1024 * int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "large.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < GIGABYTE
