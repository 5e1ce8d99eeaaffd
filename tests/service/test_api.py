"""Every door of the API: right answers, typed refusals."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import bands
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from serving import as_json, pdf, png, tiff

from penjing.documents.formats import searchable_pdf
from penjing.documents.leaf import Leaf
from penjing.documents.page_range import page_numbers
from penjing.runtime.result import Page

TEXT = "abcabcab"


def refused(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["success"] is False
    assert body["error"]["code"] == code
    assert body["error"]["message"]


def test_ocr_reads_base64(client: httpx.Client) -> None:
    response = client.post("/api/v1/ocr", json=as_json(png(), line=True))
    answer = response.json()
    assert response.status_code == 200
    assert answer["success"] is True
    assert answer["text"] == TEXT
    line = answer["lines"][0]
    assert line["text"] == TEXT
    assert 0.9 < line["confidence"] <= 1
    assert len(line["polygon"]) == 4
    assert [word["text"] for word in line["words"]] == [TEXT]
    assert (answer["width"], answer["height"]) == bands.draw(TEXT, 2).shape[::-1]
    assert answer["elapsed_ms"] > 0
    assert answer["model"] == "bands"


def test_timings_tell_where_the_time_went(client: httpx.Client) -> None:
    """Decoding too, which here is most of it."""
    out = io.BytesIO()
    Image.effect_noise((3000, 2500), 50).save(out, "PNG", compress_level=1)
    answer = client.post("/api/v1/line", files={"image": out.getvalue()}).json()
    assert set(answer["timings"]) == {"decode", "recognise"}
    assert answer["timings"]["decode"] > 5
    assert sum(answer["timings"].values()) <= answer["elapsed_ms"] + 0.1


def test_one_data_uri_prefix_is_allowed(client: httpx.Client) -> None:
    body = as_json(png(), line=True)
    body["image_base64"] = "data:image/png;base64," + body["image_base64"]
    assert client.post("/api/v1/ocr", json=body).json()["text"] == TEXT
    body["image_base64"] = "data:image/png;base64," + body["image_base64"]
    refused(client.post("/api/v1/ocr", json=body), 400, "bad_base64")


def test_ocr_and_predict_take_forms(client: httpx.Client) -> None:
    files = {"image": ("名\0../字.exe", png(), "text/html")}
    answer = client.post("/api/v1/ocr", files=files, data={"options": '{"line": true}'}).json()
    assert answer["text"] == TEXT
    assert client.post("/predict", files=files).json() == {"text": TEXT}


def test_line(client: httpx.Client) -> None:
    short = png("ab")
    answer = client.post("/api/v1/line", json=as_json(short)).json()
    assert (answer["text"], answer["route"]) == ("ab", "line")
    refused(client.post("/api/v1/line", json=as_json(pdf("abc"))), 415, "unsupported_format")


def test_batch_gives_each_picture_its_own_answer_or_error(client: httpx.Client) -> None:
    images = [
        as_json(png("abc")),
        {"image_base64": "?"},
        as_json(b"no picture"),
        as_json(png("cb")),
    ]
    body = {"images": images, "options": {"line": True}}
    results = client.post("/api/v1/batch", json=body).json()["results"]
    assert [result.get("text") for result in results] == ["abc", None, None, "cb"]
    assert results[1]["error"]["code"] == "bad_base64"
    assert results[2]["error"]["code"] == "unsupported_format"


def test_options_of_a_batch_and_of_a_picture_are_judged_together(client: httpx.Client) -> None:
    def ask(common: Any, own: Any) -> httpx.Response:
        item = {**as_json(png()), "options": own}
        return client.post("/api/v1/batch", json={"images": [item], "options": common})

    for common, own in (
        ({"fields": True, "line": True}, {"template": "receipt"}),
        ({"template": "receipt"}, {"fields": True, "line": True}),
    ):
        assert ask(common, own).json()["results"][0]["template"] == "receipt"
    assert ask({"line": True}, None).json()["results"][0]["text"] == TEXT
    refused(ask({"line": True}, {"template": "receipt"}), 400, "bad_request")
    refused(ask({"lines": True}, {}), 400, "bad_request")
    refused(ask({"line": True}, []), 400, "bad_request")
    refused(ask([], {}), 400, "bad_request")


def test_pdf_with_a_range_of_pages(client: httpx.Client) -> None:
    document = pdf("abcabc", "bcabca", "cabcab")
    answer = client.post("/api/v1/ocr", json=as_json(document, line=True, pages="2-3")).json()
    assert answer["page_count"] == 3
    assert [(page["number"], page["text"]) for page in answer["pages"]] == [
        (2, "bcabca"),
        (3, "cabcab"),
    ]
    assert answer["text"] == "bcabca\n\ncabcab"
    refused(client.post("/api/v1/ocr", json=as_json(document, pages="4")), 400, "page_range")


def test_a_pdf_is_what_it_is_elsewhere(client: httpx.Client) -> None:
    for junk in (b"\r\n", b"<script>alert(1)</script>\n"):
        answer = client.post("/api/v1/ocr", json=as_json(junk + pdf("abcabc"), line=True))
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json()["text"] == "abcabc"
    jpeg = io.BytesIO()
    drawn = Image.fromarray(bands.draw("abcabc", 2))
    drawn.save(jpeg, "JPEG", quality=95, comment=b"%PDF-1.4 was where this came from")
    answer = client.post("/api/v1/ocr", json=as_json(jpeg.getvalue(), line=True)).json()
    assert answer["text"] == "abcabc"


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "PNG", "WEBP"])
def test_pages_of_a_tiff_and_frames_of_an_animation_are_pages(
    client: httpx.Client, kind: str
) -> None:
    document = tiff("abcabc", "bcabca", "cabcab", kind=kind)
    texts = {1: "abcabc", 2: "bcabca", 3: "cabcab"}
    for pages, numbers in ((None, [1, 2, 3]), ("2", [2]), ("3,1", [3, 1]), ("2-", [2, 3])):
        answer = client.post("/api/v1/ocr", json=as_json(document, line=True, pages=pages)).json()
        assert answer["page_count"] == 3
        assert [page["number"] for page in answer["pages"]] == numbers
        assert answer["text"] == "\n\n".join(texts[number] for number in numbers)
        assert [page["warnings"] for page in answer["pages"]] == [[]] * len(numbers)
    refused(client.post("/api/v1/ocr", json=as_json(document, pages="7")), 400, "page_range")
    predicted = client.post("/predict", files={"image": document}).json()
    assert predicted == {"text": "\n\n".join(texts.values())}


def test_ranges_of_pages_are_those_of_the_command_line(client: httpx.Client) -> None:
    document = tiff("abcabc", "bcabca", "cabcab")
    for pages, numbers in (("-2", [1, 2]), ("1, 3", [1, 3]), (" 2 - 3 ", [2, 3]), ("3-,1", [3, 1])):
        answer = client.post("/api/v1/ocr", json=as_json(document, line=True, pages=pages)).json()
        assert [page["number"] for page in answer["pages"]] == numbers
        assert numbers == page_numbers(pages, 3)
    for pages in ("", "-", "1--2", "1;2", "1," * 1001 + "1"):
        refused(client.post("/api/v1/ocr", json=as_json(document, pages=pages)), 400, "bad_request")


def test_a_picture_alone_has_no_pages(client: httpx.Client) -> None:
    refused(client.post("/api/v1/ocr", json=as_json(png(), pages="1")), 400, "page_range")
    refused(client.post("/api/v1/line", json=as_json(png(), pages="1")), 400, "page_range")
    first = client.post("/api/v1/line", json=as_json(tiff("abc", "cab"))).json()
    assert (first["text"], first["warnings"]) == ("abc", ["only the first of 2 frames is read"])


def test_of_many_pages_the_first_are_read_and_it_is_said(client: httpx.Client) -> None:
    document = tiff(*["ab"] * 22)
    answer = client.post("/api/v1/ocr", json=as_json(document, line=True)).json()
    assert (answer["page_count"], len(answer["pages"])) == (22, 20)
    said = ["only the first 20 of 22 pages are read; ask for a range"]
    assert all(page["warnings"] == said for page in answer["pages"])
    rest = client.post("/api/v1/ocr", json=as_json(document, line=True, pages="21-")).json()
    assert [page["number"] for page in rest["pages"]] == [21, 22]
    refused(client.post("/api/v1/ocr", json=as_json(document, pages="1-")), 400, "page_range")


def test_a_page_of_a_tiff_that_cannot_be_read_costs_only_itself(client: httpx.Client) -> None:
    document = tiff("abc", "", "cba")
    options = {"line": True, "preview": True}
    pages = client.post("/api/v1/ocr", json=as_json(document, **options)).json()["pages"]
    assert [page["text"] for page in pages] == ["abc", "", "cba"]
    assert ["error" in page for page in pages] == [False, True, False]
    assert pages[1]["error"]["code"] == "picture_too_small"
    assert pages[1]["warnings"] == [f"not read: {pages[1]['error']['message']}"]
    assert all("preview" in page for page in pages)
    alone = as_json(document, pages="2")
    refused(client.post("/api/v1/ocr", json=alone), 422, "picture_too_small")


def test_where_no_page_can_be_read_there_is_only_the_error(client: httpx.Client) -> None:
    refused(client.post("/api/v1/ocr", json=as_json(tiff("", ""))), 422, "picture_too_small")
    batch = {"images": [as_json(tiff("", "")), as_json(png(), line=True)]}
    results = client.post("/api/v1/batch", json=batch).json()["results"]
    assert [result["success"] for result in results] == [False, True]


def test_text_without_some_of_the_pages_is_not_given_for_the_whole(client: httpx.Client) -> None:
    """An answer of ``/predict`` has no place to say so."""
    line = {"options": json.dumps({"line": True})}
    lost = client.post("/predict", files={"image": tiff("abc", "", "cba")}, data=line)
    refused(lost, 422, "incomplete")
    assert "page 2 was not read" in lost.json()["error"]["message"]
    many = tiff(*["ab"] * 22)
    cut = client.post("/predict", files={"image": many}, data=line)
    refused(cut, 422, "incomplete")
    assert (
        cut.json()["error"]["message"] == "22 pages; at most 20 are read at once: ask for a range"
    )
    line["options"] = json.dumps({"line": True, "pages": "21-"})
    rest = client.post("/predict", files={"image": many}, data=line)
    assert rest.json() == {"text": "ab\n\nab"}


def test_a_page_without_area_costs_only_itself(client: httpx.Client) -> None:
    document = re.sub(
        rb"(/MediaBox *\[)[^]]*", lambda m: m[1] + b"0 0 .5 .5", pdf("abc", "cba"), count=1
    )
    pages = client.post("/api/v1/ocr", json=as_json(document, line=True)).json()["pages"]
    assert [page["text"] for page in pages] == ["", "cba"]
    assert "no area" in pages[0]["warnings"][0]
    assert pages[0]["error"]["code"] == "empty_picture"
    alone = as_json(document, pages="1")
    refused(client.post("/api/v1/ocr", json=alone), 400, "empty_picture")


def test_text_under_a_scan_is_not_believed_and_this_is_said(client: httpx.Client) -> None:
    """The PDF is a searchable one of ours, its page long enough to be taken for a line."""
    text = "acabcabcabc"
    answer = client.post("/api/v1/ocr", json=as_json(png(text), line=True)).json()
    leaf = Leaf(Page.from_dict(answer), "a.png", pixels=bands.draw(text, 2))
    document = b"".join(searchable_pdf.write([leaf]))
    (page,) = client.post("/api/v1/ocr", json=as_json(document)).json()["pages"]
    assert (page["route"], page["text"]) == ("line", text)
    assert "text is invisible" in page["warnings"][0]


def test_fields_by_the_template_that_is_asked_for(client: httpx.Client) -> None:
    typed = pdf("abc")
    free = client.post("/api/v1/ocr", json=as_json(typed, fields=True)).json()
    assert free["pages"][0]["template"] == "pairs"
    asked = client.post("/api/v1/ocr", json=as_json(typed, fields=True, template="receipt"))
    assert asked.json()["pages"][0]["template"] == "receipt"
    unknown = client.post("/api/v1/ocr", json=as_json(typed, fields=True, template="bill"))
    refused(unknown, 400, "bad_request")
    assert (
        "no template 'bill'; there are: bank_slip, business_card, "
        in unknown.json()["error"]["message"]
    )
    refused(client.post("/api/v1/ocr", json=as_json(typed, template="bill")), 400, "bad_request")


def test_preview_shows_what_was_read(client: httpx.Client) -> None:
    answer = client.post("/api/v1/ocr", json=as_json(png(), line=True, preview=True)).json()
    assert base64.b64decode(answer["preview"], validate=True).startswith(b"\xff\xd8\xff")


def test_models_and_options_describe_themselves(client: httpx.Client) -> None:
    models = client.get("/api/v1/models").json()
    assert models["loaded"] == "bands"
    assert models["models"][0]["characters"] == len(bands.LETTERS)
    described = client.get("/api/v1/options").json()["options"]
    defaults = {option["name"]: option["schema"]["default"] for option in described}
    assert defaults["deskew"] is False
    assert client.post("/api/v1/ocr", json=as_json(png(), **defaults)).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"options":' + b'{"a":' * 50 + b"1" + b"}" * 51, "bad_json"),
        (b"[]", "bad_request"),
        (b"{}", "bad_request"),
        (b'{"image_base64": 7}', "bad_request"),
        (b'{"image_base64": "AA==", "image_url": "http://x"}', "bad_request"),
        (b'{"image_base64": "AA==", "options": []}', "bad_request"),
        (b'{"image_base64": "AA==", "options": {"lines": true}}', "bad_request"),
        (b'{"image_base64": "AA==", "options": {"line": 1}}', "bad_request"),
        (b'{"image_base64": "AA==", "options": {"pages": "3-a"}}', "bad_request"),
        (b'{"image_base64": "AA==", "options": {"template": "receipt"}}', "bad_request"),
        (b'{"image_base64": "AA=="}', "unsupported_format"),
        (b'{"image_base64": "AA"}', "bad_base64"),
        (b'{"image_base64": "A-_="}', "bad_base64"),
        (b'{"image_base64": "AA ="}', "bad_base64"),
        (b'{"image_base64": "data:image/png,AA=="}', "bad_base64"),
        ('{"image_base64": "ＡＡ=="}'.encode(), "bad_base64"),
        (b'{"image_base64": ""}', "empty_picture"),
    ],
)
def test_bad_bodies(client: httpx.Client, body: bytes, code: str) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/api/v1/ocr", content=body, headers=headers)
    refused(response, 415 if code == "unsupported_format" else 400, code)


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["image_base64", "options", "images", "line", "pages", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    )
)
def test_no_json_is_an_error_of_ours(client: httpx.Client, body: Any) -> None:
    headers = {"Content-Type": "application/json"}
    for door in ("/api/v1/ocr", "/api/v1/batch"):
        response = client.post(door, content=json.dumps(body).encode(), headers=headers)
        assert response.status_code in (200, 400, 413, 415, 422), response.text
        assert "success" in response.json()


def test_forms_must_hold_one_picture(client: httpx.Client) -> None:
    two = [("image", ("a", png())), ("image", ("b", png()))]
    refused(client.post("/predict", files=two), 400, "bad_request")
    refused(client.post("/predict", files={"photo": png()}), 400, "bad_request")
    refused(client.post("/predict", data={"image": "x"}), 415, "wrong_content_type")
    response = client.post("/api/v1/ocr", content=png())
    refused(response, 415, "wrong_content_type")
    told = response.json()["error"]["message"]
    asked = "send application/json or multipart/form-data"
    assert told == f"{asked}, not a body without Content-Type"


def test_a_door_names_what_it_takes(client: httpx.Client) -> None:
    for door, takes_pdf in (("ocr", True), ("line", False)):
        response = client.post(f"/api/v1/{door}", json=as_json(b"no picture"))
        refused(response, 415, "unsupported_format")
        assert ("PDF" in response.json()["error"]["message"]) is takes_pdf


def test_what_is_not_there(client: httpx.Client) -> None:
    refused(client.get("/nothing"), 404, "not_found")
    response = client.get("/api/v1/ocr")
    refused(response, 405, "method_not_allowed")
    assert "POST" in response.headers["Allow"]
    assert response.json()["error"]["message"] == "send POST, not GET"
