"""Stopping in a real Chromium: neither the page nor the server goes on with what nobody wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import on_both_screens, one_line, seen, settled, states, texts, wait
from serving import png, tiff

from penjing.runtime.pictures import Source
from penjing.runtime.reader import Reader, ReadOptions
from penjing.runtime.result import Page


class Held:
    """Every picture waits for ``go`` before it is read; ``asked`` is how they are to be read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.asked: list[ReadOptions] = []
        plainly = Reader.read

        def read(reader: Reader, source: Source, options: ReadOptions) -> Page:
            self.asked.append(options)
            assert self.go.wait(200)
            return plainly(reader, source, options)

        monkeypatch.setattr(Reader, "read", read)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held(monkeypatch)
    yield held
    held.go.set()


def begin(browser: Any, *files: Path) -> None:
    one_line(browser)
    browser.find_element("id", "files").send_keys("\n".join(str(file) for file in files))


def abandoned(client: httpx.Client) -> float:
    """How many requests the server knows to have been given up by their clients."""
    told = client.get("/metrics").text.partition('penjing_rejected_total{reason="abandoned"} ')[2]
    return float(told.split()[0]) if told else 0.0


# Where each of these is whenever the browser draws, as long as it is to be seen.
WATCHED = ("stop", "zoom-in", "canvas", "again", "read")
WATCH = """
const ids = arguments[0];
window.places = Object.fromEntries(ids.map((id) => [id, new Set()]));
(function look() {
  for (const id of ids) {
    const { x, y, width } = document.getElementById(id).getBoundingClientRect();
    if (width) window.places[id].add(`${x} ${y}`);
  }
  requestAnimationFrame(look);
})();
"""


def places(browser: Any) -> dict[str, int]:
    """In how many places each was seen."""
    counts = "Object.entries(window.places).map(([id, places]) => [id, places.size])"
    return dict(browser.execute_script(f"return {counts}"))


@on_both_screens
def test_what_is_read_and_what_waits_is_stopped_and_can_be_read_again(
    page: Any, tmp_path: Path, held: Held
) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    (tmp_path / "b.png").write_bytes(png("cab"))
    stop = page.find_element("id", "stop")
    assert not stop.is_displayed()
    begin(page, tmp_path / "a.png", tmp_path / "b.png")
    wait(lambda: held.asked)
    assert stop.is_displayed()
    stop.click()
    wait(lambda: settled(page))
    assert states(page) == ["stopped", "stopped"]
    assert page.find_element("id", "status").text == "Stopped"
    assert not stop.is_displayed()
    page.find_element("id", "language").click()
    assert page.find_element("id", "status").text == "已停止"
    held.go.set()
    page.find_element("id", "again").click()
    wait(lambda: texts(page) == ["abcabcab"])
    assert states(page) == ["done", "stopped"]


@on_both_screens
@pytest.mark.parametrize("name", ["a.png", "a-name-that-fills-" + 8 * "more-than-" + "a-line.png"])
def test_nothing_moves_from_under_the_finger_while_a_picture_is_read(
    page: Any, tmp_path: Path, held: Held, name: str
) -> None:
    """By a clock that grows, words that come and go, or facts that are known in the end."""
    (tmp_path / name).write_bytes(png("abcabcab"))
    (tmp_path / "b.png").write_bytes(png("cab"))
    begin(page, tmp_path / name, tmp_path / "b.png")
    wait(lambda: held.asked)
    page.execute_script(WATCH, WATCHED)
    wait(lambda: "sec" in page.find_element("id", "clock").text)
    assert places(page) == dict.fromkeys(WATCHED, 1)
    held.go.set()
    wait(lambda: settled(page) and texts(page) == ["abcabcab"])
    seen(page)
    assert states(page) == ["done", "done"]
    assert places(page) == dict.fromkeys(WATCHED, 1)


def test_of_a_document_that_is_stopped_no_further_page_is_read(
    page: Any, tmp_path: Path, client: httpx.Client, held: Held
) -> None:
    before = abandoned(client)
    (tmp_path / "a.tiff").write_bytes(tiff("abc", "bca", "cab"))
    begin(page, tmp_path / "a.tiff")
    wait(lambda: held.asked)
    page.find_element("id", "stop").click()
    wait(lambda: abandoned(client) == before + 1)
    held.go.set()
    wait(lambda: "penjing_jobs 0.0" in client.get("/metrics").text)
    assert len(held.asked) == 1


def test_a_change_of_options_does_not_wait_for_what_is_read_by_the_former(
    page: Any, tmp_path: Path, client: httpx.Client, held: Held
) -> None:
    before = abandoned(client)
    (tmp_path / "a.tiff").write_bytes(tiff("abc", "bca", "cab"))
    begin(page, tmp_path / "a.tiff")
    page.find_element("id", "more").click()
    wait(lambda: held.asked)
    page.find_element("id", "turned").click()
    wait(lambda: abandoned(client) == before + 1)
    held.go.set()
    wait(lambda: settled(page) and texts(page) == ["abc"])
    assert sorted(options.turned for options in held.asked) == [False] * 3 + [True]
