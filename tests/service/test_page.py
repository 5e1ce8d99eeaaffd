"""The page in a real Chromium: a picture goes in, boxes and the right text come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bands
import numpy as np
import pytest
from browsing import (
    clipboard,
    give,
    has_green,
    on_both_screens,
    one_line,
    seen,
    states,
    texts,
    wait,
)
from PIL import Image
from serving import pdf, png, serving, tiff

webdriver = pytest.importorskip("selenium.webdriver")


@on_both_screens
def test_a_dropped_picture_is_read_lit_and_copied(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    one_line(page)
    data = {"items": [], "files": [str(tmp_path / "a.png")], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        event = {"type": step, "x": 150, "y": 150, "data": data}
        page.execute_cdp_cmd("Input.dispatchDragEvent", event)
    wait(lambda: texts(page) == ["abcabcab"])
    wait(lambda: has_green(page))
    page.find_element("id", "boxes").click()
    assert not has_green(page)
    page.find_element("id", "boxes").click()
    page.find_element("id", "copy").click()
    wait(lambda: page.find_element("id", "status").text == "Copied")
    assert clipboard(page) == "abcabcab"


def test_a_box_and_its_line_light_each_other(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    give(page, tmp_path / "a.png")
    wait(lambda: has_green(page))
    dark = seen(page)
    canvas = page.find_element("id", "canvas")
    webdriver.ActionChains(page).move_to_element(canvas).perform()
    wait(lambda: page.find_elements("css selector", "#lines .lit"))
    webdriver.ActionChains(page).move_to_element(page.find_element("id", "invite")).perform()
    wait(lambda: not page.find_elements("css selector", "#lines .lit"))
    assert seen(page) == dark
    line = page.find_element("css selector", "#lines .words")
    webdriver.ActionChains(page).move_to_element(line).perform()
    wait(lambda: seen(page) != dark)
    page.find_element("css selector", "#lines button").click()
    wait(lambda: page.find_element("id", "status").text == "Copied")
    assert clipboard(page) == "abcabcab"


def test_a_picture_can_be_pasted(page: Any) -> None:
    one_line(page)
    page.execute_async_script(
        """
        const [bytes, done] = arguments;
        const blob = new Blob([Uint8Array.from(bytes)], { type: "image/png" });
        navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]).then(done, done);
        """,
        list(png("bcabca")),
    )
    webdriver.ActionChains(page).key_down("\ue009").send_keys("v").key_up("\ue009").perform()
    wait(lambda: texts(page) == ["bcabca"])


@on_both_screens
def test_a_camera_is_offered_where_there_is_one(page: Any, screen: dict[str, Any]) -> None:
    camera = page.find_element("id", "camera")
    assert camera.get_attribute("capture") == "environment"
    assert camera.get_attribute("accept") == "image/*"
    label = page.find_element("css selector", "label.camera")
    assert label.is_displayed() == screen["mobile"]


def test_what_is_doubtful_is_marked(page: Any, tmp_path: Path) -> None:
    gray = np.where(bands.draw("abcabc", 2) < 128, 125, 255).astype(np.uint8)
    gray[:, gray.shape[1] // 2 :] = bands.draw("abcabc", 2)[:, gray.shape[1] // 2 :]
    Image.fromarray(gray).save(tmp_path / "gray.png")
    give(page, tmp_path / "gray.png")
    wait(lambda: texts(page) == ["abcabc"])
    marks = page.find_elements("css selector", "#lines mark")
    assert [mark.text for mark in marks] == ["abc"]


def test_of_an_empty_page_nothing_is_claimed(page: Any, tmp_path: Path) -> None:
    Image.new("L", (300, 200), 255).save(tmp_path / "blank.png")
    page.find_element("id", "files").send_keys(str(tmp_path / "blank.png"))
    wait(lambda: "0 lines" in page.find_element("id", "facts").text)
    assert "sure" not in page.find_element("id", "facts").text
    assert page.find_element("css selector", "#lines .none").text == "No text was found."


def test_the_picture_can_be_enlarged_moved_and_fitted(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    give(page, tmp_path / "a.png")
    wait(lambda: has_green(page))
    fitted = seen(page)
    page.find_element("id", "zoom-in").click()
    wait(lambda: seen(page) != fitted)
    enlarged = seen(page)
    page.find_element("id", "canvas").send_keys("\ue014")  # the right arrow
    wait(lambda: seen(page) not in (fitted, enlarged))
    page.find_element("id", "zoom-fit").click()
    wait(lambda: seen(page) == fitted)
    page.find_element("id", "canvas").send_keys("+")
    wait(lambda: seen(page) != fitted)
    page.find_element("id", "zoom-out").click()
    page.find_element("id", "zoom-fit").click()
    wait(lambda: seen(page) == fitted)


def test_the_text_can_be_kept_as_files(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    folder = tmp_path / "kept"
    folder.mkdir()
    allowed = {"behavior": "allow", "downloadPath": str(folder)}
    page.execute_cdp_cmd("Browser.setDownloadBehavior", allowed)
    give(page, tmp_path / "a.png")
    wait(lambda: page.find_element("id", "save-text").is_enabled())
    page.find_element("id", "save-text").click()
    wait(lambda: (folder / "a.txt").is_file())
    assert (folder / "a.txt").read_text().strip() == "abcabcab"
    page.find_element("id", "save-json").click()
    wait(lambda: (folder / "a.json").is_file())
    answer = json.loads((folder / "a.json").read_text())
    assert answer["lines"][0]["text"] == "abcabcab"
    assert "preview" not in answer


def test_a_name_is_only_ever_text(page: Any) -> None:
    one_line(page)
    page.execute_script(
        """
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(arguments[0]);
        transfer.items.add(new File([bytes], "<img src=x onerror=alert(1)>.png"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true,
          cancelable: true }));
        """,
        list(png("cbacba")),
    )
    wait(lambda: texts(page) == ["cbacba"])
    assert page.find_element("css selector", "#pile .name").text.startswith("<img")
    assert page.find_elements("css selector", "#pile img") == []


def test_several_files_a_pdf_and_a_bad_one(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("abcabc", "bcabca"))
    (tmp_path / "b.png").write_bytes(b"no picture")
    give(page, tmp_path / "a.pdf", tmp_path / "b.png")
    assert states(page) == ["done", "failed"]
    wait(lambda: texts(page) == ["abcabc"])
    page.find_element("id", "next").click()
    wait(lambda: texts(page) == ["bcabca"])
    assert "2 / 2" in page.find_element("id", "page-number").text
    assert "its format is not" in page.find_element("id", "status").text
    page.find_element("id", "language").click()
    assert "格式" in page.find_element("id", "status").text
    page.get_log("browser")  # the refusal itself is logged as an error


def test_a_page_that_was_not_read_is_named(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.tiff").write_bytes(tiff("abcabc", "", "cabcab"))
    give(page, tmp_path / "a.tiff")
    assert "page 2 was not read: 2 × 2" in page.find_element("id", "status").text
    (pile,) = page.find_elements("css selector", "#pile button")
    assert pile.get_attribute("title") == "a.tiff: some pages not read"
    page.find_element("id", "next").click()
    wait(lambda: "2 / 3" in page.find_element("id", "page-number").text)
    assert "page 2 was not read" in page.find_element("css selector", "#lines .none").text


def test_a_folder_that_is_dropped_is_not_the_servers_fault(page: Any, tmp_path: Path) -> None:
    data = {"items": [], "files": [str(tmp_path)], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        event = {"type": step, "x": 150, "y": 150, "data": data}
        page.execute_cdp_cmd("Input.dispatchDragEvent", event)
    wait(lambda: page.find_elements("css selector", "#pile .failed"))
    assert "the browser cannot open it" in page.find_element("id", "status").text
    page.get_log("browser")  # the failed request is logged as an error


def test_a_visitor_who_forbids_the_browser_to_remember_is_served(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    forbidden = "get() { throw new DOMException('forbidden', 'SecurityError'); }"
    source = "".join(
        f"Object.defineProperty(window, '{kind}Storage', {{ {forbidden} }});"
        for kind in ("local", "session")
    )
    command = "Page.addScriptToEvaluateOnNewDocument"
    added = page.execute_cdp_cmd(command, {"source": source})
    try:
        page.refresh()
        give(page, tmp_path / "a.png")
        wait(lambda: texts(page) == ["abcabcab"])
        theme = page.execute_script("return document.documentElement.dataset.theme")
        page.find_element("id", "theme").click()
        assert page.execute_script("return document.documentElement.dataset.theme") != theme
        page.find_element("id", "language").click()
        assert page.find_element("id", "copy").text == "复制全部"
    finally:
        page.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_a_range_of_pages_is_meant_for_documents_only(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("abcabc", "bcabca"))
    (tmp_path / "b.png").write_bytes(png("cabcab"))
    page.find_element("id", "more").click()
    page.find_element("id", "pages").send_keys("2")
    give(page, tmp_path / "a.pdf", tmp_path / "b.png")
    assert states(page) == ["done", "done"]
    wait(lambda: texts(page) == ["bcabca"])


def test_a_token_is_asked_for_and_then_kept(page: Any, bands_model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    with serving(bands_model, token="秘密") as (client, _):
        page.get(str(client.base_url))
        give(page, tmp_path / "a.png")
        field = page.find_element("id", "token-value")
        wait(field.is_displayed)
        assert page.find_element("id", "status").text == "This server asks for an access token."
        assert texts(page) == []
        field.send_keys("秘密\n")
        wait(lambda: texts(page) == ["abcabcab"])
        assert not field.is_displayed()
        give(page, tmp_path / "a.png")
        assert not field.is_displayed()
    page.get_log("browser")  # the refusal itself is logged as an error


@on_both_screens
def test_both_languages_fit_the_screen(page: Any, tmp_path: Path, screen: dict[str, Any]) -> None:
    (tmp_path / "a.png").write_bytes(png("ab" * 30))
    give(page, tmp_path / "a.png")
    assert page.find_element("id", "copy").text == "Copy all"
    page.find_element("id", "language").click()
    assert page.find_element("id", "copy").text == "复制全部"
    assert page.execute_script("return document.documentElement.lang") == "zh-CN"
    width = page.execute_script("return document.documentElement.scrollWidth")
    assert width <= screen["width"]


def test_everything_has_a_name_and_the_keyboard_suffices(page: Any) -> None:
    unnamed = page.execute_script(
        "return [...document.querySelectorAll('button, input, select, canvas')].filter(e =>"
        " !e.textContent.trim() && !e.ariaLabel && !e.labels?.length && !e.hidden).length"
    )
    assert unnamed == 0
    page.find_element("tag name", "body").send_keys("\t")
    assert page.switch_to.active_element.get_attribute("class") == "skip"


def test_the_theme_is_the_systems_until_one_is_chosen(page: Any) -> None:
    def ground() -> str:
        return page.execute_script("return getComputedStyle(document.body).backgroundColor")

    def system(theme: str) -> None:
        feature = {"name": "prefers-color-scheme", "value": theme}
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    system("light")
    light = ground()
    system("dark")
    wait(lambda: ground() != light)
    page.find_element("id", "theme").click()
    assert ground() == light
    page.refresh()
    assert ground() == light
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
