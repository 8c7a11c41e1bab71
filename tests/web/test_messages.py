"""GET /v1/messages, and the language of problems."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.model.errors import error_classes
from service.model.notices import NOTICES


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh", "此地址不存在任何内容。"),
        ("en-GB,zh;q=0.5", "en", "Nothing exists at this address."),
        ("fr", "en", "Nothing exists at this address."),
        ("", "en", "Nothing exists at this address."),
    ],
)
def test_accept_language_selects_the_texts(client: FlaskClient, accepted: str, language: str, title: str) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = client.get("/v1/messages", headers=headers)
    assert (answer.get_json()["language"], answer.headers["Content-Language"]) == (language, language)
    assert answer.get_json()["messages"]["problem.not-found"] == title
    problem = client.get("/v1/nothing", headers=headers)
    assert (problem.get_json()["title"], problem.get_json()["code"]) == (title, "not-found")
    assert "Accept-Language" in problem.headers["Vary"]


def test_english_texts_are_those_of_the_tables(client: FlaskClient) -> None:
    found = client.get("/v1/messages?language=en").get_json()["messages"]
    assert {code: found[f"notice.{code}"] for code in NOTICES} == {code: meaning for code, (_, meaning) in NOTICES.items()}
    assert {code: found[f"problem.{code}"] for code in error_classes()} == {
        code: each.title for code, each in error_classes().items()
    }


def test_an_unknown_language_is_refused(client: FlaskClient) -> None:
    answer = client.get("/v1/messages?language=tlh")
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/language")
