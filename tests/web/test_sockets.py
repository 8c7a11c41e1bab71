"""The answers while a database or an object store fails behind its socket: a 503 with Retry-After, reported by
/readyz; and the service recovers afterwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from flask.testing import FlaskClient
from moto.server import ThreadedMotoServer

from service.jobs import postgresql
from service.jobs.keys.records import SCOPES, Limits
from service.model.settings import Settings
from service.storage import s3
from service.web import readiness
from service.web.application import create_app
from service.web.services import of
from tests import backing
from tests.broken_proxy import FAULTS, BrokenProxy, broken_proxy
from tests.faults import COUNTS
from tests.waiting import wait_for
from tests.web.test_jobs import post

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    # urllib3 leaves a socket that broke within an answer to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.logs("what cannot be reached is a warning in the log"),
]
FILES = [("file", ("ferry.md", "---\ntitle: The ferry\nlang: en\n---\n\nIt leaves at seven.\n"))]


@dataclass
class Site:
    client: FlaskClient
    database: BrokenProxy
    storage: BrokenProxy
    key: dict[str, str]

    def ask(self, method: str, path: str, **named: Any) -> Any:
        return self.client.open(path, method=method, headers=self.key, **named)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if backing.program("initdb") is None:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    with (
        pytest.MonkeyPatch.context() as patch, backing.postgresql() as server,
        broken_proxy(server.port) as database, broken_proxy(int(port)) as storage,
    ):  # fmt: skip
        for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}.items():
            patch.setenv(f"AWS_{name}", value)
        for room, name, value in (
            (s3, "SILENCE", 3), (s3, "CHECK_SILENCE", 3), (postgresql, "SILENCE", 3.0), (postgresql, "CONNECT", 4),
            (readiness, "PATIENCE", 60),
        ):  # fmt: skip
            patch.setattr(room, name, value)
        bucket = f"bucket-{os.urandom(4).hex()}"
        boto3.client("s3", endpoint_url=f"http://{host}:{port}").create_bucket(Bucket=bucket)
        url = server.url.replace(str(server.port), str(database.port)) + "/postgres"
        settings = Settings(
            data_dir=str(tmp_path_factory.mktemp("site")), workers=1, purge_minutes=0, keys="required", store="s3",
            s3_bucket=bucket, s3_endpoint=f"http://127.0.0.1:{storage.port}", database_url=url,
        )  # fmt: skip
        app = create_app(settings)
        secret = of(app).keys.create("tests", SCOPES, Limits(requests=10_000, conversions=4))[1]
        _ = of(app).backend, of(app).workers
        yield Site(app.test_client(), database, storage, {"X-API-Key": secret})
        database.fault = storage.fault = ""
        of(app).stop()
    moto.stop()


def job(site: Site) -> Any:
    return post(site.client, FILES, headers=site.key, to="html")


def states(site: Site) -> dict[str, str]:
    return dict(site.ask("GET", "/readyz").get_json()["checks"])


def whole(site: Site) -> dict[str, Any]:
    """A job from its acceptance to its artifact."""
    location = wait_for(lambda: job(site).headers.get("Location"))
    wait_for(lambda: site.ask("GET", location).get_json()["ended_at"])
    made: dict[str, Any] = site.ask("GET", location).get_json()
    assert made["state"] == "succeeded", made
    assert b"It leaves at seven" in site.ask("GET", made["artifacts"][0]["url"]).data
    return made


def refused(answer: Any) -> None:
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json"), answer.data
    assert answer.get_json()["code"] == "storage-unavailable"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.get_json()["retryable"] is True


@pytest.mark.parametrize("fault", FAULTS)
def test_an_object_store_that_fails(site: Site, fault: str) -> None:
    made = whole(site)
    site.storage.fault = fault
    refused(job(site))
    refused(site.ask("GET", made["artifacts"][0]["url"]))
    refused(site.ask("GET", made["archive_url"]))
    assert post(site.client, FILES, "/v1/convert", headers=site.key, to="html").status_code == 200  # needs no store
    assert site.ask("GET", "/v1/jobs").status_code == 200
    found = states(site)
    assert found["storage"] in ("storage-unavailable", readiness.SILENT) and found["database"] == "ok"
    assert site.ask("GET", "/readyz").status_code == 503 and site.ask("GET", "/healthz").status_code == 200
    COUNTS[f"service, S3 socket {fault}"] += 5
    site.storage.fault = ""
    wait_for(lambda: states(site)["storage"] == "ok")
    whole(site)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_database_that_fails(site: Site, fault: str) -> None:
    """Keys and limits are in it, so nothing but pages and probes is answered: a caller is never let in unchecked."""
    whole(site)
    site.database.fault = fault
    refused(job(site))
    refused(post(site.client, FILES, "/v1/convert", headers=site.key, to="html"))
    refused(site.ask("GET", "/v1/jobs"))
    found = states(site)
    assert found["database"] in ("storage-unavailable", readiness.SILENT) and found["storage"] == "ok"
    assert site.ask("GET", "/readyz").status_code == 503 and site.ask("GET", "/healthz").status_code == 200
    COUNTS[f"service, PostgreSQL socket {fault}"] += 4
    site.database.fault = ""
    wait_for(lambda: states(site)["database"] == "ok")
    whole(site)


def test_a_check_that_hangs_is_named_and_not_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0.2)
    release, started = threading.Event(), list[bool]()

    def hangs() -> None:
        started.append(True)
        release.wait()

    checks = readiness.Readiness({"disk": hangs, "database": lambda: None})
    assert [checks.states() for _ in range(3)] == [{"disk": "no-answer", "database": "ok"}] * 3
    assert len(started) == 1
    release.set()
    monkeypatch.setattr(readiness, "PATIENCE", 60)
    assert checks.states() == {"disk": "ok", "database": "ok"}
    checks.stop()
