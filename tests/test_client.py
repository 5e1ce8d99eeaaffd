"""The client against a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from serving import pdf, png, serving, tiff
from typer.testing import CliRunner

from penjing.cli import app
from penjing.client import Client, ServerError
from penjing.errors import MissingPicture
from penjing.runtime.reader import ReadOptions

OPTIONS = b'{"options": []}'


def test_the_client_reads_what_the_reader_reads(bands_model: Path, tmp_path: Path) -> None:
    picture = tmp_path / "图.png"
    picture.write_bytes(png("abcabcab"))
    with (
        serving(bands_model, token="t") as (http, engine),
        Client(str(http.base_url), "t") as client,
    ):
        page = client.read(picture, line=True)
        assert page.text == "abcabcab"
        assert page.lines == engine.reader.read(picture, ReadOptions(line=True)).lines
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


@contextmanager
def busy(*retry_after: str) -> Iterator[tuple[str, list[float]]]:
    """A proxy before a service that is busy at first; its URL, and when it was asked."""
    asked: list[float] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(time.monotonic())
            refused = len(asked) <= len(retry_after)
            body = b'{"error": {"code": "busy", "message": "come back"}}' if refused else OPTIONS
            self.send_response(429 if refused else 200)
            if refused:
                self.send_header("Retry-After", retry_after[len(asked) - 1])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()


def test_a_busy_server_is_asked_again_after_the_time_that_it_names() -> None:
    with busy("2", "0", "Wed, 21 Oct 2026 07:28:00 GMT") as (url, asked), Client(url) as client:
        assert client.options() == []
        pauses = [later - sooner for sooner, later in pairwise(asked)]
        assert [pause >= least for pause, least in zip(pauses, (2, 1, 1), strict=True)] == [
            True
        ] * 3


@pytest.mark.parametrize("named", ["3600", "1" * 400])
def test_who_is_to_come_back_too_late_gives_up_at_once(named: str) -> None:
    with busy("1", "1", named) as (url, asked), Client(url, timeout=30) as client:
        with pytest.raises(ServerError, match="come back") as refused:
            client.options()
        assert (refused.value.code, refused.value.status) == ("busy", 429)
        assert len(asked) == 3


def test_penjing_read_asks_a_server(bands_model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("abcabc", "cbacba"))
    (tmp_path / "b.png").write_bytes(png("bbcc"))
    with serving(bands_model) as (http, _):
        read = ["read", "--line", "--server", str(http.base_url)]
        done = CliRunner().invoke(app, [*read, str(tmp_path / "b.png")])
        assert (done.exit_code, done.stdout) == (0, "bbcc\n")
        one = CliRunner().invoke(app, [*read, "--pages", "2", str(tmp_path / "a.pdf")])
        assert (one.exit_code, one.stdout) == (0, "cbacba\n")
        (tmp_path / "c.tif").write_bytes(tiff("abc", "", "cab"))
        scans = CliRunner().invoke(app, [*read, "--pages", "2-,1", str(tmp_path / "c.tif")])
        assert (scans.exit_code, scans.stdout) == (1, "cab\n\fabc\n")
        assert scans.stderr.startswith(f"penjing: {tmp_path}/c.tif, page 2: picture_too_small: ")
        with Client(str(http.base_url)) as client:
            lost = client.read_pages(tmp_path / "c.tif", line=True)
            assert [page.text for page in lost] == ["abc", "", "cab"]
            assert lost[1].warnings[0].message.startswith("not read: ")
            assert lost[1].warnings[0].code == "not_read"
        bad = CliRunner().invoke(app, [*read, "--draw", "x.png", str(tmp_path / "b.png")])
        assert bad.exit_code == 1
