"""The web page tells its visitor why a file was not read, whoever refused it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browsing import give
from serving import png

from penjing import errors
from penjing.errors import PenjingError
from penjing.service import errors as ours
from penjing.service.errors import ServiceError


def codes() -> list[str]:
    """Of every error that the service answers with a status of its own."""
    told = (ServiceError, *ours._STATUS)
    known = [*vars(errors).values(), *vars(ours).values()]
    kinds = {kind for kind in known if isinstance(kind, type) and issubclass(kind, told)}
    return sorted({kind.code for kind in kinds} - {PenjingError.code})


def test_every_refusal_is_explained_in_chinese(page: Any) -> None:
    assert {"internal", "busy", "page_range", "out_of_memory", "broken_picture"} < set(codes())
    page.execute_script("localStorage.setItem('language', 'zh')")
    page.refresh()
    said = page.execute_async_script(
        "const [codes, done] = arguments;"
        "const told = ({ explain }) => codes.map((code) => explain({ code, message: 'English' }));"
        "import('/static/words.js').then(told).then(done);",
        codes(),
    )
    missing = [code for code, text in zip(codes(), said, strict=True) if text == "English"]
    assert missing == []
    assert all(re.search("[\u4e00-\u9fff]", text) for text in said)


@pytest.mark.parametrize(
    ("status", "english", "chinese"),
    [
        (413, "the file is too large for this server", "文件太大"),
        (502, "the server, or a proxy before it, answers 502", "服务器内部错误"),
    ],
)
def test_what_a_proxy_refuses_in_its_own_words_is_explained(
    page: Any, tmp_path: Path, status: int, english: str, chinese: str
) -> None:
    page.execute_script(
        "const status = arguments[0];"
        "window.fetch = async () => new Response('<h1>nginx</h1>', { status });",
        status,
    )
    (tmp_path / "a.png").write_bytes(png())
    give(page, tmp_path / "a.png")
    assert page.find_element("id", "status").text == f"a.png was not read: {english}"
    page.find_element("id", "language").click()
    assert page.find_element("id", "status").text == f"未能识别 a.png：{chinese}"
