"""Memory that is free is the system's again; a picture that needs too much costs only itself."""

from __future__ import annotations

import io
import platform
import re
import resource
import weakref
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from PIL import Image
from serving import PATIENT, as_json, children, command, png, tiff

from penjing.errors import BrokenPicture, PictureTooLarge
from penjing.runtime import frames
from penjing.runtime.pictures import Picture, Pixels
from penjing.runtime.reader import Reader, ReadOptions
from penjing.runtime.result import Page
from penjing.service.bodies import Upload
from penjing.service.engine import Engine
from penjing.service.errors import OutOfMemory
from penjing.service.jobs import Deadline
from penjing.service.memory import enough_memory, give_back, is_out_of_memory, resident_bytes
from penjing.service.options import RequestOptions
from penjing.service.page_reader import PageReader
from penjing.service.reading import Reading


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can give back holes")
def test_holes_in_the_heap_are_given_back() -> None:
    blocks = [np.ones(60_000, np.uint8) for _ in range(2000)]  # too small to be mapped alone
    del blocks[:-1:2], blocks[:-1:2]  # three of four: holes all over, and the heap's end in use
    held = resident_bytes()
    give_back()
    assert held - resident_bytes() > 50_000_000
    assert all(block.all() for block in blocks)


@pytest.mark.skipif(platform.system() != "Linux", reason="only Linux has these huge pages")
def test_no_part_of_the_heap_is_for_huge_pages_once_large_pictures_were_read(
    bands_model: Path,
) -> None:
    """They would fill the holes again. The first pictures teach glibc to put such into the heap."""
    large = io.BytesIO()
    Image.new("RGB", (2000, 1500), "white").save(large, "PNG", compress_level=1)
    with command(bands_model) as (process, client):
        (serving,) = children(process.pid)
        for _ in range(5):
            read = client.post("/api/v1/line", files={"image": large.getvalue()})
            assert read.status_code == 200, read.text
        mappings = Path(f"/proc/{serving}/smaps").read_text()
    flags = re.findall(r"^VmFlags: (.*)$", mappings, re.MULTILINE)
    assert flags
    assert not [one for one in flags if "hg" in one.split()]


def too_much() -> None:
    raise MemoryError


@pytest.fixture
def hungry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of one letter needs more memory than there is."""
    plainly = Reader.read

    def read(reader: Reader, picture: Picture, options: ReadOptions) -> Page:
        if picture.width < 100:
            raise MemoryError
        return plainly(reader, picture, options)

    monkeypatch.setattr(Reader, "read", read)


def told(answer: dict[str, Any]) -> str:
    return answer["error"]["code"] if "error" in answer else answer["text"]


def test_what_there_is_no_memory_for_costs_only_itself(
    client: httpx.Client, hungry: None, caplog: pytest.LogCaptureFixture
) -> None:
    alone = client.post("/api/v1/ocr", json=as_json(png("a"), line=True))
    assert alone.status_code == 507
    assert told(alone.json()) == "out_of_memory"
    assert "smaller" in alone.json()["error"]["message"]
    assert "out of memory: MemoryError" in caplog.text
    document = as_json(tiff("abcabc", "a", "cabcab"), line=True)
    pages = client.post("/api/v1/ocr", json=document).json()["pages"]
    assert [told(page) for page in pages] == ["abcabc", "out_of_memory", "cabcab"]
    images = [as_json(png(text), line=True) for text in ("abcabc", "a", "cabcab")]
    results = client.post("/api/v1/batch", json={"images": images}).json()["results"]
    assert [told(result) for result in results] == ["abcabc", "out_of_memory", "cabcab"]


def test_a_picture_that_cannot_be_decoded_for_want_of_memory_is_not_called_too_large(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is within the limits, and a server with more would read it."""
    monkeypatch.setattr(frames, "of_image", lambda *_: too_much())
    for door in ("ocr", "line"):
        assert client.post(f"/api/v1/{door}", json=as_json(png())).status_code == 507
    assert client.post("/api/v1/ocr", json=as_json(tiff("ab", "bc"))).status_code == 507


def test_a_body_that_there_is_no_memory_for(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("penjing.service.bodies.from_base64", lambda _: too_much())
    assert client.post("/api/v1/ocr", json=as_json(png())).status_code == 507


def test_libraries_say_in_their_own_words_that_there_is_no_memory() -> None:
    with pytest.raises(cv2.error) as opencv:
        np.asarray(cv2.resize(np.zeros((1, 1), np.uint8), (2**31 - 1, 2**20)))
    assert is_out_of_memory(opencv.value)
    with pytest.raises(MemoryError) as numpy:
        np.zeros(2**60, np.uint8)
    assert is_out_of_memory(numpy.value)
    decoding = PictureTooLarge("not enough memory for the picture")
    assert not is_out_of_memory(decoding)
    decoding.__cause__ = numpy.value
    assert is_out_of_memory(decoding)
    assert not is_out_of_memory(BrokenPicture("the picture is damaged or cut short"))
    with pytest.raises(OutOfMemory), enough_memory():
        raise RuntimeError("can't start new thread")
    with pytest.raises(KeyError), enough_memory():
        raise KeyError("another")


def test_a_picture_that_could_not_be_read_is_held_no_longer(
    bands_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an error's traceback, say: the next picture would find no memory either."""
    held: list[weakref.ref[Pixels]] = []

    def read(_: Reader, picture: Picture, __: ReadOptions) -> Page:
        held.append(weakref.ref(picture.pixels))
        raise MemoryError

    engine = Engine(bands_model, limits=PATIENT)
    monkeypatch.setattr(Reader, "read", read)
    reader = PageReader(engine.reader, engine.metrics, PATIENT.preview_side)
    reading = Reading(Upload(png(), RequestOptions()), reader, PATIENT, Deadline.after(200))
    reading.run()
    assert [pixels() is None for pixels in held] == [True]


@pytest.mark.skipif(platform.system() != "Linux", reason="only Linux limits another process")
def test_after_a_picture_too_large_for_the_memory_others_are_read(bands_model: Path) -> None:
    large = io.BytesIO()
    Image.new("RGB", (6300, 6300), "white").save(large, "PNG", compress_level=1)
    with command(bands_model) as (process, client):
        (serving,) = children(process.pid)
        before = client.post("/api/v1/line", files={"image": png()}).json()["lines"]
        size = int(Path(f"/proc/{serving}/statm").read_text().split()[0])
        most = size * resource.getpagesize() + 160_000_000  # one copy of it, and not two
        resource.prlimit(serving, resource.RLIMIT_AS, (most, most))
        for _ in range(3):
            refused = client.post("/api/v1/line", files={"image": large.getvalue()})
            assert (refused.status_code, told(refused.json())) == (507, "out_of_memory")
            read = client.post("/api/v1/line", files={"image": png()})
            assert read.json()["lines"] == before
        assert children(process.pid) == [serving]
