"""What is not the API: the page, its documentation, health and metrics."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, send_from_directory

from penjing.service.engine import Engine
from penjing.service.openapi import document


def site(engine: Engine, token: bool) -> Blueprint:
    """The blueprint of everything a browser or an operator asks for."""
    doors = Blueprint("site", __name__, static_folder="static", static_url_path="/static")
    described = document(engine.limits, token)

    @doors.get("/")
    def page() -> Response:
        return _static("index.html")

    @doors.get("/docs")
    def docs() -> Response:
        return _static("docs.html")

    @doors.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(described)

    @doors.get("/livez")
    def livez() -> Response:
        return jsonify({"live": True})

    @doors.get("/readyz")
    def readyz() -> tuple[Response, int]:
        return jsonify({"ready": engine.ready}), 200 if engine.ready else 503

    @doors.get("/metrics")
    def metrics() -> Response:
        return Response(engine.metrics.text(), content_type="text/plain; version=0.0.4")

    def _static(name: str) -> Response:
        return send_from_directory(str(doors.static_folder), name)

    return doors
