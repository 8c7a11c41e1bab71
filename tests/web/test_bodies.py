"""The three bodies of a request mean the same, and what is wrong with one is named with its place."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from service.model.formats import INPUT_FORMATS, OUTPUT_FORMATS
from service.web import bodies

ARTICLE = "---\ntitle: Three ways\nlang: en\n---\n\nText. ![p](p.png)\n"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def encoded(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def form(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    body, content_type = encode_multipart_formdata({"file": ("article.md", ARTICLE, "text/markdown"), **fields})
    return client.post(path, data=body, content_type=content_type)


def pointers(answer: TestResponse) -> list[str | None]:
    return [each.get("pointer") for each in answer.get_json()["errors"]]


@pytest.mark.parametrize("target", ["epub", "html", "ast"])
def test_the_same_request_gives_the_same_bytes(target: str, client: FlaskClient) -> None:
    asked = {"to": target, "toc": True, "metadata": {"rights": "R"}}
    files = {"article.md": encoded(ARTICLE)}
    query = urlencode({"to": target, "toc": "true", "metadata": '{"rights": "R"}'})
    answers = [
        form(client, "/v1/convert", to=target, toc="true", metadata='{"rights": "R"}'),
        client.post("/v1/convert", json={"text": ARTICLE, **asked}),
        client.post("/v1/convert", json={"text": ARTICLE, "to": [target], "options": {"toc": True, "metadata": {"rights": "R"}}}),
        client.post("/v1/convert", json={"files": files, **asked}),
        client.post(f"/v1/convert?{query}", data=ARTICLE, content_type="text/markdown"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize("path", ["/v1/validate", "/v1/ast", "/v1/preview?width=64"])
def test_every_call_that_reads_an_article_takes_them(path: str, client: FlaskClient) -> None:
    assert client.post(path, data=ARTICLE, content_type="text/markdown").status_code == 200
    assert client.post(path, json={"text": ARTICLE}).status_code == 200


def test_inspect_takes_them(client: FlaskClient) -> None:
    made = client.post("/v1/convert?to=epub", data=ARTICLE, content_type="text/markdown").data
    for answer in (
        client.post("/v1/inspect", data=made, content_type="application/epub+zip"),
        client.post("/v1/inspect", json={"files": {"a.epub": encoded(made)}}),
    ):
        assert answer.get_json()["metadata"]["title"] == "Three ways"
    answer = client.post("/v1/inspect?part=source", data=made, content_type="application/epub+zip")
    assert answer.data.decode() == ARTICLE


def test_a_job_takes_them(client: FlaskClient) -> None:
    files = {"a.md": encoded(ARTICLE), "b.md": encoded(ARTICLE), "p.png": encoded(PIXEL)}
    made = client.post("/v1/jobs", json={"files": files, "to": ["html", "epub"], "name": "mine"})
    assert made.status_code == 202 and (made.get_json()["total"], made.get_json()["name"]) == (2, "mine")
    raw = client.post("/v1/jobs?to=html&name=raw&file_name=x.md", data=ARTICLE, content_type="text/markdown")
    assert raw.status_code == 202
    job = client.get(f"/v1/jobs/{raw.get_json()['id']}?wait=60").get_json()
    assert (job["name"], job["state"], job["items"][0]["name"]) == ("raw", "succeeded", "x.md")


@pytest.mark.parametrize("body", [{"text": ARTICLE, "files": {"p.png": encoded(PIXEL)}},
    {"text": ARTICLE, "assets": {"p.png": encoded(PIXEL)}},
    {"files": {"a.md": encoded(ARTICLE), "p.png": encoded(PIXEL)}}])  # fmt: skip
def test_the_images_come_along(body: dict[str, Any], client: FlaskClient) -> None:
    answer = client.post("/v1/convert", json={**body, "to": "epub"})
    assert answer.status_code == 200
    assert any(name.endswith(".png") for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist())


@pytest.mark.parametrize("name", INPUT_FORMATS)
def test_each_reader_has_its_media_types(name: str) -> None:
    each = INPUT_FORMATS[name]
    assert all(bodies.MEDIA_TYPES[media_type] == each.suffixes[0] for media_type in each.media_types)


@pytest.mark.parametrize(
    ("media_type", "text", "title"),
    [
        ("text/html", "<title>Page</title><p>Text.</p>", "Page"),
        ("text/x-rst", "Book\n====\n\nText.\n", "Book"),
        ("text/org", "#+TITLE: Org\n\nText.\n", "Org"),
        ("text/plain; charset=utf-16", "Plain\n\nText.\n", "Plain"),
        ("application/octet-stream", ARTICLE, "Three ways"),
    ],
)
def test_the_media_type_names_the_reader(media_type: str, text: str, title: str, client: FlaskClient) -> None:
    data = text.encode("utf-16" if "16" in media_type else "utf-8")
    answer = client.post("/v1/validate", data=data, content_type=media_type)
    assert answer.status_code == 200 and answer.get_json()["metadata"]["title"] == title, answer.get_json()


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        *((each.media_type, each.name) for each in OUTPUT_FORMATS.values() if each.name != "ast"),
        ("application/pdf;q=0.3, application/epub+zip;q=0.8", "epub"),
        ("image/png, text/html;q=0.1", "html"),
        ("text/markdown, */*;q=0.1", "markdown"),
    ],
)
def test_accept_names_the_target(accept: str, target: str, client: FlaskClient) -> None:
    answer = client.post("/v1/convert", data=ARTICLE, content_type="text/markdown", headers={"Accept": accept})
    assert answer.status_code == 200 and answer.mimetype == OUTPUT_FORMATS[target].media_type


@pytest.mark.parametrize(
    ("accept", "status"),
    [("image/png", 406), ("application/pdf;q=0", 406), ("*/*", 422), ("application/json", 422), ("text/*", 422)],
)
def test_accept_that_names_none(accept: str, status: int, client: FlaskClient) -> None:
    answer = client.post("/v1/convert", data=ARTICLE, content_type="text/markdown", headers={"Accept": accept})
    assert answer.status_code == status, answer.get_json()
    assert answer.get_json()["code"] == ("not-acceptable" if status == 406 else "validation-error")


def test_to_wins_over_accept_but_must_fit_it(client: FlaskClient) -> None:
    headers = {"Accept": "application/pdf"}
    assert client.post("/v1/convert?to=html", data=ARTICLE, content_type="text/markdown", headers=headers).status_code == 406


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"text": 5, "to": "html"}, ["/text"]),
        ({"text": None, "to": "html"}, ["/text"]),
        ({"files": [], "to": "html"}, ["/files"]),
        ({"files": {"a.md": 5}, "to": "html"}, ["/files/a.md"]),
        ({"files": {"a/b~.md": "TWFu!"}, "to": "html"}, ["/files/a~1b~0.md"]),
        ({"files": {"a.md": "TWF"}, "to": "html"}, ["/files/a.md"]),
        ({"text": ARTICLE, "to": 5}, ["/to"]),
        ({"text": ARTICLE, "to": "html", "tocc": True}, ["/tocc"]),
        ({"text": ARTICLE, "to": "html", "options": {"tocc": True}}, ["/tocc"]),
        ({"text": ARTICLE, "to": "html", "options": []}, ["/options"]),
        ({"text": ARTICLE, "to": "html", "toc": "yes", "toc_depth": "3"}, ["/toc", "/toc_depth"]),
        ({"text": ARTICLE, "to": "html", "toc_depth": True}, ["/toc_depth"]),
        ({"text": ARTICLE, "to": "html", "metadata": "x"}, ["/metadata"]),
        ({"text": ARTICLE, "to": "html", "metadata": {"date": "soon"}}, ["/metadata/date"]),
        ({"text": ARTICLE, "to": "pfd"}, ["/to"]),
    ],
)  # fmt: skip
def test_a_wrong_member_is_named(body: dict[str, Any], found: list[str], client: FlaskClient) -> None:
    answer = client.post("/v1/convert", json=body)
    assert answer.status_code == 422 and pointers(answer) == found, answer.get_json()


def test_the_place_of_a_character_that_is_not_base64(client: FlaskClient) -> None:
    answer = client.post("/v1/convert", json={"files": {"a.md": "TWFu\n!WFu"}, "to": "html"})
    assert "character 6 is '!'" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "line"),
    [('{"text": "a",\n "to": }', 2), ("{", 1), ("[]", None), ('{"a": 1, "a": 2}', None), ("[" * 5_000, None), ("\ud800", None),
     ('{"text": ' + "[" * 70 + "]" * 70 + "}", None), ('{"x": [' + "1," * 30_000 + "1]}", None)],
)  # fmt: skip
def test_json_that_cannot_be_read(body: str, line: int | None, client: FlaskClient) -> None:
    answer = client.post("/v1/convert", data=body.encode("utf-8", "surrogatepass"), content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "invalid-json")
    assert answer.get_json().get("errors", [{}])[0].get("line") == line


def test_brackets_and_commas_of_a_text_do_not_count(client: FlaskClient) -> None:
    text = "# T\n\n" + 'a, b [c] \\" {d}, ' * 20_000
    assert client.post("/v1/validate", json={"text": text}).status_code == 200


@pytest.mark.parametrize(
    ("media_type", "data", "status"),
    [
        ("image/png", PIXEL, 415),
        ("video/mp4", b"x", 415),
        ("application/x-www-form-urlencoded", b"x", 400),
        ("text/markdown", b"", 400),
        ("application/json", b"{}", 400),
    ],
)
def test_bodies_that_are_no_article(media_type: str, data: bytes, status: int, client: FlaskClient) -> None:
    assert client.post("/v1/convert?to=html", data=data, content_type=media_type).status_code == status


def test_the_query_is_read_with_every_body(client: FlaskClient) -> None:
    for answer in (
        form(client, "/v1/convert?tocc=1", to="html"),
        client.post("/v1/convert?tocc=1", json={"text": "a", "to": "html"}),
    ):
        assert answer.status_code == 422 and pointers(answer) == ["/tocc"]
    assert pointers(form(client, "/v1/convert?lang=de", to="html", lang="en")) == ["/lang"]
    assert form(client, "/v1/convert?to=html&lang=de").status_code == 200


def test_the_limits_are_the_same(client: FlaskClient) -> None:
    large = json.dumps({"text": "a" * (client.application.config["MAX_CONTENT_LENGTH"] + 1), "to": "html"})
    for data, media_type in ((large, "application/json"), (large, "text/markdown")):
        answer = client.post("/v1/convert", data=data, content_type=media_type)
        assert (answer.status_code, answer.get_json()["code"]) == (413, "payload-too-large")
