"""The observation of a request: Server-Timing, metrics with few labels, one id through logs of front, runner and pool."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families as families

from tests.servers import colophon
from tests.web.conftest import ARTICLE, Send

TIMING = re.compile(r"([a-z]+)(?:;desc=([a-z]+))?;dur=([\d.]+)")


def value(client: FlaskClient, name: str, **labels: str) -> float:
    found = families(client.get("/metrics").text)
    return sum(s.value for family in found for s in family.samples if s.name == name and labels.items() <= s.labels.items())


def test_server_timing_reports_the_stages(send: Send) -> None:
    answer = send("/v1/convert", to=["docx", "html"], lang="fr")
    reported = {(name, desc): float(ms) for name, desc, ms in TIMING.findall(answer.headers["Server-Timing"])}
    assert {
        ("read", ""),
        ("fetch", ""),
        ("write", "docx"),
        ("write", "html"),
        ("verify", "docx"),
        ("total", ""),
    } <= reported.keys()
    assert ("pandoc", "docx") in reported
    assert reported["total", ""] >= reported["write", "docx"] >= reported["pandoc", "docx"] > 0


@pytest.mark.parametrize(("path", "stage"), [("/v1/validate", "read"), ("/v1/ast", "write;desc=ast")])
def test_other_answers_tell_theirs(send: Send, path: str, stage: str) -> None:
    assert f"{stage};dur=" in send(path, lang="pt").headers["Server-Timing"]


def test_one_format_in_one_call_reports_the_same_stages(send: Send) -> None:
    answer = send("/v1/convert", to="docx", lang="it")
    reported = {(name, desc): float(ms) for name, desc, ms in TIMING.findall(answer.headers["Server-Timing"])}
    parts = {("wait", "docx"), ("read", ""), ("write", "docx"), ("verify", "docx"), ("pandoc", "docx")}
    assert {("convert", "docx"), ("fetch", ""), ("total", ""), *parts} == reported.keys() - {("images", "docx")}
    assert reported["total", ""] >= reported["convert", "docx"] >= reported["write", "docx"] >= reported["pandoc", "docx"] > 0
    assert reported["convert", "docx"] >= reported["read", ""] > 0


def test_a_problem_is_timed_too(send: Send) -> None:
    answer = send("/v1/convert", file=b"", to="pdf")
    assert answer.status_code == 422
    assert "total;dur=" in answer.headers["Server-Timing"]


def test_conversions_are_counted_by_format_and_outcome(client: FlaskClient, send: Send) -> None:
    ok = {"format": "epub", "outcome": "ok"}
    refused = {"format": "epub", "outcome": "empty-document"}
    before = [value(client, "colophon_conversions_total", **each) for each in (ok, refused)]
    send("/v1/convert", to="epub")
    send("/v1/convert", file=b"", to="epub")
    assert [value(client, "colophon_conversions_total", **each) for each in (ok, refused)] == [each + 1 for each in before]


def test_stages_are_in_the_histogram(client: FlaskClient, send: Send) -> None:
    send("/v1/convert", to="docx", lang="de")
    for stage, target in (("wait", "docx"), ("read", ""), ("write", "docx"), ("verify", "docx"), ("pandoc", "docx")):
        assert value(client, "colophon_stage_seconds_count", stage=stage, format=target) > 0, stage


def test_labels_are_templates_not_what_strangers_ask_for(client: FlaskClient) -> None:
    for path in ("/no-such-place/stranger-4711", "/v1/jobs/job_stranger-4711", "/v1/jobs/job_stranger-4712"):
        client.get(path)
    client.open("/v1/formats", method="BREW")
    text = client.get("/metrics").text
    assert "stranger-4711" not in text and "BREW" not in text
    for reported in (
        {"route": "unmatched", "status": "404", "method": "GET"},
        {"route": "/v1/jobs/<job_id>", "status": "404"},
        {"method": "other", "status": "405"},
    ):
        assert value(client, "colophon_http_requests_total", **reported) >= 1, reported


def test_one_id_leads_through_front_runner_and_pool(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1, log_level="DEBUG") as server:
        answer = server.post("/v1/jobs", {"X-Request-Id": "follow-me"}, file=("a.md", ARTICLE.encode()), to="docx,html")
        job = json.loads(answer.data)["id"]
        server.get(f"/v1/jobs/{job}?wait=60")
        end = time.monotonic() + 30
        while "item succeeded" not in server.log.read_text(encoding="utf-8") and time.monotonic() < end:
            time.sleep(0.05)
    lines = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]
    followed = [line for line in lines if line.get("request_id") == "follow-me"]
    by_event = {line["event"]: line for line in followed}
    assert by_event["request"]["path"] == "/v1/jobs"
    item = by_event["item succeeded"]
    assert item["job_id"] == job and item["item_id"] and item["stages"]["write"] > 0
    calls = [line for line in followed if line["event"] == "worker called"]
    assert {line["operation"] for line in calls} == {"read", "write"}
    assert all(line["item_id"] == item["item_id"] and line["pid"] for line in calls)


def test_serve_is_one_process_whatever_gunicorns_variables_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that each number is reported once: counters of several processes would each be a part of the truth."""
    monkeypatch.setattr("tests.servers.VARIABLES", ("PATH", "HOME", "LANG", "WEB_CONCURRENCY", "GUNICORN_CMD_ARGS"))
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--workers=3")
    with colophon(tmp_path, workers=1) as server:
        below = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(encoding="ascii").split()
        assert len(below) == 1
        assert os.getpid() not in map(int, below)


def test_a_preview_is_timed(send: Send) -> None:
    assert "preview;dur=" in send("/v1/preview").headers["Server-Timing"]
