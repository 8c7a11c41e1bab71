"""The data of one key does not exist for another: not the job, nor its parts, nor a trace of it in a cache."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from service.jobs.keys.records import Limits
from service.jobs.purge import purge
from service.jobs.tables import links
from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of
from tests.web.conftest import ARTICLE

Header = dict[str, str]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("tenants")), workers=1, keys="required"))
    yield app.test_client()
    of(app).stop()


@pytest.fixture(scope="module")
def two(guarded: FlaskClient) -> tuple[Header, Header]:
    keys = of(guarded.application).keys
    one, other = ({"X-API-Key": keys.create(name, ("convert", "jobs"), Limits())[1]} for name in ("one", "other"))
    return one, other


@pytest.fixture(scope="module")
def job(guarded: FlaskClient, two: tuple[Header, Header]) -> dict[str, Any]:
    """Ended, of the first key."""
    created = guarded.post("/v1/jobs", data=upload(), headers=two[0])
    found: dict[str, Any] = guarded.get(f"{created.headers['Location']}?wait=60", headers=two[0]).get_json()
    assert found["state"] == "succeeded"
    return found


def upload(to: str = "docx") -> dict[str, Any]:
    return {"file": (io.BytesIO(ARTICLE.encode()), "a.md"), "to": to}


def addresses(client: FlaskClient, job: dict[str, Any]) -> list[tuple[str, str]]:
    """Every route on which a job can be named."""
    ids = {"job_id": job["id"], "item_id": job["items"][0]["id"], "artifact_id": job["artifacts"][0]["id"]}
    found = []
    for rule in client.application.url_map.iter_rules():
        if "<job_id>" in rule.rule:
            path = rule.rule
            for name, value in ids.items():
                path = path.replace(f"<{name}>", value)
            found += [(method, path) for method in sorted((rule.methods or set()) - {"OPTIONS"})]
    return sorted(found, key=lambda each: (each[0] == "DELETE", each))


def test_anothers_job_is_not_there(guarded: FlaskClient, two: tuple[Header, Header], job: dict[str, Any]) -> None:
    asked = addresses(guarded, job)
    assert len({path for _, path in asked}) >= 7
    for method, path in asked:
        answer = guarded.open(path, method=method, headers=two[1])
        assert answer.status_code == 404, (method, path)
        if method != "HEAD":
            assert answer.get_json()["detail"] == "The job does not exist."
    for method, path in asked:
        if method not in ("DELETE", "HEAD"):
            with guarded.open(path, method=method, headers=two[0]) as answer:
                assert answer.status_code in (200, 204), (method, path)
                assert answer.data or answer.status_code == 204


def test_an_admin_finds_it_on_every_route(guarded: FlaskClient, job: dict[str, Any]) -> None:
    sent = {"X-API-Key": of(guarded.application).keys.create("admin", ("admin",), Limits())[1]}
    for method, path in addresses(guarded, job):
        if method not in ("DELETE", "HEAD"):
            with guarded.open(path, method=method, headers=sent) as answer:
                assert answer.status_code in (200, 204), (method, path)


def test_lists_hold_ones_own(guarded: FlaskClient, two: tuple[Header, Header], job: dict[str, Any]) -> None:
    mine, others = ([each["id"] for each in guarded.get("/v1/jobs", headers=key).get_json()["jobs"]] for key in two)
    assert job["id"] in mine
    assert job["id"] not in others


def test_idempotency_keys_are_each_tenants_own(guarded: FlaskClient, two: tuple[Header, Header]) -> None:
    sent = [guarded.post("/v1/jobs", data=upload(), headers=key | {"Idempotency-Key": "1"}) for key in (*two, two[0])]
    assert [answer.status_code for answer in sent] == [202, 202, 200]
    first, second, again = (answer.get_json()["id"] for answer in sent)
    assert first == again != second


def test_a_link_of_a_report_is_for_whom_it_was_made(guarded: FlaskClient, two: tuple[Header, Header]) -> None:
    report = guarded.post("/v1/convert", data=upload("epub"), headers=two[0] | {"Accept": "application/json"}).get_json()
    url = report["artifact"]["url"]
    assert guarded.get(url, headers=two[0]).data[:2] == b"PK"
    assert guarded.get(url, headers=two[1]).status_code == 404
    assert guarded.get(url).status_code == 401
    again = guarded.post("/v1/convert", data=upload("epub"), headers=two[1] | {"Accept": "application/json"}).get_json()
    assert again["artifact"]["url"] == url
    assert guarded.get(url, headers=two[1]).data[:2] == b"PK"


def test_a_link_goes_when_its_artifact_does(guarded: FlaskClient, two: tuple[Header, Header]) -> None:
    report = guarded.post("/v1/convert", data=upload("html"), headers=two[0] | {"Accept": "application/json"}).get_json()
    jobs = of(guarded.application).jobs
    with jobs.database.writing() as connection:
        connection.execute(update(links).values(at=0))
    purge(jobs)
    assert guarded.get(report["artifact"]["url"], headers=two[0]).status_code == 404


def test_no_cache_reports_what_another_converted(guarded: FlaskClient, two: tuple[Header, Header]) -> None:
    reported = [guarded.post("/v1/convert", data=upload("markdown"), headers=key).headers["Cache-Status"] for key in (*two, *two)]
    assert reported[:2] == ["colophon; fwd=miss"] * 2
