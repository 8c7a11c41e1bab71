"""Every answer of every route bears the headers that keep a browser from doing more than it should."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def routes(client: FlaskClient) -> list[tuple[str, str]]:
    rules = client.application.url_map.iter_rules()
    return sorted((re.sub(r"<[^>]*>", "x", rule.rule), method) for rule in rules for method in rule.methods or ())


def policy(text: str) -> dict[str, list[str]]:
    parts = (each.split() for each in text.split(";") if each.strip())
    return {name: values for name, *values in parts}


def test_every_route_and_method(client: FlaskClient) -> None:
    asked = routes(client)
    assert len(asked) > 60
    for path, method in asked:
        with client.open(path, method=method) as answer:
            assert answer.status_code < 500 or answer.status_code == 503, (method, path)
            for name, value in ALWAYS.items():
                assert answer.headers.get(name) == value, (method, path, name)
            assert answer.headers["X-Request-Id"]
            check(policy(answer.headers["Content-Security-Policy"]), f"{method} {path}")


def check(found: dict[str, list[str]], where: str) -> None:
    """Nothing from elsewhere, no script that is in a page, no frame around it."""
    assert found["default-src"] == ["'none'"], where
    assert "sandbox" in found or {"frame-ancestors", "base-uri", "form-action"} <= found.keys(), where
    for name, values in found.items():
        assert not [value for value in values if "*" in value or "//" in value or value == "https:"], (where, name)
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & set(found.get("script-src", ())), where


@pytest.mark.parametrize("path", ["/nowhere", "/v1/jobs/none", "/problems/none"])
def test_problems_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "sandbox" in policy(answer.headers["Content-Security-Policy"])
