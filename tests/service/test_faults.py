"""An error that nobody foresaw costs one picture only, and is told to the log alone."""

from __future__ import annotations

import httpx
import pytest
from serving import as_json, png, tiff

from penjing.runtime.pictures import Picture
from penjing.runtime.reader import Reader, ReadOptions
from penjing.runtime.result import Page


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of one letter meets a fault of ours."""
    plainly = Reader.read

    def read(reader: Reader, picture: Picture, options: ReadOptions) -> Page:
        if picture.width < 100:
            raise KeyError("unforeseen")
        return plainly(reader, picture, options)

    monkeypatch.setattr(Reader, "read", read)


def check(answer: dict[str, object], log: str) -> None:
    error = answer["error"]
    assert isinstance(error, dict)
    assert error["code"] == "internal"
    assert "unforeseen" not in error["message"]
    assert f"fault {error['message'].split()[-1]}: Traceback" in log
    assert "KeyError: 'unforeseen'" in log


def test_a_picture_alone(
    client: httpx.Client, faulty: None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/api/v1/ocr", json=as_json(png("a"), line=True))
    assert answer.status_code == 500
    assert answer.json()["success"] is False
    check(answer.json(), caplog.text)
    assert f"request {answer.headers['X-Request-ID']} failed" in caplog.text


def test_the_others_of_a_batch_are_answered(
    client: httpx.Client, faulty: None, caplog: pytest.LogCaptureFixture
) -> None:
    images = [as_json(png(text), line=True) for text in ("abcabc", "a", "cabcab")]
    answer = client.post("/api/v1/batch", json={"images": images})
    assert answer.status_code == 200
    first, second, third = answer.json()["results"]
    assert [first["text"], third["text"]] == ["abcabc", "cabcab"]
    assert second["success"] is False
    check(second, caplog.text)


def test_the_other_pages_of_a_document_are_answered(
    client: httpx.Client, faulty: None, caplog: pytest.LogCaptureFixture
) -> None:
    document = as_json(tiff("abcabc", "a", "cabcab"), line=True)
    first, second, third = client.post("/api/v1/ocr", json=document).json()["pages"]
    assert [first["text"], third["text"]] == ["abcabc", "cabcab"]
    assert second["warning_codes"] == ["not_read"]
    check(second, caplog.text)


def test_a_fault_outside_of_reading(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unforeseen(_: object) -> bytes:
        raise KeyError("unforeseen")

    monkeypatch.setattr("penjing.service.bodies.from_base64", unforeseen)
    answer = client.post("/api/v1/ocr", json=as_json(png()))
    assert answer.status_code == 500
    check(answer.json(), caplog.text)
