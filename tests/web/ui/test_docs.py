"""Swagger UI at /docs: from the package alone, on this contract, and its requests work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from service.web.docs import POLICY
from tests.web.ui.conftest import ARTICLE, Visit


def test_it_shows_the_contract_and_tries_it_out(visit: Visit) -> None:
    page = visit("/docs", known="Could not find component: JsonSchema_string_binary")  # of a list of files
    expect(page.get_by_text("OAS 3.1")).to_be_visible()
    expect(page.locator(".opblock-tag")).to_contain_text(["Articles", "Jobs", "Agents", "Server", "Pages"])
    validate = page.locator("#operations-Articles-validateArticle")
    validate.locator("button").first.click()
    validate.get_by_role("button", name="Try it out").click()
    part = {"name": "tried.md", "mimeType": "text/markdown", "buffer": ARTICLE.encode()}
    validate.locator("input[type=file]").first.set_input_files([part])
    with page.expect_request("**/v1/validate") as sent:
        validate.get_by_role("button", name="Execute").click()
    response = sent.value.response()
    assert response and response.json()["metadata"]["title"] == "The Lighthouse: a record"
    expect(validate.locator(".live-responses-table td.response-col_status").last).to_have_text(re.compile("^200"))


def test_its_policy_is_tight(client: FlaskClient) -> None:
    answer = client.get("/docs")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert "://" not in answer.text


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css"])
def test_files_are_revalidated(client: FlaskClient, name: str) -> None:
    first = client.get(f"/docs/{name}")
    assert first.status_code == 200
    assert client.get(f"/docs/{name}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["VERSION", "..%2f__init__.py", "oauth2-redirect.html"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/docs/{name}").status_code == 404


def test_its_licence_comes_with_it() -> None:
    import flask_swagger_ui

    text = (Path(flask_swagger_ui.__file__).parent / "dist" / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
