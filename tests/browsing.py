"""The service's pages in a real Chromium, as a test sees them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

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
    "--lang=en-US",
    # Headless Chromium has no pointer of its own; this is a mouse.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,"
    "availablePointerTypes=4",
)
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
DESKTOP = {"width": 1280, "height": 860, "deviceScaleFactor": 1, "mobile": False}


on_both_screens = pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A browser of the test's own; skips where there is none."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("chromium and chromedriver are not installed")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def wait(true: Callable[[], Any], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def each(browser: Any, selector: str, what: str) -> list[str]:
    """A property of every such element, all at one moment: one by one, they may be replaced."""
    script = "return [...document.querySelectorAll(arguments[0])].map((e) => e[arguments[1]])"
    return browser.execute_script(script, selector, what)


def texts(browser: Any) -> list[str]:
    return each(browser, "#lines .words", "innerText")


def states(browser: Any) -> list[str]:
    return each(browser, "#pile button", "className")


def one_line(browser: Any) -> None:
    """What is given next is one line: the test's script is none that the detector knows."""
    browser.execute_script("document.getElementById('line').value = 'line'")


def give(browser: Any, *files: Path) -> None:
    before = len(states(browser))
    one_line(browser)
    browser.find_element("id", "files").send_keys("\n".join(str(file) for file in files))
    wait(lambda: len(states(browser)) == before + len(files))
    wait(lambda: settled(browser))


def settled(browser: Any) -> bool:
    return not {"waiting", "reading"} & set(states(browser))


def clipboard(browser: Any) -> str:
    return browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")


def seen(browser: Any) -> str:
    """What the canvas shows, as a URL of its pixels, once its picture has come; what opens beside
    it resizes it, which it learns in the next frame.
    """
    canvas = browser.find_element("id", "canvas")
    wait(lambda: canvas.get_attribute("aria-busy") != "true")
    return browser.execute_async_script(
        "const [canvas, done] = arguments;"
        "const next = () => new Promise(requestAnimationFrame);"
        "next().then(next).then(() => done(canvas.toDataURL()));",
        canvas,
    )


def has_green(browser: Any) -> bool:
    """Whether a box is drawn: the pictures themselves are gray."""
    return browser.execute_script(
        "const c = document.getElementById('canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return d.some((v, k) => k % 4 === 0 && d[k + 1] > v + 20)"
    )
