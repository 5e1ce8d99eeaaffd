"""/docs in a real Chromium: everything the OpenAPI document says, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
from browsing import on_both_screens, wait

CHINESE = re.compile("[\u4e00-\u9fff]")


def sentences(described: Any) -> Iterator[str]:
    """Every summary and description in a JSON document."""
    if isinstance(described, list):
        for item in described:
            yield from sentences(item)
    elif isinstance(described, dict):
        for key, value in described.items():
            if key in ("summary", "description") and isinstance(value, str):
                yield value
            yield from sentences(value)


def test_the_documentation_renders(page: Any, client: httpx.Client) -> None:
    page.get(str(client.base_url.join("/docs")))
    wait(lambda: len(page.find_elements("css selector", "#doors .door")) == 9)
    assert "/api/v1/ocr" in page.find_element("id", "doors").text
    page.find_element("css selector", "#doors summary").click()
    page.find_element("link text", "OnePicture").click()
    wait(lambda: "image_base64" in page.find_element("id", "OnePicture").text)


@on_both_screens
def test_it_speaks_chinese(page: Any, client: httpx.Client, screen: dict[str, Any]) -> None:
    page.get(str(client.base_url.join("/docs")))
    wait(lambda: page.find_elements("css selector", "#doors .door"))
    page.find_element("css selector", "#doors summary").click()
    page.find_element("id", "language").click()
    assert page.find_element("tag name", "h1").text == "接口"
    opened = page.find_element("css selector", "#doors details[open]").text
    assert "识别一张图片，或逐页识别 PDF、TIFF" in opened
    assert "图片或 PDF 已损坏" in opened
    assert page.execute_script("return document.documentElement.scrollWidth") <= screen["width"]


def test_every_sentence_of_the_document_has_a_translation(page: Any, client: httpx.Client) -> None:
    english = list(dict.fromkeys(sentences(client.get("/openapi.json").json())))
    page.execute_script("localStorage.setItem('language', 'zh')")
    page.refresh()
    chinese = page.execute_async_script(
        "const [sentences, done] = arguments;"
        "import('/static/docs-words.js').then((words) => done(sentences.map(words.translated)))",
        english,
    )
    assert [text for text in chinese if not CHINESE.search(text)] == []
    assert "16,777,216 字节" in chinese[0]
    assert "90° 或 180°" in "".join(chinese)
