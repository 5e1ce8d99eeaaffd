"""Uploads made to do harm get a 4xx, and the next picture is read as before."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from PIL import Image
from serving import as_json, pdf, png, serving

from penjing.service.limits import DEFAULT_LIMITS

READ = as_json(png(), line=True)
IEND = png()[-12:]


def png_of(width: int, height: int, rows: bytes = b"", text: bytes = b"") -> bytes:
    """A gray PNG that says it is this large, with any rows and any compressed text inside."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    note = chunk(b"zTXt", b"note\0\0" + zlib.compress(text))
    return b"\x89PNG\r\n\x1a\n" + header + note + chunk(b"IDAT", zlib.compress(rows)) + IEND


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


def zip_of(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "print('run')")
    return out.getvalue()


HOSTILE = {
    "bomb": png_of(60_000, 60_000, bytes(10_000_000)),
    "bomb of text": png_of(200, 32, bytes(201 * 32), bytes(100_000_000)),
    "lying header": png_of(4_000, 4_000, bytes(100)),
    "header only": png_of(200, 32)[:33],
    "truncated": png()[:100],
    "gif of 10,000 frames": gif(10_000),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "zip after gif": b"GIF89a" + b"PK\x03\x04" * 100,
    "script after gif": b"GIF89a=1/*" + bytes(50) + b"*/;alert(1)//",
    "pdf after much junk": b"<script>alert(1)</script>\n" + bytes(1024) + pdf("abc"),
    "pdf of 10,000 pages": pdf_of_many_pages(10_000),
    "truncated pdf": pdf("abc")[:300],
    "pdf of nothing": b"%PDF-1.7\n%%EOF",
    "pdf of noise": b"%PDF-1.7\n" + bytes(range(256)) * 50,
    "nothing": b"",
}
# A sound picture that is something else to another program.
POLYGLOTS = {
    "html": png() + b"<script>alert(1)</script>",
    "zip": png() + zip_of("evil.py"),
    "pdf": png() + pdf("ccc"),
    "bomb": png() + png_of(60_000, 60_000, bytes(10_000_000)),
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


def test_a_polyglot_is_the_picture_that_it_begins_as(bands_model: Path) -> None:
    with serving(bands_model) as (client, _):
        before = client.post("/api/v1/ocr", json=READ).json()["lines"]
        for name, data in POLYGLOTS.items():
            response = client.post("/api/v1/ocr", json=as_json(data, line=True))
            assert response.headers["Content-Type"] == "application/json", name
            assert response.json()["lines"] == before, name


def test_no_name_or_type_of_a_file_does_anything(bands_model: Path) -> None:
    """Sent as they are: clients would take the NUL out of a name."""
    names = [b"a\0.png", b"../../etc/passwd\0.png", b"\xff\xfe", b"", b"a" * 4000]
    with serving(bands_model) as (client, _):
        before = client.post("/predict", files={"image": png()}).json()
        for name in names:
            head = b'Content-Disposition: form-data; name="image"; filename="' + name + b'"'
            body = b"--x\r\n" + head + b"\r\nContent-Type: text/html\r\n\r\n"
            body += png() + b"\r\n--x--\r\n"
            kind = {"Content-Type": "multipart/form-data; boundary=x"}
            response = client.post("/predict", content=body, headers=kind)
            assert response.status_code == 400 or response.json() == before, (name, response.text)
        assert client.get("/static/page.js%00.html").status_code == 404
        assert client.get("/static/%2e%2e/app.py").status_code == 404


def test_a_pdf_of_vast_pages_gives_its_first_pages_small(bands_model: Path) -> None:
    limits = replace(DEFAULT_LIMITS, pages=2, page_pixels=100_000, page_seconds=100, deadline=120)
    with serving(bands_model, limits) as (client, _):
        response = client.post("/api/v1/ocr", json=as_json(pdf_of_many_pages(100), line=True))
        assert response.status_code == 200, response.text
        answer = response.json()
        assert answer["page_count"] == 100
        assert len(answer["pages"]) == 2
        assert all(page["width"] * page["height"] <= 100_000 for page in answer["pages"])
        assert "first 2" in answer["pages"][0]["warnings"][0]
        assert client.post("/api/v1/ocr", json=READ).json()["text"] == "abcabcab"
