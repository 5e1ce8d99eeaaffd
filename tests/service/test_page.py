"""The page in a real Chromium: a picture goes in, boxes and the right text come out."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import pdf, png

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if not (CHROMIUM and DRIVER):
    pytest.skip("chromium and chromedriver are not installed", allow_module_level=True)
webdriver = pytest.importorskip("selenium.webdriver")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
DESKTOP = {"width": 1280, "height": 860, "deviceScaleFactor": 1, "mobile": False}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, "--lang=en-US", f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Any, client: httpx.Client) -> Any:
    url = str(client.base_url)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", DESKTOP)
    for permission in ("clipboard-read", "clipboard-write"):
        setting = {"permission": {"name": permission}, "setting": "granted", "origin": url}
        browser.execute_cdp_cmd("Browser.setPermission", setting)
    browser.get(url)
    browser.execute_script("localStorage.clear()")
    browser.get(url)
    wait(lambda: browser.find_element("id", "invite").text.startswith("Drop"))
    yield browser
    bad = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert bad == []  # a script failed, or the content security policy was broken


def wait(true: Callable[[], Any], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def texts(browser: Any) -> list[str]:
    return [item.text for item in browser.find_elements("css selector", "#lines .words")]


def give(browser: Any, *files: Path) -> None:
    """As one line each, since the test's script is none that the detector knows."""
    browser.execute_script("document.getElementById('line').value = 'line'")
    browser.find_element("id", "files").send_keys("\n".join(str(file) for file in files))
    wait(lambda: browser.find_elements("css selector", "#pile button"))
    wait(lambda: not browser.find_elements("css selector", "#pile .waiting, #pile .reading"))


def test_a_picture_is_read_lit_and_copied(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    give(page, tmp_path / "a.png")
    wait(lambda: texts(page) == ["abcabcab"])
    canvas = page.find_element("id", "canvas")
    webdriver.ActionChains(page).move_to_element(canvas).perform()
    wait(lambda: page.find_elements("css selector", "#lines .lit"))
    page.find_element("id", "copy").click()
    wait(lambda: page.find_element("id", "status").text == "Copied")
    pasted = page.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert pasted == "abcabcab"
    inked = page.execute_script(
        "const c = document.getElementById('canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return d.some((v, k) => k % 4 === 0 && d[k + 1] > v + 20)"  # the green of a box
    )
    assert inked


def test_files_can_be_dropped(page: Any) -> None:
    page.execute_script("document.getElementById('line').value = 'line'")
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
    assert page.find_elements("css selector", "#pile img") == []


def test_several_files_a_pdf_and_a_bad_one(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("abcabc", "bcabca"))
    (tmp_path / "b.png").write_bytes(b"no picture")
    give(page, tmp_path / "a.pdf", tmp_path / "b.png")
    states = [b.get_attribute("class") for b in page.find_elements("css selector", "#pile button")]
    assert states == ["done", "failed"]
    wait(lambda: texts(page) == ["abcabc"])
    page.find_element("id", "next").click()
    wait(lambda: texts(page) == ["bcabca"])
    assert "2 / 2" in page.find_element("id", "page-number").text
    assert "known format" in page.find_element("id", "status").text
    page.get_log("browser")  # the refusal itself is logged as an error


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_both_languages_fit_the_screen(page: Any, tmp_path: Path, screen: dict[str, Any]) -> None:
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
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


def test_the_theme_can_be_chosen(page: Any) -> None:
    before = page.execute_script("return getComputedStyle(document.body).backgroundColor")
    page.find_element("id", "theme").click()
    after = page.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert before != after


def test_the_documentation_renders(page: Any, client: httpx.Client) -> None:
    page.get(str(client.base_url.join("/docs")))
    wait(lambda: len(page.find_elements("css selector", "#doors .door")) == 9)
    assert "/api/v1/ocr" in page.find_element("id", "doors").text
