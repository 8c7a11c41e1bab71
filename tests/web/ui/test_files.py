"""The files of the page as the service sends them: revalidated, typed, of this origin alone, and small."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from service.web.ui import FILES, POLICY, contents

FROM_ELSEWHERE = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/2000/svg)[\w.-]+\.\w+""")


def test_the_page_and_its_policy(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert answer.headers["Cache-Control"] == "no-cache"
    assert not re.search(r"<script(?![^>]*src)|\son\w+=|\sstyle=|<style", answer.text), "nothing inline"


@pytest.mark.parametrize("name", contents())
def test_file(client: FlaskClient, name: str) -> None:
    path = f"/static/{name}"
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    text = (FILES / name).read_text(encoding="utf-8")
    assert not [found for found in FROM_ELSEWHERE.findall(text) if ".example" not in found], "nothing from elsewhere"
    assert len(text.splitlines()) < 300


def test_what_the_page_names_is_there() -> None:
    index = (FILES / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:href|src)="static/([\w.-]+)"', index))
    for name in [each for each in contents() if each.endswith(".js")]:
        named |= set(re.findall(r'from "\./([\w.-]+)"', (FILES / name).read_text(encoding="utf-8")))
    assert named <= set(contents())


@pytest.mark.parametrize("path", ["/static/none.js", "/static/..%2f__init__.py", "/static/__init__.py"])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
