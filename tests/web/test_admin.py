"""A key of scope `admin` sees the jobs of all, ends and erases them, with a log record; others still find nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.jobs.keys.records import Key, Limits
from service.jobs.records import Job
from service.jobs.store import JobStore
from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of
from tests.jobs.conftest import create_in, database_url, postgresql_server

__all__ = ["database_url", "postgresql_server"]
Header = dict[str, str]


@pytest.fixture
def guarded(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """Nothing is converted in it."""
    app = create_app(Settings(data_dir=str(tmp_path), database_url=database_url, workers=1, keys="required"))
    monkeypatch.setattr(of(app).jobs.queue, "claim", lambda *_, **__: None)
    yield app.test_client()
    of(app).stop(0)


def made(client: FlaskClient, *scopes: str) -> tuple[Key, Header]:
    key, text = of(client.application).keys.create("test", scopes, Limits())
    return key, {"X-API-Key": text}


def jobs_of(client: FlaskClient) -> JobStore:
    return of(client.application).jobs


@pytest.fixture
def owners(guarded: FlaskClient) -> list[tuple[Key, Header, Job]]:
    """Two keys, each with a job."""
    keys = [made(guarded, "jobs") for _ in range(2)]
    return [(key, sent, create_in(jobs_of(guarded), 2, tenant=key.id)) for key, sent in keys]


@pytest.fixture
def admin(guarded: FlaskClient) -> Header:
    return made(guarded, "admin")[1]


def listed(client: FlaskClient, sent: Header, query: str = "") -> list[tuple[str, str]]:
    return [(each["id"], each["owner"]) for each in client.get(f"/v1/jobs{query}", headers=sent).get_json()["jobs"]]


def test_the_list(guarded: FlaskClient, owners: list[tuple[Key, Header, Job]], admin: Header) -> None:
    no_ones = create_in(jobs_of(guarded), 1)
    (one, own, first), (other, _, second) = owners
    assert listed(guarded, admin) == [(no_ones.id, ""), (second.id, other.id), (first.id, one.id)]
    assert listed(guarded, admin, f"?owner={other.id}") == [(second.id, other.id)]
    assert listed(guarded, admin, "?owner=") == [(no_ones.id, "")]
    assert listed(guarded, admin, "?owner=ffffffffffff&state=queued") == []
    page = guarded.get("/v1/jobs?limit=2", headers=admin).get_json()
    assert listed(guarded, admin, f"?cursor={page['next']}") == [(first.id, one.id)]
    assert listed(guarded, own) == listed(guarded, own, f"?owner={one.id}") == [(first.id, one.id)]
    assert listed(guarded, own, f"?owner={other.id}") == listed(guarded, own, "?owner=") == []


@pytest.mark.parametrize("owner", ["%00", "nobody", "0123456789AB", "0" * 13])
def test_what_is_no_id_of_a_key(guarded: FlaskClient, admin: Header, owner: str) -> None:
    answer = guarded.get(f"/v1/jobs?owner={owner}", headers=admin)
    assert (answer.status_code, answer.get_json()["errors"]) == (
        422,
        [{"pointer": "/owner", "detail": "Must be the id of a key, or empty."}],
    )


def test_one_job_and_what_hangs_on_it(guarded: FlaskClient, owners: list[tuple[Key, Header, Job]], admin: Header) -> None:
    (one, own, job), (_, stranger, _) = owners
    found = guarded.get(f"/v1/jobs/{job.id}", headers=admin).get_json()
    assert (found["id"], found["owner"], found["state"]) == (job.id, one.id, "queued")
    item = found["items"][0]["id"]
    for path in (f"/v1/jobs/{job.id}/items", f"/v1/jobs/{job.id}/items/{item}"):
        answers = [guarded.get(path, headers=sent).status_code for sent in (admin, own, stranger)]
        assert answers == [200, 200, 404]
    assert guarded.get(f"/v1/jobs/{job.id}/archive", headers=admin).get_json()["code"] == "job-not-finished"
    assert guarded.post(f"/v1/jobs/{job.id}/cancel", headers=stranger).status_code == 404
    assert guarded.post(f"/v1/jobs/{job.id}/cancel", headers=admin).get_json()["state"] == "cancelled"
    events = guarded.get(f"/v1/jobs/{job.id}/events", headers=admin).get_data(as_text=True)
    assert "event: job.cancelled" in events
    assert guarded.delete(f"/v1/jobs/{job.id}", headers=stranger).status_code == 404
    assert guarded.delete(f"/v1/jobs/{job.id}", headers=admin).status_code == 204
    assert guarded.get(f"/v1/jobs/{job.id}", headers=own).status_code == 404


def test_the_log_reports_what_an_admin_does(
    guarded: FlaskClient, owners: list[tuple[Key, Header, Job]], admin: Header, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "colophon.audit")
    (one, own, job), (other, _, second) = owners
    guarded.get("/v1/jobs", headers=own)
    guarded.get(f"/v1/jobs/{job.id}", headers=own)
    assert not reported(caplog)
    guarded.get("/v1/jobs", headers=admin)
    guarded.get(f"/v1/jobs/{job.id}?wait=0.2", headers=admin)
    guarded.post(f"/v1/jobs/{job.id}/cancel", headers=admin)
    guarded.delete(f"/v1/jobs/{second.id}", headers=admin)
    assert reported(caplog) == [
        ("GET", "/v1/jobs", sorted([one.id, other.id]), [second.id, job.id]),
        ("GET", "/v1/jobs/<job_id>", [one.id], [job.id]),
        ("POST", "/v1/jobs/<job_id>/cancel", [one.id], [job.id]),
        ("DELETE", "/v1/jobs/<job_id>", [other.id], [second.id]),
    ]


def reported(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, list[str], list[str]]]:
    found = [record.__dict__ for record in caplog.records if record.name == "colophon.audit"]
    return [(each["method"], each["route"], each["owners"], each["jobs"]) for each in found]


def test_an_admins_own_jobs_are_no_news(guarded: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "colophon.audit")
    key, sent = made(guarded, "jobs", "admin")
    job = create_in(jobs_of(guarded), 1, tenant=key.id)
    assert listed(guarded, sent) == [(job.id, key.id)]
    assert guarded.delete(f"/v1/jobs/{job.id}", headers=sent).status_code == 204
    assert not reported(caplog)
