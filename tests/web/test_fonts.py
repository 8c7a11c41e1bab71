"""Fonts over HTTP: in a form and in JSON, in a job and in a book, and each conversion with its own."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from service.conversion.converter import PoolConverter
from service.model.document import Asset, Source
from service.model.font_files import FOLDER
from service.model.settings import Settings
from tests import made_fonts
from tests.writers.test_own_fonts import pdf_fonts

ARTICLE = "---\ntitle: Lamps\nlang: en\n---\n\nText of the keeper.\n"
HARBOUR, QUAY = made_fonts.data("Harbour"), made_fonts.data("Quay")


def post(client: FlaskClient, path: str = "/v1/convert", *parts: tuple[str, Any]) -> TestResponse:
    body, content_type = encode_multipart_formdata([("file", ("a.md", ARTICLE)), *parts])
    return client.post(path, data=body, content_type=content_type)


def test_a_form_has_font_files_and_the_option_in_one_field(client: FlaskClient) -> None:
    files = [("font", ("h.ttf", HARBOUR)), ("font", ("q.ttf", QUAY)), ("to", "pdf")]
    assert {"Harbour", "Quay"} <= set(pdf_fonts(post(client, "/v1/convert", *files).data))
    answer = post(client, "/v1/convert", *files, ("font", "Quay"), ("heading_font", "Harbour"))
    assert {"Harbour", "Quay"} <= set(pdf_fonts(answer.data))


def test_json_has_them_as_base64(client: FlaskClient) -> None:
    fonts = {"h.ttf": base64.b64encode(HARBOUR).decode()}
    answer = client.post("/v1/convert", json={"text": ARTICLE, "to": "pdf", "fonts": fonts})
    assert "Harbour" in pdf_fonts(answer.data)


def test_the_same_form_and_json_give_the_same_bytes(client: FlaskClient) -> None:
    fonts = {"h.ttf": base64.b64encode(HARBOUR).decode()}
    as_json = client.post("/v1/convert", json={"text": ARTICLE, "file_name": "a.md", "to": "epub", "fonts": fonts})
    assert as_json.data == post(client, "/v1/convert", ("font", ("h.ttf", HARBOUR)), ("to", "epub")).data


def test_another_font_is_another_result(client: FlaskClient) -> None:
    """The key of the result cache has the fonts."""
    first = post(client, "/v1/convert", ("font", ("x.ttf", HARBOUR)), ("to", "pdf"))
    second = post(client, "/v1/convert", ("font", ("x.ttf", QUAY)), ("to", "pdf"))
    plain = post(client, "/v1/convert", ("to", "pdf"))
    assert [sorted({"Harbour", "Quay"} & set(pdf_fonts(each.data))) for each in (first, second, plain)] == [
        ["Harbour"],
        ["Quay"],
        [],
    ]


def test_a_zip_brings_them_in_their_folder(client: FlaskClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("article.md", ARTICLE)
        archive.writestr(f"{FOLDER}/h.ttf", HARBOUR)
    body, content_type = encode_multipart_formdata([("file", ("a.zip", packed.getvalue())), ("to", "pdf")])
    assert "Harbour" in pdf_fonts(client.post("/v1/convert", data=body, content_type=content_type).data)


def test_a_book_has_them(client: FlaskClient) -> None:
    second = ("file", ("b.md", "# Second\n\nMore text.\n"))
    answer = post(client, "/v1/convert", second, ("font", ("h.ttf", HARBOUR)), ("combine", "true"), ("to", "pdf"))
    assert "Harbour" in pdf_fonts(answer.data)


def test_each_item_of_a_job_has_them(client: FlaskClient) -> None:
    second = ("file", ("b.md", "# Second\n\nMore text.\n"))
    job = post(client, "/v1/jobs", second, ("font", ("h.ttf", HARBOUR)), ("to", "pdf")).get_json()
    done = client.get(f"/v1/jobs/{job['id']}?wait=60").get_json()
    assert done["state"] == "succeeded", done
    for each in done["artifacts"]:
        assert "Harbour" in pdf_fonts(client.get(each["url"]).data)


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ([("font", ("h.txt", HARBOUR))], "/font"),
        ([("font", ("h.ttf", HARBOUR)), ("font", ("h.ttf", QUAY))], "/font"),
        ([("font", (f"{number}.ttf", HARBOUR)) for number in range(21)], "/font"),
        ([("font", ("h.ttf", b"junk"))], "/font/h.ttf"),
        ([("heading_font", "Harbour")], "/heading_font"),
        ([("code_font", "none.ttf")], "/code_font"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(parts: Any, pointer: str, client: FlaskClient) -> None:
    answer = post(client, "/v1/convert", *parts, ("to", "pdf"))
    assert answer.status_code == 422, answer.get_json()
    assert [each["pointer"] for each in answer.get_json()["errors"]] == [pointer]


def test_two_conversions_at_once_see_only_their_own(settings: Settings, conversion: Callable[..., Any]) -> None:
    """In workers: each ends after its conversion, and the next one is a fork that has seen no font."""

    def sees_its_own(number: int) -> bool:
        name = (("Harbour", HARBOUR), ("Quay", QUAY), ("", b""))[number % 3]
        assets = (Asset(f"{FOLDER}/x.ttf", name[1]),) if name[1] else ()
        text = f"---\ntitle: Number {number}\nlang: en\n---\n\nHarbour text {number}.\n"
        wanted = conversion("pdf", css="h1 { font-family: Harbour, Quay }")
        outcome, _ = converter.convert(Source("a.md", text.encode(), assets=assets), wanted)
        return {"Harbour", "Quay"} & set(pdf_fonts(outcome.artifacts[0].data)) == {name[0]} - {""}

    with PoolConverter(settings, spares=0) as converter, ThreadPoolExecutor(3) as threads:
        assert all(threads.map(sees_its_own, range(9)))
