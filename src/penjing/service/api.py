"""The REST doors. Each takes a body apart, hands it to the engine, and answers JSON."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from penjing.runtime import weights
from penjing.service import bodies, options
from penjing.service.engine import Engine
from penjing.service.errors import Incomplete
from penjing.service.jobs import Deadline


def api(engine: Engine) -> Blueprint:
    """The blueprint of /api/v1 and /predict."""
    doors = Blueprint("api", __name__)
    limits = engine.limits

    @doors.post("/api/v1/ocr")
    def ocr() -> Response:
        return jsonify(engine.read(bodies.one_upload(limits), _deadline()))

    @doors.post("/api/v1/line")
    def line() -> Response:
        return jsonify(engine.read(bodies.one_upload(limits).as_line(), _deadline()))

    @doors.post("/api/v1/batch")
    def batch() -> Response:
        results = engine.read_batch(bodies.batch_uploads(limits), _deadline())
        return jsonify({"success": True, "results": results})

    @doors.post("/predict")
    def predict() -> Response:
        upload = bodies.multipart_upload(limits)
        answer = engine.read(upload, _deadline())
        return jsonify({"text": _whole_text(answer, upload.options.pages)})

    @doors.get("/api/v1/models")
    def models() -> Response:
        return jsonify({"loaded": engine.reader.model, "models": _models(engine.file)})

    @doors.get("/api/v1/options")
    def known_options() -> Response:
        return jsonify({"options": options.describe(), "limits": limits.describe()})

    def _deadline() -> Deadline:
        gone = request.environ.get("waitress.client_disconnected", lambda: False)
        return Deadline.after(limits.deadline, gone)

    return doors


def _whole_text(answer: dict[str, Any], asked: str | None) -> str:
    """Who is told nothing but the text has all of it; otherwise raises Incomplete."""
    pages = answer.get("pages", [])
    for page in pages:
        if "error" in page:
            why = f"page {page['number']} was not read: {page['error']['message']}"
            raise Incomplete(f"{why}; /api/v1/ocr answers the other pages")
    if pages and asked is None and len(pages) < answer["page_count"]:
        cut = f"{answer['page_count']} pages; at most {len(pages)} are read at once"
        raise Incomplete(f"{cut}: ask for a range")
    return str(answer["text"])


@cache
def _models(loaded: Path) -> list[dict[str, Any]]:
    """The shipped models, and the one in use if it is another; each is opened only once."""
    files = dict.fromkeys([loaded, *weights.shipped().values()])
    return [_about(weights.describe(file)) for file in files]


def _about(model: weights.Description) -> dict[str, Any]:
    return {
        "name": model.name,
        "family": model.family,
        "bytes": model.bytes,
        "parameters": model.parameters,
        "characters": model.characters,
    }
