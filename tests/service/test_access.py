"""Around the API: tokens, ids, headers, the log, health and metrics."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from serving import as_json, png, serving

from penjing.service.limits import DEFAULT_LIMITS


def test_a_token_guards_the_api_and_nothing_else(bands_model: Path) -> None:
    with serving(bands_model, token="密码-secret") as (client, _):
        body = as_json(png(), line=True)
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
            response = client.post("/api/v1/ocr", json=body, headers=headers)
            assert response.status_code == 401
            assert response.headers["WWW-Authenticate"] == "Bearer"
        right = {"Authorization": "Bearer 密码-secret".encode()}
        assert client.post("/api/v1/ocr", json=body, headers=right).json()["text"] == "abcabcab"
        assert client.get("/metrics").status_code == 401
        for open_door in ("/", "/docs", "/openapi.json", "/livez", "/readyz", "/static/page.js"):
            assert client.get(open_door).status_code == 200, open_door


def test_request_ids(client: httpx.Client) -> None:
    given = client.get("/livez", headers={"X-Request-ID": "my-id_1.2"})
    assert given.headers["X-Request-ID"] == "my-id_1.2"
    made = client.get("/livez", headers={"X-Request-ID": 'bad "id"'}).headers["X-Request-ID"]
    assert len(made) == 32


def test_the_log_holds_no_contents(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    body = as_json(png("abcc"), line=True)
    with caplog.at_level(logging.INFO, "penjing.access"):
        client.post("/api/v1/ocr?secret=1", json=body, headers={"X-Request-ID": "one"})
        client.post("/predict", files={"image": ("secret.png", png("abcc"))})
    entries = [json.loads(record.message) for record in caplog.records]
    assert [(e["endpoint"], e["status"]) for e in entries] == [
        ("/api/v1/ocr", 200),
        ("/predict", 200),
    ]
    assert entries[0]["id"] == "one"
    assert "secret" not in caplog.text
    assert "abcc" not in caplog.text
    assert body["image_base64"][:20] not in caplog.text


def test_headers_forbid_what_the_page_does_not_need(client: httpx.Client) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers
    read = client.post("/api/v1/ocr", json=as_json(png(), line=True))
    assert read.headers["Cache-Control"] == "no-store"


def test_pages_of_other_sites_may_not_post(client: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = client.post("/predict", files={"image": png()}, headers=headers)
    assert response.status_code == 403


def test_too_long_a_body_is_refused_while_it_streams(
    bands_model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    limits = replace(DEFAULT_LIMITS, body_bytes=100_000)
    with serving(bands_model, limits) as (client, _):
        small = client.post("/api/v1/ocr", json={"image_base64": "A" * 150_000})
        assert small.status_code == 413
        assert small.json()["error"]["code"] == "body_too_large"
        # Beyond another megabyte it is not the application that refuses.
        with caplog.at_level(logging.INFO, "penjing.access"):
            large = client.post("/api/v1/ocr", json={"image_base64": "A" * 1_500_000})
        assert large.status_code == 413
        assert large.json() == small.json()
        [entry] = [json.loads(record.message) for record in caplog.records]
        assert (entry["status"], entry["id"]) == (413, large.headers["X-Request-ID"])
        assert 'rejected_total{reason="body_too_large"} 2.0' in client.get("/metrics").text

        def endless():  # type: ignore[no-untyped-def]
            for _ in range(10_000):
                yield b"A" * 10_000

        try:
            status = client.post("/predict", content=endless()).status_code
        except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
            status = 413  # it hung up on us while we were still sending
        assert status == 413
        assert client.get("/livez").json() == {"live": True}


def test_health_and_metrics(bands_model: Path) -> None:
    with serving(bands_model) as (client, engine):
        assert client.get("/readyz").json() == {"ready": True}
        client.post("/api/v1/ocr", json=as_json(png(), line=True))
        client.post("/api/v1/ocr", json=as_json(b"junk"))
        text = client.get("/metrics").text
        assert 'penjing_requests_total{endpoint="/api/v1/ocr",status="200"} 1.0' in text
        assert 'penjing_rejected_total{reason="unsupported_format"} 1.0' in text
        assert 'penjing_stage_seconds_count{stage="recognise"} 1.0' in text
        assert "penjing_queue_waiting 0.0" in text
        engine.ready = False
        assert client.get("/readyz").status_code == 503
        assert client.get("/livez").status_code == 200
