"""Strict reading of what clients send. Nothing is written to a disk, no name or type is believed.

The stream is counted by Flask against MAX_CONTENT_LENGTH while it is read.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from dataclasses import dataclass, replace
from typing import IO, Any

from flask import Request, request

from penjing.documents.kind import is_pdf
from penjing.errors import PageRangeError, PenjingError, UnsupportedFormat
from penjing.service import options
from penjing.service.errors import BadBase64, BadJSON, BadRequest, WrongContentType
from penjing.service.limits import Limits
from penjing.service.options import RequestOptions

_DATA_URI = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,", re.ASCII)


@dataclass(frozen=True)
class Upload:
    """One file's bytes, of a format yet unknown, and how to read it; ``alone``: as one picture, the
    first if there are several.
    """

    data: bytes
    options: RequestOptions
    alone: bool = False

    def as_line(self) -> Upload:
        """The same, taken as one line. Raises UnsupportedFormat for a PDF, or PageRangeError."""
        if is_pdf(self.data):
            raise UnsupportedFormat("a PDF is not a picture of one line; send it to /api/v1/ocr")
        if self.options.pages is not None:
            raise PageRangeError("a picture of one line has no pages to choose from")
        read = replace(self.options.read, line=True)
        return Upload(self.data, replace(self.options, read=read), alone=True)


class MemoryRequest(Request):
    """A request whose files stay in memory; it is bounded there by MAX_CONTENT_LENGTH."""

    max_form_parts = 64

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()


def one_upload(limits: Limits) -> Upload:
    """A picture as JSON ``{"image_base64", "options"}`` or as a multipart field ``image``."""
    if request.mimetype == "multipart/form-data":
        return multipart_upload(limits)
    body = json_object(limits, {"image_base64", "options"}, or_else=" or multipart/form-data")
    return _item(body, options.parse(body.get("options")))


def multipart_upload(limits: Limits) -> Upload:
    """A multipart form with one file in ``image`` and perhaps JSON in ``options``."""
    if request.mimetype != "multipart/form-data":
        raise WrongContentType("send multipart/form-data with a file in the field image")
    unknown = (set(request.files) | set(request.form)) - {"image", "options"}
    if unknown:
        raise BadRequest(f"no field {min(unknown)[:40]!r}; there are image and options")
    files = request.files.getlist("image")
    if len(files) != 1:
        raise BadRequest(f"send one file in the field image, not {len(files)}")
    given = request.form.getlist("options")
    if len(given) > 1:
        raise BadRequest("send the field options once")
    parsed = _parse_json(given[0], limits) if given else None
    return Upload(files[0].stream.read(), options.parse(parsed))


def batch_uploads(limits: Limits) -> list[Upload | PenjingError]:
    """JSON ``{"images": [{"image_base64", "options"}], "options"}``; bad base64 is an error."""
    body = json_object(limits, {"images", "options"})
    common = options.object_of(body.get("options"))
    images = body.get("images")
    if not isinstance(images, list) or not 1 <= len(images) <= limits.batch:
        raise BadRequest(f"images must be a list of 1 to {limits.batch} objects")
    return [_batch_item(number, item, common) for number, item in enumerate(images)]


def json_object(limits: Limits, fields: set[str], or_else: str = "") -> dict[str, Any]:
    """The body as a JSON object with no other fields. Raises BadJSON and the like.

    ``or_else`` names what the door takes besides JSON.
    """
    if request.mimetype != "application/json":
        raise WrongContentType(f"send application/json{or_else}")
    body = _parse_json(request.get_data(cache=False), limits)
    return _object(body, fields)


def from_base64(text: Any) -> bytes:
    """Strict standard base64, with at most one data-URI prefix. Raises BadBase64."""
    if not isinstance(text, str):
        raise BadRequest("image_base64 must be a string")
    prefix = _DATA_URI.match(text)
    try:
        return base64.b64decode(text[prefix.end() :] if prefix else text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadBase64(f"image_base64 is not standard base64: {error}") from error


def _batch_item(number: int, item: Any, common: dict[str, Any]) -> Upload | PenjingError:
    """A picture that cannot be decoded costs only itself; a wrong field, the whole batch."""
    try:
        item = _object(item, {"image_base64", "options"})
        return _item(item, options.parse({**common, **options.object_of(item.get("options"))}))
    except BadRequest as error:
        raise BadRequest(f"images[{number}]: {error}") from error
    except BadBase64 as error:
        return error


def _item(item: dict[str, Any], parsed: RequestOptions) -> Upload:
    if "image_base64" not in item:
        raise BadRequest("the field image_base64 is missing")
    return Upload(from_base64(item["image_base64"]), parsed)


def _object(value: Any, fields: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest(f"send a JSON object with {' and '.join(sorted(fields))}")
    unknown = set(value) - fields
    if unknown:
        raise BadRequest(f"no field {min(unknown)[:40]!r}; there are {', '.join(sorted(fields))}")
    return value


def _parse_json(text: str | bytes, limits: Limits) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadJSON(f"the JSON cannot be read: {str(error)[:200]}") from error
    if not _shallow(value, limits.json_depth):
        raise BadJSON(f"the JSON is nested more than {limits.json_depth} deep")
    return value


def _shallow(value: Any, depth: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_shallow(item, depth - 1) for item in inner)
