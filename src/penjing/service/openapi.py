"""The OpenAPI 3.1 document, made from the same limits and options that are enforced."""

from __future__ import annotations

from typing import Any, get_args

from penjing import __version__
from penjing.runtime.caution import CautionCode
from penjing.service import options
from penjing.service.limits import Limits

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}
_PROBABILITY: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_POINT: Schema = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_POLYGON: Schema = {
    "type": "array",
    "items": _POINT,
    "minItems": 4,
    "maxItems": 4,
    "description": "corners in pixels, from the text's top left, clockwise",
}

_REFUSALS = {
    400: "the request is not as described here",
    401: "the bearer token is missing or wrong",
    403: "sent by a page of another site",
    413: "too many bytes or pixels",
    415: "not a content type or a picture format of ours",
    422: "the picture or PDF is damaged or too small, or a page cannot be read",
    429: "too many pictures are waiting; Retry-After says when to come back",
    500: "a fault of ours; the server's log tells of it under the name in the message",
    503: "the service is going down",
    504: "not read before the deadline",
    507: "too little memory on the server; a smaller picture may be read",
}


def document(limits: Limits, token: bool) -> Schema:
    """The whole document. ``token`` says whether a bearer token is asked for."""
    about = (
        "Reads Chinese, English and Japanese print from pictures (JPEG, PNG, WebP, GIF, BMP, TIFF) "
        "and PDF. "
        f"At most {limits.picture.bytes:,} bytes and {limits.picture.pixels:,} pixels a picture, "
        f"{limits.pages} pages of a PDF, TIFF or animation, {limits.batch} pictures in a batch, "
        f"and {limits.deadline:g} s for an answer."
    )
    described: Schema = {
        "openapi": "3.1.0",
        "info": {
            "title": "penjing 盆景",
            "version": __version__,
            "description": about,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": _paths(limits),
        "components": {"schemas": _schemas(limits)},
    }
    if token:
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
    return described


def _paths(limits: Limits) -> Schema:
    one = {**_json(_ref("OnePicture")), **_form("MultipartPicture")}
    read = {"oneOf": [_ref("Picture"), _ref("Document")]}
    return {
        "/api/v1/ocr": _post("ocr", "Read a picture, or a PDF or TIFF page by page", one, read),
        "/api/v1/line": _post("line", "Read a picture of one line", one, _ref("Picture")),
        "/api/v1/batch": _post(
            "batch",
            f"Read up to {limits.batch} pictures; each has its own answer or error",
            _json(_ref("Batch")),
            _ref("BatchAnswer"),
        ),
        "/predict": _post(
            "predict", "Text only", _form("MultipartPicture"), _object({"text": _TEXT})
        ),
        "/api/v1/models": _get("models", "The shipped models and the one in use", _ref("Models")),
        "/api/v1/options": _get("options", "The options and limits of a request", _ref("Options")),
        "/livez": _get("livez", "The process lives", _object({"live": {"type": "boolean"}})),
        "/readyz": _readyz(),
        "/metrics": _metrics(),
    }


def _post(name: str, summary: str, content: Schema, answer: Schema) -> Schema:
    refusals = {str(status): _refusal(about) for status, about in _REFUSALS.items()}
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "requestBody": {"required": True, "content": content},
            "responses": {
                "200": {"description": "what was read", "content": _json(answer)},
                **refusals,
            },
        }
    }


def _get(name: str, summary: str, answer: Schema) -> Schema:
    good = {"200": {"description": summary, "content": _json(answer)}}
    described: Schema = {"operationId": name, "summary": summary, "responses": good}
    if name in ("livez", "readyz"):
        described["security"] = []  # they need no token
    else:
        good["401"] = _refusal(_REFUSALS[401])
    return {"get": described}


def _readyz() -> Schema:
    path = _get("readyz", "Ready to read", _object({"ready": {"type": "boolean"}}))
    path["get"]["responses"]["503"] = {
        "description": "starting or going down",
        "content": _json(_object({"ready": {"type": "boolean"}})),
    }
    return path


def _metrics() -> Schema:
    path = _get("metrics", "Metrics for Prometheus", {})
    path["get"]["responses"]["200"]["content"] = {"text/plain": {"schema": _TEXT}}
    return path


