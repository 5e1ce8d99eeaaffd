"""Strict reading of what clients send. Nothing is written to a disk, no name or type is believed.

The stream is counted by Flask against MAX_CONTENT_LENGTH while it is read.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from penjing.documents.kind import is_pdf
from penjing.errors import PageRangeError, PenjingError, UnsupportedFormat
from penjing.service import options
from penjing.service.errors import BadBase64, BadJSON, BadRequest, WrongContentType
from penjing.service.limits import Limits
from penjing.service.options import RequestOptions

_DATA_URI = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
_URL_SAFE = "it is the URL-safe kind; send + for - and / for _"
_FOREIGN = {  # what else it may be, by what is in it
    "data:": "it has a second prefix, or one without base64",
    "'": "it is in quotes, perhaps Python's of bytes",
    "%": "it is encoded for a URL",
    " ": "it has spaces, which may have been + before a URL's decoding",
    "-": _URL_SAFE,
    "_": _URL_SAFE,
}


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


def one_upload(limits: Limits) -> Upload:
    """A picture as JSON ``{"image_base64", "options"}`` or as a multipart field ``image``."""
    if request.mimetype == "multipart/form-data":
        return multipart_upload(limits)
    body = json_object(limits, {"image_base64", "options"}, or_else="multipart/form-data")
    return _item(body, options.parse(body.get("options")))


def multipart_upload(limits: Limits) -> Upload:
    """A multipart form with one file in ``image`` and perhaps JSON in ``options``."""
    _check_content("multipart/form-data", about=" with a file in the field image")
    unknown = (set(request.files) | set(request.form)) - {"image", "options"}
    if unknown:
        raise BadRequest(f"no field {min(unknown)[:40]!r}; there are image and options")
    files = request.files.getlist("image")
    if not files and "image" in request.form:
        raise BadRequest("the field image holds text: send it as a file, with a filename")
    if len(files) != 1:
        raise BadRequest(f"send one file in the field image, not {len(files)}")
    given = request.form.getlist("options")
    if len(given) > 1:
        raise BadRequest("send the field options once")
    parsed = _parse_json(given[0], limits, "the field options") if given else None
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
    _check_content("application/json", or_else)
    body = _parse_json(request.get_data(cache=False), limits, "the body")
    return _object(body, fields)


def from_base64(text: Any) -> bytes:
    """Standard base64, perhaps in lines, with at most one data-URI prefix. Raises BadBase64."""
    if not isinstance(text, str):
        raise BadRequest("image_base64 must be a string")
    prefix = _DATA_URI.match(text)
    digits = text[prefix.end() :] if prefix else text
    digits = digits.replace("\r", "").replace("\n", "")
    try:
        return base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError) as error:
        why = next((about for sign, about in _FOREIGN.items() if sign in digits), error)
        raise BadBase64(f"image_base64 is not standard base64: {why}") from error


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


def _check_content(kind: str, or_else: str = "", about: str = "") -> None:
    """Raises WrongContentType unless the body is of this kind, and as it is."""
    if request.mimetype != kind:
        kinds = " or ".join(filter(None, [kind, or_else]))
        told = request.mimetype[:40] or "a body without Content-Type"
        raise WrongContentType(f"send {kinds}{about}, not {told}")
    encoding = request.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise WrongContentType(f"send the body as it is, not in Content-Encoding {encoding[:40]}")


def _parse_json(text: str | bytes, limits: Limits, what: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        why = str(error)[:200]
        if why.startswith("Invalid control character"):  # most often base64 as its tool breaks it
            why += "; write line breaks in base64 as \\n, or leave them out"
        raise BadJSON(f"{what} is no JSON: {why}") from error
    if not _shallow(value, limits.json_depth):
        raise BadJSON(f"{what} is nested more than {limits.json_depth} deep")
    return value


def _shallow(value: Any, depth: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_shallow(item, depth - 1) for item in inner)
