"""The page's options in a real Chromium: each is asked for, and what comes of it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bands
import numpy as np
import pytest
from browsing import each, give, has_green, on_both_screens, seen, settled, texts, wait
from PIL import Image
from serving import png, serving

from penjing.runtime.pictures import Source
from penjing.runtime.reader import Reader, ReadOptions
from penjing.runtime.result import Page

INVOICE = Path(__file__).parents[2] / "examples" / "invoice.jpg"


@on_both_screens
@pytest.mark.parametrize("switch", ["auto", "stretch", "binarise"])
def test_switches_read_again_and_show_before_and_after(
    page: Any, tmp_path: Path, switch: str
) -> None:
    ground = np.linspace(220, 235, bands.draw("abcabcab", 2).shape[1])
    faint = np.where(bands.draw("abcabcab", 2) < 128, 0.9 * ground, ground).astype(np.uint8)
    Image.fromarray(faint).save(tmp_path / "faint.png")
    give(page, tmp_path / "faint.png")
    wait(lambda: page.find_element("id", "copy").is_enabled())
    page.find_element("id", "boxes").click()
    page.find_element("id", "more").click()
    plain = seen(page)
    assert not page.find_element("id", "before").is_displayed()
    page.find_element("id", switch).click()
    wait(lambda: settled(page) and page.find_element("id", "before").is_displayed())
    wait(lambda: seen(page) != plain)
    after = seen(page)
    page.find_element("id", "before").click()
    wait(lambda: seen(page) == plain)
    page.find_element("id", "before").click()
    wait(lambda: seen(page) == after)
    page.find_element("id", switch).click()
    wait(lambda: settled(page) and not page.find_element("id", "before").is_displayed())
    wait(lambda: seen(page) == plain)


@on_both_screens
@pytest.mark.parametrize(
    ("switch", "option", "names"),
    [
        ("literal", "language", ["Letter by letter, for codes", "逐字识别（编号、代码）"]),
        ("turned", "turned", ["Also lines that are turned", "也识别旋转的文字"]),
    ],
)
def test_a_switch_takes_an_option_away_and_gives_it_back(
    page: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    switch: str,
    option: str,
    names: list[str],
) -> None:
    asked = []
    plainly = Reader.read

    def read(reader: Reader, source: Source, options: ReadOptions) -> Page:
        asked.append(getattr(options, option))
        return plainly(reader, source, options)

    monkeypatch.setattr(Reader, "read", read)
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    give(page, tmp_path / "a.png")
    page.find_element("id", "more").click()
    box = page.find_element("id", switch)
    assert box.accessible_name == names[0]
    box.send_keys(" ")
    wait(lambda: len(asked) == 2 and settled(page))
    page.find_element("id", "language").click()
    assert box.accessible_name == names[1]
    box.click()
    wait(lambda: len(asked) == 3 and settled(page))
    assert asked == [True, False, True]
    assert texts(page) == ["abcabcab"]


def values(browser: Any) -> dict[str, str]:
    """The text of each value that is shown, by its title."""
    parts = each(browser, "#values .title, #values .words", "innerText")
    return dict(zip(parts[::2], parts[1::2], strict=True))


@on_both_screens
def test_values_are_found_checked_and_lit(page: Any, screen: dict[str, Any]) -> None:
    """On a real invoice, with the model that ships."""
    with serving("default") as (client, _):
        page.get(str(client.base_url))
        page.find_element("id", "more").click()
        page.find_element("id", "fields").click()
        page.find_element("id", "files").send_keys(str(INVOICE))
        wait(lambda: values(page))
        found = values(page)
        assert found["价税合计"] == "900.59"
        assert found["发票号码"] == "39482349"
        total = page.find_element("xpath", "//*[@id='values']/li[span='价税合计']")
        assert total.get_attribute("class") == "checked"
        assert total.get_attribute("title") == "checked: it is sound"
        wait(lambda: has_green(page))
        dark = seen(page)
        total.find_element("tag name", "button").send_keys("")  # the keyboard's focus is on it
        wait(lambda: seen(page) != dark)
        page.find_element("id", "fields").click()
        wait(lambda: settled(page) and not page.find_element("id", "values").is_displayed())


def test_a_page_without_values_says_so(page: Any, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png("abcabcab"))
    page.find_element("id", "more").click()
    page.find_element("id", "fields").click()
    give(page, tmp_path / "a.png")
    wait(lambda: page.find_element("id", "values").text == "No values were found.")
    page.find_element("id", "language").click()
    assert page.find_element("id", "values").text == "没有找到字段。"
