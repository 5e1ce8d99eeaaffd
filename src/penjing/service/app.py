"""The Flask application over an engine."""

from __future__ import annotations

from flask import Flask

from penjing.service.access import guard
from penjing.service.api import api
from penjing.service.engine import Engine
from penjing.service.forms import MemoryRequest
from penjing.service.site import site


def create_app(engine: Engine, token: str | None = None) -> Flask:
    """``token``, if given, is asked of every request to the API and the metrics."""
    app = Flask("penjing.service", static_folder=None)
    app.request_class = MemoryRequest
    app.config["MAX_CONTENT_LENGTH"] = engine.limits.body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    guard(app, engine, token)
    app.register_blueprint(api(engine))
    app.register_blueprint(site(engine, token is not None))
    return app
