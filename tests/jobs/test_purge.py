"""Expired data is removed, with everything that only it needs, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from service.jobs import reaper
from service.jobs.purge import purge, verify
from service.jobs.store import JobStore
from service.jobs.tables import clock, events, holds, items, jobs
from service.model.errors import Gone, NotFound
from service.model.settings import Settings
from service.storage import open_store
from tests.jobs.conftest import Create, new_job
from tests.jobs.slow import backend_of
from tests.jobs.test_runner import run
from tests.servers import COLOPHON
from tests.waiting import wait_for


def expire(store: JobStore, job_id: str, days: float = 0) -> None:
    with store.database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(expires_at=clock() - 1 - days * 86_400))


def keys(store: JobStore) -> set[str]:
    return set(store.blobs.keys(-10))


def test_an_ended_job_has_its_day(store: JobStore, create: Create) -> None:
    job = create(1)
    assert store.get(job.id).expires_at is None
    run(store)
    expires = store.get(job.id).expires_at
    ended = store.get(job.id).ended_at
    assert expires is not None and ended is not None
    assert round((expires - ended).total_seconds()) == 24 * 3600
    assert not purge(store).total()
    assert len(list(store.artifacts(job.id))) == 1


def test_an_expired_job_leaves_a_tombstone_only(store: JobStore, create: Create) -> None:
    job, other = create(2, name="secret", webhook_url="https://a.example/", webhook_secrets=["s"]), create(1)
    for _ in range(3):
        run(store)
    kept = {store.items(other.id)[0][0].source_key, next(store.artifacts(other.id)).sha256}
    assert len(keys(store)) == 4
    expire(store, job.id)
    assert purge(store) == {"expired": 1, "forgotten": 0, "swept": 0}
    with pytest.raises(Gone):
        store.get(job.id)
    assert keys(store) == kept
    with store.database.reading() as connection:
        for table in (items, events, holds):
            assert connection.execute(select(func.count()).where(table.c.job_id == job.id)).scalar() == 0
        row = connection.execute(select(jobs).where(jobs.c.id == job.id)).mappings().one()
    assert (row["name"], row["webhook_url"], row["webhook_secrets"], row["expired"]) == ("", "", [], 2)
    assert [each.id for each in store.page()[0]] == [other.id]
    assert not purge(store).total()


def test_a_tombstone_is_forgotten(store: JobStore, create: Create) -> None:
    job = create(1)
    run(store)
    expire(store, job.id, days=29)
    purge(store)
    with pytest.raises(Gone):
        store.get(job.id)
    expire(store, job.id, days=31)
    assert purge(store)["forgotten"] == 1
    with pytest.raises(NotFound):
        store.get(job.id)


def test_many_expire_at_once(store: JobStore) -> None:
    made = [store.create(new_job(store, 1, text=str(number)))[0].id for number in range(25)]
    for job_id in made:
        store.cancel(job_id)
        expire(store, job_id)
    assert purge(store)["expired"] == 25
    assert keys(store) == set()


def test_orphans_are_swept_when_they_are_old(store: JobStore, create: Create) -> None:
    job = create(1)
    orphan = store.blobs.put(b"what a killed runner left")
    assert purge(store)["swept"] == 0
    old = time.time() - 25 * 3600
    for key in keys(store):
        os.utime(Path(store.settings.data_dir) / "blobs" / key[:2] / key, (old, old))
    assert purge(store)["swept"] == 1
    assert orphan not in keys(store)
    assert keys(store) == {store.items(job.id)[0][0].source_key}


def test_a_key_that_came_to_nothing_is_forgotten(store: JobStore) -> None:
    store.reserve("", "k")
    purge(store)
    assert store.create(new_job(store, idempotency_key="k", fingerprint="f"))[1]


def test_the_timer_purges(job_settings: Settings, store: JobStore, create: Create, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaper, "TICK", 0.1)
    settings = replace(job_settings, purge_minutes=0.005)
    own = JobStore(settings, store.blobs)
    backend = backend_of(own)
    job = create(1)
    backend.start()
    try:
        wait_for(lambda: store.get(job.id).state == "succeeded")
        expire(store, job.id)
        wait_for(lambda: keys(store) == set())
    finally:
        backend.stop(5)
        own.close()


def test_the_command(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "COLOPHON_DATA_DIR": str(tmp_path)}
    (tmp_path / "blobs" / "aa").mkdir(parents=True)
    (tmp_path / "blobs" / "aa" / ("a" * 64)).write_bytes(b"nobody's")
    done = subprocess.run([COLOPHON, "purge"], env=environ, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == {"expired": 0, "forgotten": 0, "swept": 0}
    done = subprocess.run([COLOPHON, "purge", "--orphans-after", "0"], env=environ, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == {"expired": 0, "forgotten": 0, "swept": 1}


@pytest.mark.logs("damage is an error in the log, for the operator")
def test_verify_finds_what_is_damaged_and_removes_nothing(store: JobStore, create: Create, tmp_path: Path) -> None:
    create(2)
    damaged, whole = sorted(keys(store))
    (tmp_path / "blobs" / damaged[:2] / damaged).write_bytes(b"# Two")
    assert dict(verify(store)) == {damaged: False, whole: True}
    assert keys(store) == {damaged, whole}


def test_the_command_verifies(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path))
    key = open_store(settings).put(b"# One")
    argv, environ = [COLOPHON, "purge", "--verify"], {"PATH": os.environ["PATH"], "COLOPHON_DATA_DIR": str(tmp_path)}
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == {"expired": 0, "forgotten": 0, "swept": 0, "verified": 1, "damaged": 0}
    (tmp_path / "blobs" / key[:2] / key).write_bytes(b"# Onf")
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["damaged"] == 1
    assert f"damaged: {key}" in done.stderr
