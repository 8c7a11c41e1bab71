"""The information of the service about itself."""

from __future__ import annotations

import time

import pytest
import yaml
from flask.testing import FlaskClient

from service.model.options import OPTIONS
from service.readers import READERS
from service.writers import WRITERS


def test_formats(client: FlaskClient) -> None:
    body = client.get("/v1/formats").get_json()
    assert [each["name"] for each in body["readers"]] == list(READERS)
    assert [each["name"] for each in body["writers"]] == list(WRITERS)


def test_options(client: FlaskClient) -> None:
    body = client.get("/v1/options").get_json()
    assert list(body["properties"]) == list(OPTIONS)
    assert body["properties"]["toc"]["x-label"] == {"en": "Table of contents", "zh": "目录"}
    assert body["properties"]["paper"]["x-formats"] == ["pdf", "docx"]
    assert body["limits"]["max_upload"] == {"value": 25_000_000, "unit": "bytes"}


def test_readiness_reports_the_sandbox(client: FlaskClient) -> None:
    for _ in range(300):
        if (answer := client.get("/readyz")).status_code == 200:
            break
        time.sleep(0.1)
    body = answer.get_json()
    assert body["status"] == "ready"
    assert body["checks"] == dict.fromkeys(body["checks"], "ok")
    assert body["versions"]["pandoc"]
    assert {"Latin", "Han (simplified)", "Kana", "Hangul"} <= body["fonts"].keys()
    assert "landlock" in body["sandbox"]
    assert {"workers", "storage", "database", "backend"} == body["checks"].keys()


def test_contract(client: FlaskClient) -> None:
    assert yaml.safe_load(client.get("/openapi.yaml").data)["openapi"].startswith("3.1")


def test_metrics(client: FlaskClient) -> None:
    text = client.get("/metrics").text
    assert "colophon_workers{" in text
    assert "colophon_sandbox{" in text
    assert "colophon_database_up 1.0" in text
    for name in ('queue_items{state="queued"}', "queue_oldest_seconds", 'job_items_total{outcome="failed"}', "job_retries_total"):
        assert f"colophon_{name} " in text


@pytest.mark.parametrize("path", ["/problems", "/problems/not-found"])
def test_pages_need_no_script(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.content_type.startswith("text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/version", "/v1/profiles", "/v1/capacity", "/nowhere"])
def test_headers_are_on_every_answer(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Request-Id"]


def test_requests_are_logged_with_their_ids(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "colophon.requests"):
        client.get("/version", headers={"X-Request-Id": "abc"})
        client.get("/healthz")
    (record,) = caplog.records
    assert (record.path, record.status, record.method) == ("/version", 200, "GET")  # type: ignore[attr-defined]
