"""One server for all tests that leave it as it was, and a browser to look at its pages with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import DESKTOP, chromium, wait
from serving import serving


@pytest.fixture(scope="session")
def client(bands_model: Path) -> Iterator[httpx.Client]:
    with serving(bands_model) as (client, _):
        yield client


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def screen() -> dict[str, Any]:
    return DESKTOP


@pytest.fixture
def page(browser: Any, client: httpx.Client, screen: dict[str, Any]) -> Any:
    url = str(client.base_url)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": screen["mobile"]})
    for permission in ("clipboard-read", "clipboard-write"):
        setting = {"permission": {"name": permission}, "setting": "granted", "origin": url}
        browser.execute_cdp_cmd("Browser.setPermission", setting)
    browser.get(url)
    browser.execute_script("localStorage.clear()")
    browser.get(url)
    invitation = "Photograph" if screen["mobile"] else "Drop"
    wait(lambda: browser.find_element("id", "invite").text.startswith(invitation))
    yield browser
    bad = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert bad == []  # a script failed, or the content security policy was broken
