"""``penjing fields`` and ``"fields": true``, on a born-digital receipt that needs no recogniser."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from documents.papers import say, typed
from serving import as_json, serving
from typer.testing import CliRunner

from penjing.cli import app

pytest.importorskip("pypdfium2")

TILL = (
    (90, 270, "NORTHGATE MARKET"),
    (20, 240, "DATE: 22/11/2026"),
    *((20, y, name) for y, name in ((210, "TOTAL"), (190, "CASH"), (170, "CHANGE"))),
    *((300, y, value) for y, value in ((210, "12.50"), (190, "20.00"), (170, "7.50"))),
    (90, 130, "THANK YOU"),
)
VALUES = {
    "merchant": "NORTHGATE MARKET",
    "date": "2026-11-22",
    "total": "12.50",
    "paid": "20.00",
    "change": "7.50",
}


@pytest.fixture
def till() -> bytes:
    return typed("\n".join(say(text, x, y) for x, y, text in TILL))


def penjing_fields(*arguments: object):
    return CliRunner().invoke(app, ["fields", *map(str, arguments)])


def test_the_command_writes_json_and_text(bands_model: Path, till: bytes, tmp_path: Path) -> None:
    file = tmp_path / "till.pdf"
    file.write_bytes(till)
    done = penjing_fields(file, "--format", "json", "--model", bands_model)
    assert done.exit_code == 0, done.output
    form = json.loads(done.stdout)
    assert (form["file"], form["number"], form["template"]) == (str(file), 1, "receipt")
    assert {field["name"]: field["value"] for field in form["fields"]} == VALUES
    shown = penjing_fields(file, tmp_path / "absent.png", "--model", bands_model)
    assert shown.exit_code == 1
    assert "✓ 合计" in shown.stdout
    assert "missing_picture" in shown.stderr


def test_the_command_reads_stdin(bands_model: Path, till: bytes) -> None:
    command = ["fields", "-", "--format", "json", "--model", str(bands_model)]
    done = CliRunner().invoke(app, command, input=till)
    assert {field["name"]: field["value"] for field in json.loads(done.stdout)["fields"]} == VALUES


def test_a_template_of_ones_own_has_its_title(
    bands_model: Path, till: bytes, tmp_path: Path
) -> None:
    (tmp_path / "till.pdf").write_bytes(till)
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\ntitle = "小票"\n', encoding="utf-8")
    done = penjing_fields(tmp_path / "till.pdf", "--template", own, "--model", bands_model)
    assert done.exit_code == 0, done.output
    assert ": 小票 (own)\n" in done.stdout.splitlines(keepends=True)[0]


def test_an_unknown_template_is_refused_before_reading(tmp_path: Path) -> None:
    done = penjing_fields(tmp_path / "absent.png", "--template", "invoise")
    assert done.exit_code == 1
    assert "vat_invoice" in done.stderr


def test_rest_answers_fields_only_when_asked(bands_model: Path, till: bytes) -> None:
    with serving(bands_model) as (client, _):
        document = client.get("/openapi.json").json()
        asked = client.post("/api/v1/ocr", json=as_json(till, fields=True)).json()
        plain = client.post("/api/v1/ocr", json=as_json(till)).json()
    (page,) = asked["pages"]
    assert page["template"] == "receipt"
    assert {field["name"]: field["value"] for field in page["fields"]} == VALUES
    assert "fields" not in plain["pages"][0]
    schema = {"$ref": "#/components/schemas/Document", "components": document["components"]}
    for answer in (asked, plain):
        jsonschema.Draft202012Validator(schema).validate(answer)
