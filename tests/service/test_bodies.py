"""Bodies as other people's clients make them: read where they are clear, or told what is wrong."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import httpx
import pytest
from serving import png

PICTURE = png("abcabcab")
BASE64 = base64.b64encode(PICTURE).decode()
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=XX"}


def ask(client: httpx.Client, text: str) -> httpx.Response:
    return client.post("/api/v1/line", json={"image_base64": text})


def told(response: httpx.Response, status: int = 400) -> str:
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    assert answer["success"] is False
    return f"{answer['error']['code']}: {answer['error']['message']}"


def form(head: bytes, data: bytes = PICTURE, end: bytes = b"--XX--\r\n") -> bytes:
    return b"--XX\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + data + b"\r\n" + end


@pytest.mark.parametrize(
    "text",
    [
        base64.encodebytes(PICTURE).decode(),
        base64.encodebytes(PICTURE).decode().replace("\n", "\r\n"),
        f"data:image/png;charset=utf-8;base64,{BASE64}",
        f"data:;base64,{BASE64}",
        f"DATA:image/PNG;BASE64,{BASE64}",
    ],
    ids=["lines", "lines of MIME", "parameters", "no type", "capitals"],
)
def test_base64_as_other_libraries_write_it(client: httpx.Client, text: str) -> None:
    assert ask(client, text).json()["text"] == "abcabcab"


def test_what_is_wrong_with_base64_is_said(client: httpx.Client) -> None:
    url_safe = base64.urlsafe_b64encode(b"\xff\xfe" * 9).decode()
    assert "URL-safe" in told(ask(client, url_safe))
    assert "spaces" in told(ask(client, "AA A"))
    assert "for a URL" in told(ask(client, "AA%2B"))
    assert "quotes" in told(ask(client, f"b'{BASE64}'"))
    assert "second prefix" in told(ask(client, f"data:a/b;base64,data:a/b;base64,{BASE64}"))
    assert "padding" in told(ask(client, "AA"))
    raw = b'{"image_base64": "' + base64.encodebytes(PICTURE) + b'"}'
    assert "line breaks" in told(client.post("/api/v1/ocr", content=raw, headers=JSON))


def test_a_compressed_body_is_refused_as_such(client: httpx.Client) -> None:
    for door, body, kind in (
        ("/api/v1/ocr", json.dumps({"image_base64": BASE64}).encode(), JSON),
        ("/predict", form(b'name="image"; filename="a.png"'), FORM),
    ):
        headers = {**kind, "Content-Encoding": "gzip"}
        response = client.post(door, content=gzip.compress(body), headers=headers)
        assert "not in Content-Encoding gzip" in told(response, 415)
        headers["Content-Encoding"] = "identity"
        assert client.post(door, content=body, headers=headers).status_code == 200


def test_what_was_sent_instead_is_named(client: httpx.Client) -> None:
    """As by curl -d without a header, and by curl --data-binary."""
    response = client.post("/api/v1/ocr", data={"image_base64": BASE64})
    assert told(response, 415).endswith(", not application/x-www-form-urlencoded")
    response = client.post("/predict", content=PICTURE, headers={"Content-Type": "image/png"})
    assert told(response, 415).endswith("a file in the field image, not image/png")


@pytest.mark.parametrize("name", ["发票.png", "繁體.png", "レシート.png"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "shift-jis"])
def test_a_files_name_may_be_in_any_encoding(
    client: httpx.Client, name: str, encoding: str
) -> None:
    """As curl sends it from a Windows that is not in UTF-8."""
    named = name.encode(encoding, "replace")
    body = form(b'name="image"; filename="' + named + b'"\r\nContent-Type: image/png')
    body = body.replace(b"--XX--", form(b'name="options"', b'{"line": true}'))
    response = client.post("/predict", content=body, headers=FORM)
    assert response.json() == {"text": "abcabcab"}


def test_a_form_that_cannot_be_parsed_is_not_called_empty(client: httpx.Client) -> None:
    whole = form(b'name="image"; filename="a.png"')
    for body, headers in (
        (whole[: len(whole) // 2], FORM),
        (whole, {"Content-Type": "multipart/form-data; boundary=YY"}),
        (whole, {"Content-Type": "multipart/form-data"}),
        (whole, {"Content-Type": "multipart/form-data; boundary=\u00e9"}),
    ):
        raw = {b"Content-Type": headers["Content-Type"].encode("latin-1")}
        response = client.post("/predict", content=body, headers=raw)
        assert "the form cannot be read" in told(response)
    as_text = client.post("/predict", content=form(b'name="image"'), headers=FORM)
    assert "with a filename" in told(as_text)
