"""Multipart forms, kept in memory; what cannot be parsed is an error, not an empty form."""

from __future__ import annotations

import io
import re
from typing import IO, Any

from flask import Request
from werkzeug.formparser import FormDataParser

from penjing.service.errors import BadRequest


class StrictParser(FormDataParser):
    """Raises BadRequest for a form that is cut short or has no boundary. A file's name, which
    nobody asks for, may be in another encoding than UTF-8, as it is from a Chinese Windows.
    """

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        self.silent = False
        if mimetype != "multipart/form-data":
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read()
        try:
            try:
                return super().parse(io.BytesIO(body), mimetype, content_length, options)
            except UnicodeDecodeError:
                body = _in_utf8(body, (options or {}).get("boundary", ""))
                return super().parse(io.BytesIO(body), mimetype, content_length, options)
        except ValueError as error:
            raise BadRequest(f"the form cannot be read, or was cut short: {error}") from error


class MemoryRequest(Request):
    """A request whose files stay in memory; it is bounded there by MAX_CONTENT_LENGTH."""

    max_form_parts = 64
    form_data_parser_class = StrictParser

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()


def _in_utf8(body: bytes, boundary: str) -> bytes:
    """The body with the heads of its parts in UTF-8; the rest is left as it is."""

    def head(match: re.Match[bytes]) -> bytes:
        return match[0].decode("gb18030", "replace").encode()

    mark = re.escape(b"--" + boundary.encode("ascii", "replace"))
    return re.sub(rb"^" + mark + rb"\r?\n(?:[^\r\n].*\n)+", head, body, flags=re.MULTILINE)
