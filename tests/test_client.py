"""The client against a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving import pdf, png, serving

from penjing.client import Client, ServerError
from penjing.errors import MissingPicture


def test_the_client_reads_what_the_reader_reads(bands_model: Path, tmp_path: Path) -> None:
    picture = tmp_path / "图.png"
    picture.write_bytes(png("abcabcab"))
    with (
        serving(bands_model, token="t") as (http, engine),
        Client(str(http.base_url), "t") as client,
    ):
        page = client.read(picture, line=True)
        assert page.text == "abcabcab"
        assert page.lines == engine.reader.read(picture).lines
        assert client.read_line(png("ab")).text == "ab"
        pages = client.read_pages(pdf("abcabc", "cbacba"), line=True)
        assert [page.text for page in pages] == ["abcabc", "cbacba"]
        assert "line" in [option["name"] for option in client.options()]
        with pytest.raises(ServerError, match="known format") as refused:
            client.read(b"junk")
        assert (refused.value.code, refused.value.status) == ("unsupported_format", 415)
        with pytest.raises(ServerError) as denied, Client(str(http.base_url), "x") as stranger:
            stranger.read(picture)
        assert denied.value.code == "unauthorised"
        with pytest.raises(MissingPicture):
            client.read(tmp_path / "none.png")


def test_a_server_that_is_not_there() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(ServerError) as missing:
        client.options()
    assert missing.value.code == "unreachable"
