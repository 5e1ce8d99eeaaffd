"""The OpenAPI document is true: answers fit it, and schemathesis finds nothing against it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import jsonschema
import pytest
from serving import as_json, pdf, png, tiff


def check(document: dict, name: str, value: object) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


def test_answers_fit_the_document(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    body = as_json(png(), line=True, preview=True)
    check(document, "OnePicture", body)
    check(document, "Picture", client.post("/api/v1/ocr", json=body).json())
    drawn = client.post("/api/v1/ocr", json=as_json(pdf("abc", "cba"), line=True)).json()
    check(document, "Document", drawn)
    lost = client.post("/api/v1/ocr", json=as_json(tiff("abc", ""), preview=True)).json()
    assert "error" in lost["pages"][1]
    check(document, "Document", lost)
    check(document, "Error", client.post("/api/v1/ocr", json={}).json())
    check(document, "Models", client.get("/api/v1/models").json())
    check(document, "Options", client.get("/api/v1/options").json())
    batch = {"images": [body, {"image_base64": "?"}]}
    check(document, "BatchAnswer", client.post("/api/v1/batch", json=batch).json())


def test_schemathesis_finds_nothing(client: httpx.Client, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        str(client.base_url.join("/openapi.json")),
    ]
    # Only a picture in base64 is accepted, which no schema can say.
    command += ["--exclude-checks", "positive_data_acceptance", "--max-examples", "8"]
    command += ["--phases", "examples,fuzzing", "--seed", "1", "--no-color"]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, timeout=200, env=environment
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
