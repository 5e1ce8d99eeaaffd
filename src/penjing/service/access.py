"""Around every request: its id, the token, headers, the log line, and errors as JSON."""

from __future__ import annotations

import hmac
import json
import logging
import re
import time
import traceback
import uuid

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from penjing.errors import PenjingError
from penjing.service.engine import Engine
from penjing.service.errors import (
    BodyTooLarge,
    CrossSite,
    OutOfMemory,
    ServiceError,
    Unauthorised,
    status_of,
    to_dict,
)
from penjing.service.faults import fault
from penjing.service.memory import is_out_of_memory

log = logging.getLogger("penjing.access")

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_OPEN = {"livez", "readyz", "page", "docs", "openapi", "static"}  # need no token
_QUIET = {"/livez", "/readyz", "/metrics"}  # asked for every few seconds
_HEADERS = {
    # blob: is a picture the visitor chose; data: is the preview that the service sends back.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}


def guard(app: Flask, engine: Engine, token: str | None) -> None:
    """Put the application's doors behind all of this."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise CrossSite("pages of other sites may not use this service")
        if token and request.endpoint and request.endpoint.split(".")[-1] not in _OPEN:
            _check_token(token)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.method == "POST":
            response.headers["Cache-Control"] = "no-store"
        _record(engine, response.status_code)
        return response

    @app.errorhandler(PenjingError)
    def refused(error: PenjingError) -> Response:
        engine.metrics.rejected.labels(error.code).inc()
        status = status_of(error)
        if status == 500:
            app.logger.error("request %s failed: %s: %s", g.request_id, error.code, error)
        response = jsonify(to_dict(error.code, str(error)))
        response.status_code = status
        if isinstance(error, ServiceError) and error.retry_after:
            response.headers["Retry-After"] = str(error.retry_after)
        if isinstance(error, Unauthorised):
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_: RequestEntityTooLarge) -> Response:
        if (request.content_length or 0) <= engine.limits.body_bytes:
            return refused(BodyTooLarge("the form has too many fields, or one but image too large"))
        return refused(BodyTooLarge(f"the body is larger than {engine.limits.body_bytes:,} bytes"))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        code = error.name.lower().replace(" ", "_")
        response = jsonify(to_dict(code, _advice(error)))
        response.status_code = error.code or 500
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if is_out_of_memory(error):
            return refused(OutOfMemory())
        return refused(fault("".join(traceback.format_exception(error))))


def _advice(error: HTTPException) -> str:
    """What would have been right."""
    if isinstance(error, NotFound):
        return "there is nothing here; GET /openapi.json lists what there is"
    if isinstance(error, MethodNotAllowed):
        methods = sorted(set(error.valid_methods or ()) - {"HEAD", "OPTIONS"})
        return f"send {' or '.join(methods)}, not {request.method[:20]}"
    return error.description or ""


def _check_token(token: str) -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    # WSGI hands headers over as Latin-1, whatever they were.
    same = hmac.compare_digest(given.encode("latin-1"), token.encode())
    if scheme.lower() != "bearer" or not same:
        raise Unauthorised("send the header Authorization: Bearer <token>")


def _record(engine: Engine, status: int) -> None:
    """A line of the log and two metrics; never a picture, a text, a query or an unknown path."""
    seconds = time.perf_counter() - g.began
    endpoint = request.url_rule.rule if request.url_rule else "unknown"
    engine.metrics.requests.labels(endpoint, str(status)).inc()
    engine.metrics.seconds.labels(endpoint).observe(seconds)
    if endpoint in _QUIET:
        return
    log_line(
        g.request_id,
        request.remote_addr,
        request.method,
        endpoint,
        status,
        request.content_length,
        seconds,
    )


def log_line(
    request_id: str,
    client: str | None,
    method: str | None,
    endpoint: str,
    status: int,
    size: int | None = None,
    seconds: float = 0.0,
) -> None:
    """One line of JSON about one request, whoever answered it."""
    entry = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "id": request_id,
        "client": client,
        "method": method,
        "endpoint": endpoint,
        "status": status,
        "bytes": size,
        "ms": round(seconds * 1000, 1),
    }
    log.info(json.dumps(entry))
