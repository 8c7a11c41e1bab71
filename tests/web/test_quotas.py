"""Quotas over HTTP: refused with 429, when to come again, and what is left; items of jobs wait instead."""

from __future__ import annotations

import io
import itertools
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.jobs.keys.records import Key, Limits
from service.model.errors import StorageUnavailable
from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of
from tests.web.conftest import ARTICLE

# Items of a structured field: "name";key=value;…
FIELD = re.compile(r'"[a-z-]+"(;[a-z]+=("[a-z-]+"|\d+))+(, "[a-z-]+"(;[a-z]+=("[a-z-]+"|\d+))+)*')


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("quotas")), workers=2, keys="required", cache=0))
    yield app.test_client()
    of(app).stop()


def made(client: FlaskClient, **limits: int) -> tuple[Key, dict[str, str]]:
    key, text = of(client.application).keys.create("test", ("convert", "jobs"), Limits(**limits))
    return key, {"X-API-Key": text}


def convert(client: FlaskClient, sent: dict[str, str], path: str = "/v1/convert", **fields: Any) -> TestResponse:
    given = {"file": (io.BytesIO(ARTICLE.encode()), "a.md"), **fields}
    return client.post(path, data=given, headers=sent)


def test_requests_a_minute(guarded: FlaskClient) -> None:
    _, sent = made(guarded, requests=2)
    found = [guarded.get("/v1/formats", headers=sent) for _ in range(3)]
    assert [answer.status_code for answer in found] == [200, 200, 429]
    assert [answer.headers["RateLimit"].partition(";t=")[0] for answer in found] == [f'"requests";r={n}' for n in (1, 0, 0)]
    assert {answer.headers["RateLimit-Policy"] for answer in found} == {'"requests";q=2;w=60'}
    problem = found[2].get_json()
    assert (problem["code"], problem["quota"], problem["limit"], problem["retryable"]) == ("quota-exceeded", "requests", 2, True)
    assert 0 < int(found[2].headers["Retry-After"]) == problem["retry_after"] <= 60


def test_another_key_is_not_touched(guarded: FlaskClient) -> None:
    _, one = made(guarded, requests=1)
    _, other = made(guarded, requests=1)
    assert [guarded.get("/v1/formats", headers=sent).status_code for sent in (one, one, other)] == [200, 429, 200]


def test_a_key_without_limits_has_no_limits_in_the_answer(guarded: FlaskClient) -> None:
    answer = guarded.get("/v1/formats", headers=made(guarded)[1])
    assert "RateLimit" not in answer.headers and "RateLimit-Policy" not in answer.headers


def test_conversions_at_once(guarded: FlaskClient) -> None:
    key, sent = made(guarded, conversions=1, cpu_seconds=100)
    quotas = of(guarded.application).jobs.quotas
    with quotas.conversion(key):
        for path, fields in (("/v1/convert", {"to": "docx"}), ("/v1/validate", {}), ("/v1/ast", {}), ("/v1/inspect", {})):
            answer = convert(guarded, sent, path, **fields)
            assert (answer.status_code, answer.get_json()["quota"]) == (429, "conversions"), path
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.headers["RateLimit"].startswith('"conversions";r=0')
    answer = convert(guarded, sent, to="docx")
    assert answer.status_code == 200
    for name in ("RateLimit", "RateLimit-Policy"):
        assert FIELD.fullmatch(answer.headers[name]), answer.headers[name]
    assert answer.headers["RateLimit"].startswith('"conversions";r=1, "cpu-seconds";r=')


@pytest.mark.parametrize(("limit", "most"), [(1, 1), (2, 1), (0, 3)])
def test_formats_of_a_limited_key_come_one_after_another(
    guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch, limit: int, most: int
) -> None:
    """A place is one worker; without a limit the formats are written side by side."""
    workers = of(guarded.application).workers
    plain, lock, now, peak = workers.call, threading.Lock(), [0], [0]
    together = threading.Barrier(most)

    def call(*given: Any, **named: Any) -> Any:
        with lock:
            now[0] += 1
            peak[0] = max(peak[0], now[0])
        try:
            if given[0] == "write":
                together.wait(60)
            return plain(*given, **named)
        finally:
            with lock:
                now[0] -= 1

    monkeypatch.setattr(workers, "call", call)
    _, sent = made(guarded, conversions=limit)
    given = {"to": ["docx", "epub", "html"]}
    answer = convert(guarded, sent | {"Accept": "application/json"}, **given)
    assert (answer.status_code, len(answer.get_json()["artifacts"])) == (200, 3)
    assert peak[0] == most


