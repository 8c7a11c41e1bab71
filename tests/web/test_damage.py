"""Stored files that a disk has damaged: what was requested is refused with a problem, never delivered as if it were whole."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of
from tests.web.test_jobs import ended, post
from tests.web.test_problems import check

pytestmark = pytest.mark.logs("damage is an error in the log, for the operator")
ARTICLE = "---\ntitle: The ferry\nlang: en\n---\n\nIt leaves at seven.\n\nThe last sentence is at the end.\n"
LAST = b"The last sentence"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path), workers=1, cache=0))
    yield app.test_client()
    of(app).stop()


def made(client: FlaskClient, **fields: str) -> dict[str, Any]:
    return ended(client, post(client, [("file", ("ferry.md", ARTICLE))], to="html", **fields))


def blob(folder: Path, key: str) -> Path:
    return folder / "blobs" / key[:2] / key


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def artifact(client: FlaskClient, job: dict[str, Any], **headers: str) -> TestResponse:
    return client.get(job["artifacts"][0]["url"], headers=headers)


def test_a_cut_source_is_written_again_by_the_next_upload(own: FlaskClient, tmp_path: Path) -> None:
    made(own)
    source = blob(tmp_path, hashlib.sha256(ARTICLE.encode()).hexdigest())
    source.write_bytes(source.read_bytes()[:8])
    job = made(own)
    assert job["state"] == "succeeded"
    assert LAST in artifact(own, job).data


def test_a_source_that_is_damaged_while_it_waits_fails_its_item(own: FlaskClient, tmp_path: Path) -> None:
    own.application.extensions["colophon"].backend.stop(0)  # type: ignore[attr-defined]
    created = post(own, [("file", ("ferry.md", ARTICLE))], to="html")
    flip(blob(tmp_path, hashlib.sha256(ARTICLE.encode()).hexdigest()))
    of(own.application).stop()
    app = create_app(Settings(data_dir=str(tmp_path), workers=1, cache=0))
    try:
        of(app).backend  # noqa: B018 (it starts)
        job = ended(app.test_client(), created)
    finally:
        of(app).stop()
    (item,) = job["items"]
    assert (job["state"], item["problem"]["code"], item["artifacts"]) == ("failed", "damaged", [])
    assert item["attempts"] == 1


def test_a_damaged_artifact_is_a_problem_in_every_way_to_get_it(own: FlaskClient, tmp_path: Path) -> None:
    job = made(own)
    assert artifact(own, job).status_code == 200
    flip(blob(tmp_path, job["artifacts"][0]["sha256"]))
    url = job["artifacts"][0]["url"]
    check(artifact(own, job), 410, "damaged")
    check(artifact(own, job, Range="bytes=0-9"), 410, "damaged")
    check(own.get(url + "/preview"), 410, "damaged")
    check(own.get(url + "?redirect=true"), 410, "damaged")
    assert not artifact(own, job).headers.get("ETag")
    with zipfile.ZipFile(io.BytesIO(own.get(f"/v1/jobs/{job['id']}/archive").data)) as archive:
        assert archive.namelist() == ["report.jsonl", "manifest.json"]
        assert b'"missing": true' in archive.read("manifest.json")


def test_making_it_again_heals_it(own: FlaskClient, tmp_path: Path) -> None:
    job = made(own)
    flip(blob(tmp_path, job["artifacts"][0]["sha256"]))
    again = made(own)
    if again["artifacts"][0]["sha256"] == job["artifacts"][0]["sha256"]:
        assert artifact(own, job).status_code == 200
    assert artifact(own, again).status_code == 200


@pytest.mark.parametrize("damage", ["database-damaged", "database-newer"])
def test_a_database_that_can_not_be_used_is_named(tmp_path: Path, damage: str) -> None:
    database = tmp_path / "colophon.db"
    if damage == "database-damaged":
        database.write_bytes(b"no database " * 1_000)
    else:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            connection.execute("INSERT INTO alembic_version VALUES ('9001')")
            connection.commit()
    app = create_app(Settings(data_dir=str(tmp_path), workers=1))
    client = app.test_client()
    try:
        assert of(app).workers.wait_until_ready()
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.get_json()["checks"]["database"] == damage
        files = [("file", ("ferry.md", ARTICLE))]
        for answer in (client.get("/v1/jobs"), post(client, files, to="html")):
            assert check(answer, 503, damage)["retryable"]
            assert int(answer.headers["Retry-After"]) > 0
        assert post(client, files, "/v1/convert", to="html").status_code == 200
        assert client.get("/healthz").status_code == client.get("/metrics").status_code == 200
    finally:
        of(app).stop()
