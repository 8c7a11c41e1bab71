"""Accepted means done: after every kill each item ends once, with one artifact, and nothing is left behind.

`COLOPHON_CHAOS_ITEMS=300` runs every pair of backend and database with that number of items, and prints its duration.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.jobs.purge import purge
from service.jobs.records import Job
from service.jobs.store import JobStore
from service.jobs.tables import holds, items
from service.model.settings import Settings
from tests.backing import Running, program, redis_server
from tests.jobs.chaos import Site, become_reaper_of_orphans, descendants, site, until
from tests.jobs.conftest import new_database

ITEMS = int(os.environ.get("COLOPHON_CHAOS_ITEMS", "0"))
PAIRS = [("local", "sqlite"), ("local", "postgresql"), ("celery", "sqlite"), ("celery", "postgresql")]
SMALL = [("local", "sqlite"), ("celery", "postgresql")]  # in the everyday run
JOBS = 4
LONGEST = 600 if ITEMS else 150  # seconds
MOST_KILLS = 300 if ITEMS else 12

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def layout(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Settings, Running | None]]:
    backend, database = request.param
    url = new_database(request.getfixturevalue("postgresql_server")) if database == "postgresql" else ""
    # Far more is killed here than an item's three attempts allow for; that they end is tested in test_queue.
    common = {"data_dir": str(tmp_path), "database_url": url, "lease": 3.0, "attempts": 100, "workers": 2, "backend": backend}
    if backend == "local":
        yield Settings(**common, cache=0), None
        return
    if program("redis-server") is None:
        pytest.skip("Redis is not installed (Debian package redis-server)")
    with redis_server() as redis:
        yield Settings(**common, cache=0, broker_url=redis.url), redis


def check_books(store: JobStore, jobs: list[Job]) -> Counter[int]:
    """Each item ended once and well, with one artifact that is there; the attempts that they took."""
    attempts: Counter[int] = Counter()
    for job in jobs:
        found = store.items(job.id, None, 10_000)[0]
        assert [item.state for item in found] == ["succeeded"] * job.total
        assert [len(item.artifacts) for item in found] == [1] * job.total
        assert all(store.blobs.get(item.artifacts[0].sha256).startswith(b"PK") for item in found)
        attempts.update(item.attempts for item in found)
        reported = Counter(event.kind for event in store.events(job.id, limit=100_000))
        assert (reported["item.succeeded"], reported["job.succeeded"], reported["item.failed"]) == (job.total, 1, 0)
        assert [event.id for event in store.events(job.id, limit=100_000)] == list(range(1, reported.total() + 1))
        counted = store.get(job.id).counts
        with store.database.reading() as connection:
            rows = connection.execute(select(items.c.state, func.count()).where(items.c.job_id == job.id).group_by(items.c.state))
            assert {state: count for state, count in counted.items() if count} == dict(tuple(row) for row in rows)
    return attempts


def check_store(store: JobStore) -> int:
    """The number of blobs without an owner; after a sweep it is 0, and every owned blob is there."""
    with store.database.reading() as connection:
        needed = set(connection.execute(select(holds.c.key)).scalars())
    there = set(store.blobs.keys(-10))
    assert needed <= there
    purge(store, orphans_after=-10)
    assert set(store.blobs.keys(-10)) == needed
    assert not [path for path in (Path(store.settings.data_dir) / "blobs").rglob("*") if path.is_file() and "new" in path.name]
    return len(there - needed)


@pytest.mark.parametrize("layout", PAIRS if ITEMS else SMALL, ids="-".join, indirect=True)
def test_accepted_means_done(layout: tuple[Settings, Running | None], capsys: pytest.CaptureFixture[str]) -> None:
    become_reaper_of_orphans()
    before = descendants(os.getpid())
    settings, redis = layout
    with site(settings, redis, seed=6) as running:
        started = time.monotonic()
        jobs = running.accept(JOBS, (ITEMS or 32) // JOBS)
        while not running.ended(jobs) and running.kills.total() < MOST_KILLS and time.monotonic() - started < LONGEST:
            time.sleep(running.chance.uniform(0.3, 1.0))
            running.kill_one()
        storm = time.monotonic() - started
        assert until(lambda: running.ended(jobs), LONGEST), running.logs()
        seconds = time.monotonic() - started
        attempts = check_books(running.store, jobs)
        orphans = check_store(running.store)
        assert running.stop() == [0, 0]
    left: dict[int, str] = {}
    assert until(lambda: not left_over(before, left), 15), left
    if ITEMS:
        with capsys.disabled():
            print(f"\n{settings.backend}, {settings.database_url[:10] or 'sqlite'}: {ITEMS} items in {seconds:.0f} s")
            print(f"  {running.kills.total()} kills in {storm:.0f} s: {dict(running.kills)}")
            print(f"  attempts {dict(sorted(attempts.items()))}, {orphans} orphaned blobs, {running.store.totals()}")
            running.store.close()


def left_over(before: dict[int, str], left: dict[int, str]) -> dict[int, str]:
    """Processes of the site that still live, by what the kernel says is below us."""
    left.clear()
    engines = ("service.workers.main", "pandoc", "colophon serve", "colophon worker")
    left |= {
        pid: line for pid, line in descendants(os.getpid()).items() if pid not in before and any(text in line for text in engines)
    }
    return left


def celery_site(tmp_path: Path, redis: Running) -> Settings:
    return Settings(data_dir=str(tmp_path), backend="celery", broker_url=redis.url, lease=3.0, workers=2, cache=0)


@pytest.fixture
def redis(redis_installed: None) -> Iterator[Running]:
    with redis_server() as running:
        yield running


def test_a_broker_that_forgets_everything_loses_nothing(tmp_path: Path, redis: Running) -> None:
    with site(celery_site(tmp_path, redis), redis, seed=1) as running:
        warm_up(running)
        jobs = running.accept(2, 60)
        assert until(lambda: running.store.depth().running > 0, 30), running.logs()
        subprocess.run(["redis-cli", "-p", str(redis.port), "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)
        assert until(lambda: running.ended(jobs), 120), running.logs()
        assert check_books(running.store, jobs) == {1: 120}


def test_a_broker_that_was_killed_is_found_again(tmp_path: Path, redis: Running) -> None:
    with site(celery_site(tmp_path, redis), redis, seed=1) as running:
        warm_up(running)
        jobs = running.accept(1, 60)
        assert until(lambda: running.store.depth().running > 0, 30), running.logs()
        redis.end(signal.SIGKILL)
        time.sleep(1)
        redis.start()
        assert until(lambda: running.ended(jobs), 120), running.logs()
        check_books(running.store, jobs)


def test_sigterm_drains_celery_workers(tmp_path: Path, redis: Running) -> None:
    with site(celery_site(tmp_path, redis), redis, seed=1) as running:
        warm_up(running)
        (job,) = running.accept(1, 80)
        assert until(lambda: running.store.get(job.id).counts["succeeded"] > 2, 60), running.logs()
        assert running.stop() == [0, 0]
        assert states(running.store, job) <= {("succeeded", 1), ("queued", 0)}


def test_sigterm_drains_the_service(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path), workers=2, cache=0, lease=3.0)
    with site(settings, None, seed=1) as running:
        warm_up(running)
        (job,) = running.accept(1, 100)
        assert until(lambda: running.store.get(job.id).counts["succeeded"] > 2, 60), running.logs()
        assert running.stop() == [0, 0]
        assert states(running.store, job) == {("succeeded", 1), ("queued", 0)}
        for part in running.parts.values():
            part.start()
        assert until(lambda: running.ended([job]), 60), running.logs()
        assert running.store.totals()["items_succeeded"] == 102


def warm_up(running: Site) -> None:
    """Until everything runs."""
    jobs = running.accept(1, 2)
    assert until(lambda: running.ended(jobs), 60), running.logs()


def states(store: JobStore, job: Job) -> set[tuple[str, int]]:
    return {(item.state, item.attempts) for item in store.items(job.id, None, 1000)[0]}
