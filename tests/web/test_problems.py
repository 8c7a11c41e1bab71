"""Failures: one shape, the right status, which field, what to do; nothing private in any of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import ARTICLE, Send


def check(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.data[:500]
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"/problems/{code}"
    assert body["title"] and body["detail"]
    assert body["instance"] == f"urn:request:{answer.headers['X-Request-Id']}"
    return body


@pytest.mark.parametrize(
    ("fields", "status", "code", "pointer"),
    [
        ({}, 422, "validation-error", "/to"),
        ({"to": "mobi"}, 422, "validation-error", "/to"),
        ({"to": "pdf", "tocs": "1"}, 422, "validation-error", "/tocs"),
        ({"to": "pdf", "toc_depth": "9"}, 422, "validation-error", "/toc_depth"),
        ({"to": "pdf", "toc": "perhaps"}, 422, "validation-error", "/toc"),
        ({"to": "pdf", "clean": "all"}, 422, "validation-error", "/clean"),
        ({"to": "pdf", "profile": "../x"}, 422, "validation-error", "/profile"),
        ({"to": "pdf", "pdf_variant": "pdf/a-1b"}, 422, "validation-error", "/pdf_variant"),
        ({"to": "pdf", "metadata": '{"authors": {"nickname": 1}}'}, 422, "validation-error", "/metadata/authors"),
        ({"to": "pdf", "metadata": "[1]"}, 400, "invalid-json", None),
        ({"to": "pdf", "options": "{"}, 400, "invalid-json", None),
        ({"to": "pdf", "options": "[" * 10_000}, 400, "invalid-json", None),
        ({"to": "pdf", "options": '{"toc": true, "toc": false}'}, 400, "invalid-json", None),
        ({"to": "pdf", "toc": ["true", "false"]}, 422, "validation-error", "/toc"),
        ({"to": "pdf", "from": "docm"}, 415, "unsupported-media-type", None),
    ],
)
def test_refused_field(send: Send, fields: dict[str, Any], status: int, code: str, pointer: str | None) -> None:
    body = check(send("/v1/convert", **fields), status, code)
    if pointer:
        assert any(place["pointer"].startswith(pointer) for place in body["errors"]), body


def test_unknown_option_names_the_nearest(send: Send) -> None:
    assert "did you mean 'toc_depth'" in send("/v1/convert", to="pdf", toc_dept="1").get_json()["detail"]


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "empty-document"),
        (b"\x00\x01\x02\x03" * 100, 422, "control-characters"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 415, "unsupported-media-type"),
        (b"PK\x03\x04broken", 422, "invalid-archive"),
        (b"PK\x05\x06" + b"\0" * 18, 422, "no-article"),
    ],
)
def test_refused_file(send: Send, data: bytes, status: int, code: str) -> None:
    check(send("/v1/convert", file=("article.md", data), to="docx"), status, code)


def test_strict_front_matter_names_line_and_column(send: Send) -> None:
    article = "---\ntitle: Watch Duty: California\n---\n\ntext\n"
    body = check(send("/v1/convert", file=article, to="docx", strict="true"), 422, "invalid-front-matter")
    assert body["errors"][0]["line"] == 2


def test_missing_file(client: FlaskClient) -> None:
    check(client.post("/v1/convert", data={"to": "pdf"}, content_type="multipart/form-data"), 400, "missing-file")
    check(client.post("/v1/convert", json={"to": "pdf"}), 400, "missing-file")


def test_two_articles_are_a_job(client: FlaskClient) -> None:
    files = [(io.BytesIO(b"a"), "a.md"), (io.BytesIO(b"b"), "b.md")]
    check(client.post("/v1/convert", data={"to": "pdf", "file": files}), 422, "validation-error")


def test_unknown_file_part(client: FlaskClient) -> None:
    data = {"to": "pdf", "file": (io.BytesIO(b"a"), "a.md"), "picture": (io.BytesIO(b"b"), "b.png")}
    check(client.post("/v1/convert", data=data), 422, "validation-error")


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nabc", b"\xff" * 50])
def test_broken_multipart(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/v1/convert", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_multipart_without_boundary(client: FlaskClient) -> None:
    check(client.post("/v1/convert", data=b"x", content_type="multipart/form-data"), 400, "malformed-multipart")


def test_too_large(client: FlaskClient) -> None:
    answer = client.post("/v1/convert", data=b"x" * 25_000_001, content_type="multipart/form-data; boundary=x")
    assert check(answer, 413, "payload-too-large")["limit"] == 25_000_000


def test_empty_body(client: FlaskClient) -> None:
    check(client.post("/v1/convert", data=b""), 400, "missing-file")


@pytest.mark.parametrize(
    "fields", [{"title": "x" * 600_000}, {f"f{number}": "x" for number in range(1_001)}], ids=["large", "many"]
)
def test_too_large_a_field_and_too_many(send: Send, fields: dict[str, str]) -> None:
    check(send("/v1/convert", file=None, **fields), 413, "payload-too-large")


def test_compressed_body(send: Send) -> None:
    check(send("/v1/convert", to="pdf", headers={"Content-Encoding": "gzip"}), 415, "unsupported-media-type")


def test_not_acceptable(send: Send) -> None:
    check(send("/v1/convert", to="pdf", headers={"Accept": "image/png"}), 406, "not-acceptable")


def test_no_such_page_and_method(client: FlaskClient) -> None:
    check(client.get("/v2/convert"), 404, "not-found")
    answer = client.get("/v1/convert")
    check(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


def test_every_problem_has_a_page(client: FlaskClient) -> None:
    answer = client.get("/problems/too-complex")
    assert answer.status_code == 200
    assert "too-complex" in answer.text
    check(client.get("/problems/nothing"), 404, "not-found")


@pytest.mark.parametrize("deadline", ["0", "-1", "soon", "1e3", "99999"])
def test_unreadable_deadline(send: Send, deadline: str) -> None:
    check(send("/v1/convert", to="pdf", headers={"Colophon-Deadline": deadline}), 400, "bad-request")


def test_own_deadline_ends_the_work(send: Send) -> None:
    article = "word " * 40_000 + "\n\n" + "word " * 40_000
    check(send("/v1/convert", file=article, to="pdf", headers={"Colophon-Deadline": "0.5"}), 504, "deadline-exceeded")
    assert send("/v1/convert", file=ARTICLE, to="docx").status_code == 200


def test_request_id_is_kept_or_made(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
    made = client.get("/healthz", headers={"X-Request-Id": "a b\tc"}).headers["X-Request-Id"]
    assert len(made) == 32


@pytest.mark.logs("an unforeseen error is logged with its trace")
def test_unforeseen_error_reports_nothing(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise RuntimeError("secret /etc/path")

    monkeypatch.setitem(client.application.view_functions, "getLiveness", broken)
    answer = client.get("/healthz")
    check(answer, 500, "internal-error")
    assert "secret" not in answer.text
