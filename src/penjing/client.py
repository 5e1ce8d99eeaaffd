"""A client of the service, for programs that want the text and not the engine.

>>> with Client("http://127.0.0.1:8868") as client:
...     print(client.read("invoice.jpg").text)
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import httpx

from penjing.errors import MissingPicture, PenjingError
from penjing.runtime.result import Page


class ServerError(PenjingError):
    """The server refused, or cannot be reached. ``code`` is the server's own where it gave one."""

    code = "server"

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class Client:
    """Talks to one server; a context manager, safe to use from many threads at once.

    ``token`` is PENJING_TOKEN of the environment unless given. ``timeout`` is in seconds, for each
    step on the network (to connect, to send, to wait for an answer). A busy server is asked again
    after the time that it names, until these waits together would exceed ``timeout``. Every method
    raises ServerError.
    """

    def __init__(self, url: str, token: str | None = None, timeout: float = 60.0) -> None:
        token = token or os.environ.get("PENJING_TOKEN")
        headers = {b"Authorization": f"Bearer {token}".encode()} if token else None
        self._patience = timeout
        try:
            self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)
        except httpx.InvalidURL as error:
            raise ServerError("unreachable", f"{url!r} is no URL: {error}") from error

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def read(self, source: str | os.PathLike[str] | bytes, **options: Any) -> Page:
        """The page that a picture shows. ``options`` are those that ``options()`` lists."""
        return _page(self.read_json(source, **options))

    def read_line(self, source: str | os.PathLike[str] | bytes, **options: Any) -> Page:
        """The same for a picture of one line, of which no lines are searched."""
        return _page(self._send("/api/v1/line", source, options))

    def read_pages(self, source: str | os.PathLike[str] | bytes, **options: Any) -> list[Page]:
        """The pages of a PDF, TIFF or animation, or the only one of a picture.

        A page that could not be read is empty, and its warnings say why.
        """
        answer = self.read_json(source, **options)
        return [_page({**answer, **page}) for page in answer.get("pages", [answer])]

    def read_json(self, source: str | os.PathLike[str] | bytes, **options: Any) -> dict[str, Any]:
        """The server's answer as it came."""
        return self._send("/api/v1/ocr", source, options)

    def options(self) -> list[dict[str, Any]]:
        """The options that the server knows, with schemas and explanations."""
        known: list[dict[str, Any]] = self._ask("GET", "/api/v1/options")["options"]
        return known

    def _send(self, path: str, source: Any, options: dict[str, Any]) -> dict[str, Any]:
        data = source if isinstance(source, bytes) else _read_file(Path(source))
        form = {"options": json.dumps(options)}
        return self._ask("POST", path, files={"image": ("picture", data)}, data=form)

    def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        waited = 0.0
        while True:
            try:
                response = self._http.request(method, path, **content)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise ServerError("unreachable", f"{self._http.base_url}: {error}") from error
            wait = _seconds(response.headers.get("Retry-After", ""))
            if response.status_code not in (429, 503) or waited + wait > self._patience:
                return _answer(response)
            time.sleep(wait)
            waited += wait


def _seconds(given: str) -> float:
    """Seconds to wait by a Retry-After header: at least one, also where it is missing or a date."""
    return max(1.0, float(given)) if given.isdecimal() else 1.0


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = response.json()
        if response.is_success:
            return answer
        error = answer["error"]
        raise ServerError(error["code"], error["message"], response.status_code)
    except (ValueError, KeyError, TypeError) as error:
        message = f"status {response.status_code}, and no answer of penjing's"
        raise ServerError("server", message, response.status_code) from error


def _page(answer: dict[str, Any]) -> Page:
    if "lines" not in answer:
        raise ServerError("document", "the file has several pages; use read_pages")
    return Page.from_dict(answer)


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise MissingPicture.at(path, error) from error