def _schemas(limits: Limits) -> Schema:
    base64 = {
        "type": "string",
        "contentEncoding": "base64",
        "description": "the file in standard base64; line breaks and one data-URI prefix are fine",
    }
    one = _object({"image_base64": base64, "options": _ref("ReadOptions")}, ["image_base64"])
    images = {"type": "array", "items": _ref("OnePicture"), "minItems": 1, "maxItems": limits.batch}
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {
        "ReadOptions": options.schema(),
        "OnePicture": one,
        "MultipartPicture": _object({"image": file, "options": _ref("ReadOptions")}, ["image"]),
        "Batch": _object({"images": images, "options": _ref("ReadOptions")}, ["images"]),
        **_results(),
        **_descriptions(limits),
    }


def _results() -> Schema:
    common = {"success": {"const": True}, "elapsed_ms": _NUMBER, "model": _TEXT, "text": _TEXT}
    character = _object({"text": _TEXT, "confidence": _PROBABILITY, "centre": _POINT})
    part = {"text": _TEXT, "confidence": _PROBABILITY, "polygon": _POLYGON}
    read = {
        "text": _TEXT,
        "lines": _list(_ref("Line")),
        "width": _COUNT,
        "height": _COUNT,
        "route": {"enum": ["line", "page", "text_layer"], "description": "how it was read"},
        "timings": {"type": "object", "additionalProperties": _NUMBER},
        "warnings": _list(_TEXT),
        "warning_codes": _list({"enum": list(get_args(CautionCode))}),
        "rotation": {
            "enum": [0, 90, 180, 270],
            "description": "degrees by which the page is turned, clockwise",
        },
    }
    found = {"template": _TEXT, "fields": _list(_ref("Field"))}
    preview = {"preview": {**_TEXT, "contentEncoding": "base64", "contentMediaType": "image/jpeg"}}
    number = {"number": {"type": "integer", "minimum": 1}}
    told = _object({"code": _TEXT, "message": _TEXT})
    lost = {"error": {**told, "description": "why this page was not read, if it was not"}}
    answers = _list({"oneOf": [_ref("Picture"), _ref("Document"), _ref("Error")]})
    return {
        "Line": _object({**part, "words": _list(_ref("Word"))}),
        "Word": _object({**part, "characters": _list(character)}),
        "Field": _field(),
        "Picture": _object({**common, **read, **found, **preview}, [*common, *read]),
        "Page": _object({**number, **read, **found, **preview, **lost}, [*number, *read]),
        "Document": _object({**common, "page_count": _COUNT, "pages": _list(_ref("Page"))}),
        "BatchAnswer": _object({"success": {"const": True}, "results": answers}),
        "Error": _object({"success": {"const": False}, "error": told}),
    }


def _field() -> Schema:
    """What ``Field.to_dict`` gives."""
    check = {"name": _TEXT, "passed": {"type": ["boolean", "null"]}, "about": _TEXT}
    field = {
        "name": _TEXT,
        "title": _TEXT,
        "kind": _TEXT,
        "text": _TEXT,
        "value": {"type": ["string", "null"]},
        "confidence": _PROBABILITY,
        "polygon": _POLYGON,
        "status": {"enum": ["checked", "unchecked", "failed"]},
        "how": {"enum": ["read", "corrected", "read again"]},
        "checks": _list(_object(check)),
    }
    return _object(field)


def _descriptions(limits: Limits) -> Schema:
    model = {
        "name": _TEXT,
        "family": _TEXT,
        "bytes": _COUNT,
        "parameters": {"type": ["integer", "null"]},
        "characters": _COUNT,
    }
    option = {"name": _TEXT, "schema": {"type": "object"}, "about": _TEXT}
    known = {name: {"const": value} for name, value in limits.describe().items()}
    return {
        "Models": _object({"loaded": _TEXT, "models": _list(_object(model))}),
        "Options": _object({"options": _list(_object(option)), "limits": _object(known)}),
    }


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    """An object with these properties and no others, all of them required by default."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _form(name: str) -> Schema:
    encoding = {"options": {"contentType": "application/json"}}
    return {"multipart/form-data": {"schema": _ref(name), "encoding": encoding}}


def _refusal(about: str) -> Schema:
    return {"description": about, "content": _json(_ref("Error"))}
