"""The answers while the disk or the database fails: a clear problem, and the service recovers afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of
from tests.faults import BROKEN, DATABASE_FAULTS, FULL, in_turn, of_database, of_files
from tests.web.test_jobs import post

FILES = [("file", ("ferry.md", "---\ntitle: The ferry\nlang: en\n---\n\nIt leaves at seven.\n"))]
ERRORS = pytest.mark.parametrize("error", [FULL, BROKEN], ids=["full", "broken"])


@pytest.fixture
def own(tmp_path: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path), workers=1, purge_minutes=0))
    of(app).backend.stop(0)  # only the request itself is to meet the faults
    client = app.test_client()
    assert post(client, FILES, "/v1/convert", to="html").status_code == 200
    yield client
    of(app).stop()


def stored(client: FlaskClient) -> int:
    return len(client.get("/v1/jobs?limit=100").get_json()["jobs"])


@ERRORS
def test_a_disk_that_fails_at_any_moment_is_507_or_503(own: FlaskClient, error: OSError) -> None:
    statuses = set()
    for faults in in_turn(error):
        text = f"# Number {faults.at}\n"
        before = stored(own)
        with of_files(faults):
            answer = post(own, [("file", ("a.md", text))], to="html")
        statuses.add(answer.status_code)
        if answer.status_code != 202:
            assert answer.content_type == "application/problem+json"
            assert answer.get_json()["code"] in ("storage-full", "storage-unavailable")
            assert stored(own) == before
    assert 202 in statuses and statuses & {503, 507} and statuses <= {202, 503, 507}


@pytest.mark.parametrize("fault", DATABASE_FAULTS)
def test_a_database_that_fails_at_any_moment_is_507_or_503(own: FlaskClient, fault: str) -> None:
    engine = of(own.application).jobs.database.engine
    statuses = set()
    for faults in in_turn(DATABASE_FAULTS[fault]("sqlite")):
        before, headers = stored(own), {"Idempotency-Key": f"number-{faults.at}"}
        with of_database(engine, faults):
            answer = post(own, FILES, headers=headers, to="html")
            listed = own.get("/v1/jobs")
        statuses |= {answer.status_code, listed.status_code}
        again = post(own, FILES, headers=headers, to="html")
        assert again.status_code in (200, 202), (faults.heard, again.get_json())  # 200: it had been accepted
        assert stored(own) == before + 1
    assert statuses & {503, 507} and statuses <= {200, 202, 503, 507}


@ERRORS
def test_a_conversion_needs_no_disk(own: FlaskClient, error: OSError) -> None:
    for faults in in_turn(error):
        with of_files(faults):
            answer = post(own, [("file", ("a.md", f"# Number {faults.at}\n"))], "/v1/convert", to="html")
        assert answer.status_code == 200
        if not faults.struck:
            break
