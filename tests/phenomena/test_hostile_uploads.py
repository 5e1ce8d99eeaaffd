"""Uploads made to do harm get a 4xx, and the next picture is read as before."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

from PIL import Image
from serving import as_json, pdf, png, serving

from penjing.service.limits import DEFAULT_LIMITS

READ = as_json(png(), line=True)


def header_of(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds nothing."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk


def gif(frames: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "GIF")
    one = out.getvalue()
    start = one.index(b",", 13)
    return one[:start] + one[start:-1] * frames + b";"


def pdf_of_many_pages(count: int) -> bytes:
    kids = b"3 0 R " * count
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count "
        + str(count).encode()
        + b">>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99999 99999]>>endobj\n"
        + b"trailer<</Root 1 0 R>>\n%%EOF"
    )


HOSTILE = {
    "bomb": header_of(60_000, 60_000),
    "lying header": header_of(4_000, 4_000),
    "truncated": png()[:100],
    "gif of 10,000 frames": gif(10_000),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "zip after gif": b"GIF89a" + b"PK\x03\x04" * 100,
    "truncated pdf": pdf("abc")[:300],
    "pdf of nothing": b"%PDF-1.7\n%%EOF",
    "pdf of noise": b"%PDF-1.7\n" + bytes(range(256)) * 50,
    "nothing": b"",
}


def test_hostile_uploads_are_refused_and_the_next_is_answered_as_before(
    bands_model: Path,
) -> None:
    with serving(bands_model) as (client, _):
        before = client.post("/api/v1/ocr", json=READ).json()["lines"]
        for name, data in HOSTILE.items():
            response = client.post("/api/v1/ocr", files={"image": ("a\0b/../c.png", data)})
            assert 400 <= response.status_code < 500, (name, response.text)
            assert response.json()["error"]["code"] != "internal", name
        assert client.post("/api/v1/ocr", json=READ).json()["lines"] == before


def test_a_pdf_of_10000_vast_pages_gives_its_first_pages_only(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, pages=2, page_pixels=100_000, page_seconds=100, deadline=120)
    with serving(bands_model, limits) as (client, _):
        many = pdf_of_many_pages(10_000)
        response = client.post("/api/v1/ocr", json=as_json(many, line=True))
        if response.status_code == 200:
            answer = response.json()
            assert len(answer["pages"]) == 2
            assert all(page["width"] * page["height"] <= 100_000 for page in answer["pages"])
            assert "first 2" in answer["pages"][0]["warnings"][0]
        else:
            assert response.status_code == 413, response.text
        assert client.post("/api/v1/ocr", json=READ).json()["text"] == "abcabcab"