def test_a_conversion_costs_what_its_worker_used(guarded: FlaskClient) -> None:
    key, sent = made(guarded, cpu_seconds=1000)
    assert convert(guarded, sent, to="pdf").status_code == 200
    used = 1000 - of(guarded.application).jobs.quotas.standings(key)[0].left
    assert 0 < used < 30
    refused = convert(guarded, sent, to="mobi")
    assert refused.status_code == 422
    assert 1000 - of(guarded.application).jobs.quotas.standings(key)[0].left == used


def test_when_the_cpu_seconds_are_used_up(guarded: FlaskClient) -> None:
    key, sent = made(guarded, cpu_seconds=2)
    with of(guarded.application).jobs.quotas.conversion(key) as spending:
        assert spending.cancellation is not None
        spending.cancellation.charge(5)
    for path in ("/v1/convert", "/v1/jobs"):
        answer = convert(guarded, sent, path, to="docx")
        assert (answer.status_code, answer.get_json()["quota"]) == (429, "cpu-seconds"), path
        assert 86_000 < int(answer.headers["Retry-After"]) <= 86_400
    assert guarded.get("/v1/formats", headers=sent).status_code == 200


def queued(client: FlaskClient, sent: dict[str, str], count: int, **headers: str) -> TestResponse:
    files = [(io.BytesIO(f"# {number}".encode()), f"{number}.md") for number in range(count)]
    return client.post("/v1/jobs", data={"file": files, "to": "docx"}, headers={**sent, **headers})


def test_items_that_have_not_ended(guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = of(guarded.application).jobs
    monkeypatch.setattr(jobs.queue, "claim", lambda *_, **__: None)  # nothing begins
    key, sent = made(guarded, queued=3)
    found = [queued(guarded, sent, count) for count in (2, 2, 1, 1)]
    assert [answer.status_code for answer in found] == [202, 429, 202, 429]
    assert [answer.headers["RateLimit"] for answer in found] == [f'"queued";r={left}' for left in (1, 1, 0, 0)]
    assert {answer.headers["RateLimit-Policy"] for answer in found} == {'"queued";q=3;qu="items"'}
    for answer in (found[1], found[3]):
        problem = answer.get_json()
        assert (problem["code"], problem["quota"], problem["limit"], problem["retryable"]) == (
            "quota-exceeded",
            "queued",
            3,
            True,
        )
        assert int(answer.headers["Retry-After"]) == problem["retry_after"] > 0
    assert found[1].get_json()["errors"] == [{"pointer": "/file", "detail": "2 items, and the key has room for 1."}]
    later = convert(guarded, sent | {"Prefer": "respond-async"}, to="docx")
    assert (later.status_code, later.get_json()["quota"]) == (429, "queued")
    assert len(jobs.page(key.id)[0]) == 2


def test_what_was_accepted_is_accepted_though_the_rest_can_not_be_reported(
    guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Key) -> None:
        raise StorageUnavailable

    jobs = of(guarded.application).jobs
    monkeypatch.setattr(jobs.queue, "claim", lambda *_, **__: None)
    monkeypatch.setattr(jobs.quotas, "queued", away)
    _, sent = made(guarded, queued=1)
    answer = queued(guarded, sent, 1, **{"Idempotency-Key": "one"})
    assert (answer.status_code, "RateLimit" in answer.headers) == (202, False)


def test_a_full_share_is_reported_before_the_body_is_read(guarded: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of(guarded.application).jobs.queue, "claim", lambda *_, **__: None)
    _, sent = made(guarded, queued=1)
    named = {"Idempotency-Key": "one"}
    first, again = queued(guarded, sent, 1, **named), queued(guarded, sent, 1, **named)
    assert (first.status_code, again.status_code) == (202, 200), "with a key, the job may be there already"
    body = io.BytesIO(b"x" * 1_000)
    kind = "multipart/form-data; boundary=x"
    refused = guarded.post("/v1/jobs", input_stream=body, content_length=1_000, content_type=kind, headers=sent)
    assert (refused.status_code, refused.get_json()["quota"], body.tell()) == (429, "queued", 0)


def test_items_of_jobs_count(guarded: FlaskClient) -> None:
    key, sent = made(guarded, cpu_seconds=1000, conversions=1)
    files = [(io.BytesIO(f"# {number}\n\n{ARTICLE}".encode()), f"{number}.md") for number in range(3)]
    created = guarded.post("/v1/jobs", data={"file": files, "to": "docx"}, headers=sent)
    assert created.status_code == 202
    job = guarded.get(f"{created.headers['Location']}?wait=60", headers=sent).get_json()
    assert (job["state"], job["counts"]["succeeded"]) == ("succeeded", 3)
    times = sorted((item["started_at"], item["ended_at"]) for item in job["items"])
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(times)), "one at a time"
    standings = {each.quota: each for each in of(guarded.application).jobs.quotas.standings(key)}
    assert standings["conversions"].left == 1
    assert 950 < standings["cpu-seconds"].left < 1000
